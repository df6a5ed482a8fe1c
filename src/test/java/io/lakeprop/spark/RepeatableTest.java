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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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

  private static Dataset<Row> open(TableSpec spec) {
    return LakeTable.opened(
            TestSpark.session(), spec, TableMeaning.UNKNOWN, false, FeatureColumns.UNKNOWN)
        .rows();
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
        "select * from (select * from numbers order by null) limit 5",
        "select * from numbers sort by id limit 5",
        "select * from numbers cluster by id limit 5",
        "select *, first_value(id) over (partition by k order by k) as f from numbers",
        "select *, first_value(id) over (order by 1 + 1) as f from numbers",
        "select *, row_number() over (partition by k order by k) as r from numbers",
        "select *, row_number() over (order by (select null)) as r from numbers",
        "select *, lag(id) over (partition by k order by k) as l from numbers",
        "select *, ntile(2) over (order by true) as n from numbers",
        "select k, listagg(cast(id as string)) within group (order by 'a') as f"
            + " from numbers group by k",
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
        "select k from numbers order by id limit 5",
        "select k + 1 as m from numbers order by id limit 5 offset 2",
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
        "select *, lead(id) over (partition by k order by k, id desc) as l,"
            + " ntile(2) over (order by id) as n from numbers",
        "select *, sum(id) over (partition by k order by k) as s,"
            + " rank() over (partition by k order by k) as r from numbers",
        // A constant of one table is none of a union, or where nothing was joined.
        "select * from (select *, row_number() over (partition by id order by prio) as r from"
            + " (select 1 as prio, id from numbers union all select 2 as prio, id from numbers))"
            + " where r = 1",
        "select * from (select 'a' as src, id from numbers union all select 'b' as src, id"
            + " from numbers) order by src limit 100",
        "select n.id, first_value(n.id) over (partition by k order by vip nulls last) as f"
            + " from numbers n left join (select id, true as vip from numbers where id < 3) v"
            + " on n.id = v.id",
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
        "`current_date` + t.now|`current_date` + t.now",
        "datediff(date 'today', d)|datediff(DATE'2026-02-01', d)",
        "date'Yesterday' = DATE \"tomorrow UTC\"|DATE'2026-01-31' = DATE'2026-02-02'",
        "timestamp 'now'|TIMESTAMP'2026-01-31 23:30:00.500000 UTC'",
        "timestamp_ltz'today'|TIMESTAMP'2026-01-31 23:00:00.000000 UTC'",
        "timestamp 'today UTC'|TIMESTAMP'2026-01-31 23:00:00.000000 UTC'",
        "timestamp 'today+01:00'|TIMESTAMP'2026-01-31 23:00:00.000000 UTC'",
        "timestamp 'now UTC'|timestamp 'now UTC'",
        "date 'today Nowhere/At_all'|date 'today Nowhere/At_all'",
        "timestamp_ntz 'tomorrow'|TIMESTAMP_NTZ'2026-02-02 00:00:00.000000'",
        "date '2026-01-01', my_date 'today'|date '2026-01-01', my_date 'today'",
        "'date ''today'' '|'date ''today'' '"
      })
  void clocksAreConstants(String sql, String fixed) {
    assertEquals(fixed, CLOCK.fixed(sql, word -> false));
  }

  /** SQL takes a word for a column before it takes it for a clock. */
  @Test
  void aColumnThatIsCalledLikeAClockIsNone() {
    TestSpark.session()
        .sql("select date'2024-01-01' + cast(id as int) as current_date, id from range(10)")
        .createOrReplaceTempView("exported");
    TableSpec.Source table = new TableSpec.Named("exported");
    TableSpec expressions =
        new TableSpec(
                table,
                new TreeMap<>(
                    Map.of(
                        "a", "datediff(current_date, date'2024-01-01')",
                        "b", "datediff(current_date(), date 'tomorrow')",
                        "localtimestamp", "id",
                        "m", "localtimestamp + 1")),
                Optional.of("CURRENT_DATE < '2024-01-04' and date 'today' > '2026-01-31'"))
            .at(CLOCK);
    assertEquals(
        List.of("0 -1 1", "1 -1 2", "2 -1 3"),
        open(expressions).selectExpr("concat_ws(' ', a, b, m)").collectAsList().stream()
            .map(row -> row.getString(0))
            .toList());
    for (String sql :
        List.of(
            "select id from exported where current_date < '2024-01-04'",
            "select id, id as current_timestamp from exported where current_date < '2024-01-04'",
            "with a as (select id from exported where current_date < '2024-01-04') select * from a",
            "select id from exported where current_date < '2024-01-04' and current_date() >"
                + " '2026-01-31'")) {
      assertEquals(3, open(sql(sql).at(CLOCK)).count(), sql);
    }
    assertEquals(
        "2026-02-01",
        open(sql("select cast(current_date as string) from range(1)").at(CLOCK))
            .head()
            .getString(0));
    for (String sql :
        List.of(
            "select current_timestamp t from exported where current_date < '2024-01-04'",
            "select current_timestamp t, count(*) n from exported where id < 3 group by 1, id",
            "select current_timestamp t from exported where id < 3 group by t, id",
            "select id, max(current_date) from exported where id < 3 group by id"
                + " having max(current_date) < '2025-01-01'",
            "select * from exported where id < 3 and date'2026-01-01' <"
                + " (select date_sub(current_date, 30) from range(1))")) {
      assertEquals(3, open(sql(sql).at(CLOCK)).count(), sql);
    }
    assertTrue(refusal("select current_date, nobody from exported").contains("`nobody`"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "select * from range(3) where cast('today' as date) > '2026-01-01'|CAST('today' AS DATE)",
        "select *, date('tomorrow Europe/Berlin') d from range(3)|",
        "select * from (select date'2026-01-01' d) where d < ' now '|CAST(' now ' AS DATE)",
        "select * from asking|current_timestamp()",
        "select * from range(3) where id in (select unix_date(d) from asking_too)|current_date()"
      })
  void otherClocksAreRefused(String sql, String named) {
    TestSpark.session()
        .sql("create or replace temporary view asking as select current_timestamp t from range(2)");
    TestSpark.session()
        .sql("create or replace temporary view asking_too as select current_date d from range(2)");
    String refusal = refusal(sql);
    assertTrue(
        refusal.contains(
            (named == null ? "" : named) + ", which is another time each time in \"" + sql),
        refusal);
    assertTrue(refusal.contains("of the job's own SQL stands still: clock"), refusal);
  }

  private static String refusal(String sql) {
    return assertThrows(InvalidInput.class, () -> open(sql(sql).at(CLOCK))).getMessage();
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
                                    + " unix_date(current_date()), unix_timestamp()",
                                word -> false))
                        .first()
                        .get(i))
            .toArray();
    assertEquals(1769902200.5, row[0]);
    assertEquals(20485, row[1]);
    assertEquals(1769902200L, row[2]);
  }
}
