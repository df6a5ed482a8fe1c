package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Clock;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL that gives other rows each time is refused, and clocks stand still. */
final class RepeatableTest {
  private static final Clock CLOCK =
      new Clock(Instant.parse("2026-01-31T23:30:00.5Z"), "Europe/Berlin");

  @BeforeAll
  static void view() {
    TestSpark.session()
        .range(20)
        .selectExpr("id", "id % 3 as k")
        .createOrReplaceTempView("numbers");
  }

  private static void open(TableSpec spec) {
    LakeTable.opened(
        TestSpark.session(), spec, TableMeaning.UNKNOWN, false, FeatureColumns.UNKNOWN);
  }

  private static TableSpec sql(String sql) {
    return new TableSpec(new TableSpec.Query(sql), Map.of(), Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from numbers where rand() < 0.5",
        "select *, uuid() as u from numbers",
        "select *, randn(7) as u from numbers",
        "select *, monotonically_increasing_id() as u from numbers",
        "select * from numbers limit 5",
        "select * from (select * from numbers limit 5) where id > 1",
        "select * from numbers offset 3",
        "select * from numbers tablesample (10 percent)",
        "select k, first(id) as f from numbers group by k",
        "select k, any_value(id) as f from numbers group by k",
        "select k, collect_list(id) as f from numbers group by k",
        "select k, array_agg(id) as f from numbers group by k",
        "select k, element_at(collect_set(id), 1) as f from numbers group by k",
        "select k, size(slice(collect_list(id), 1, 2)) as f from numbers group by k",
        "select k, map_from_entries(collect_list(struct(id, k))) as f from numbers group by k",
        "select k, listagg(cast(id as string)) as f from numbers group by k",
        "select *, first_value(id) over (partition by k) as f from numbers",
        "select *, sort_array(array(rand(), 1)) as u from numbers",
        "select *, max(rand()) over (partition by k order by id) as u from numbers",
        "select *, shuffle(array(id, k)) as u from numbers",
        "select *, input_file_name() as u from numbers",
        "select * from numbers where id in (select id from numbers limit 3)",
        "with some as (select * from numbers limit 4) select * from some"
      })
  void whatChangesIsRefused(String sql) {
    String refusal = assertThrows(InvalidInput.class, () -> open(sql(sql))).getMessage();
    assertTrue(refusal.contains("must give the same rows each time that it is read"), refusal);
  }

  /** The refusal names what changes, and what can stand in its place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select k, first(id) as f from numbers group by k|first() without an order",
        "select k, collect_set(id) as f from numbers group by k|collect_set() without an order",
        "select *, 1 + rand() as u from numbers|rand(), which gives another value each time",
        "select * from numbers limit 5|a limit without an order",
      })
  void theRefusalNamesWhatChanges(String sql, String what) {
    String refusal = assertThrows(InvalidInput.class, () -> open(sql(sql))).getMessage();
    assertTrue(refusal.contains("however: " + what + " in \"" + sql + "\" ("), refusal);
    String mends = refusal.substring(refusal.indexOf(sql) + sql.length() + 1);
    Matcher offered = Pattern.compile("\"([^\"]+)\"").matcher(mends);
    assertTrue(offered.find(), mends);
    do {
      String expression = offered.group(1);
      String table = "(select id, k, id as x, id as time from numbers)";
      String query =
          expression.contains("collect") || expression.contains("max_by")
              ? "select k, %s as m from %s group by k"
              : "select *, %s as m from %s";
      assertDoesNotThrow(() -> open(sql(query.formatted(expression, table))), expression);
    } while (offered.find());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from numbers",
        "select * from numbers order by id limit 5",
        "select k, max(id) as m from numbers group by k",
        "select k, max_by(id, id) as m from numbers group by k",
        "select k, sort_array(collect_list(id)) as m from numbers group by k",
        "select k, array_sort(collect_set(struct(id, k))) as m from numbers group by k",
        "select k, transform(sort_array(collect_list(struct(id, k))), s -> s.k) as m"
            + " from numbers group by k",
        "select k, size(collect_set(id)) as m, array_max(collect_list(id)) as n"
            + " from numbers group by k",
        "select k, listagg(cast(id as string)) within group (order by id) as m"
            + " from numbers group by k",
        "select *, first_value(id) over (partition by k order by id) as m,"
            + " collect_list(id) over (partition by k order by id) as n from numbers",
        "select * from (select *, row_number() over (partition by k order by id) as r"
            + " from numbers) where r = 1",
        "select * from numbers where pmod(xxhash64(id), 10) < 3",
        "select * from numbers where id in (select max(id) from numbers)"
      })
  void whatStaysIsRead(String sql) {
    assertDoesNotThrow(() -> open(sql(sql)));
  }

  /** Also a table whose name stands in any sentence. */
  @ParameterizedTest
  @ValueSource(strings = {"numbers", "t"})
  void deriveAndWhereAreNamed(String name) {
    TestSpark.session().table("numbers").createOrReplaceTempView("t");
    TableSpec.Source numbers = new TableSpec.Named(name);
    String derive =
        assertThrows(
                InvalidInput.class,
                () -> open(new TableSpec(numbers, Map.of("u", "rand()"), Optional.empty())))
            .getMessage();
    assertTrue(derive.startsWith("table " + name + ": derive u: it must give"), derive);
    String where =
        assertThrows(
                InvalidInput.class,
                () -> open(new TableSpec(numbers, Map.of(), Optional.of("rand() < 0.5"))))
            .getMessage();
    assertTrue(where.startsWith("table " + name + ": where: it must give"), where);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "current_timestamp()|TIMESTAMP'2026-01-31 23:30:00.500000 UTC'",
        "CURRENT_TIMESTAMP - t|TIMESTAMP'2026-01-31 23:30:00.500000 UTC' - t",
        "now ( )|TIMESTAMP'2026-01-31 23:30:00.500000 UTC'",
        "datediff(current_date, d)|datediff(DATE'2026-02-01', d)",
        "curdate()|DATE'2026-02-01'",
        "localtimestamp()|TIMESTAMP_NTZ'2026-02-01 00:30:00.500000'",
        "unix_timestamp()|1769902200L",
        "unix_timestamp(t)|unix_timestamp(t)",
        "now + 1|now + 1",
        "'current_date' = s|'current_date' = s",
        "`current_date` + t.now|`current_date` + t.now"
      })
  void clocksAreConstants(String sql, String fixed) {
    assertEquals(fixed, CLOCK.fixed(sql));
  }

  @Test
  void theConstantsAreWhatSparkTakesThemFor() {
    TestSpark.session().conf().set("spark.sql.session.timeZone", "Europe/Berlin");
    Object[] row =
        java.util.stream.IntStream.range(0, 3)
            .mapToObj(
                i ->
                    TestSpark.session()
                        .sql(
                            CLOCK.fixed(
                                "select cast(current_timestamp() as double),"
                                    + " unix_date(current_date()), unix_timestamp()"))
                        .first()
                        .get(i))
            .toArray();
    assertEquals(1769902200.5, row[0]);
    assertEquals(20485, row[1]);
    assertEquals(1769902200L, row[2]);
  }
}
