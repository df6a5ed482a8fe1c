package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.TableSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An expression that fails on a row is bad input, and the refusal says which one and where. */
final class ExpressionErrorsTest {
  /** Of 200 rows one is bad. */
  @BeforeAll
  static void table() {
    TestSpark.session()
        .range(0, 200, 1, 3)
        .selectExpr(
            "cast(id AS int) AS a",
            "cast(if(id = 77, 0, id % 7 + 1) AS int) AS b",
            "cast(if(id = 77, 0, id % 7 + 1) AS decimal(9,2)) AS m",
            "if(id = 77, 'oops', string(id % 9)) AS s",
            "array(1, 2, 3) AS list",
            "double(id) AS d",
            "id % 2 = 0 AS y")
        .createOrReplaceTempView("sums");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a / b",
        "a % b",
        "a div b",
        "m / (m - m)",
        "double(a) / double(b)",
        "cast(s AS int)",
        "cast(s AS double)",
        "cast(s AS date)",
        "cast(s AS decimal(9,2))",
        "cast(s AS boolean) = (a = 3)",
        "to_date(s, 'yyyy')",
        "to_timestamp(s)",
        "to_number(s, '999')",
        "list[if(b = 0, 9, 1)]",
        "element_at(list, b - 1 - 4 * int(b = 0))",
        "element_at(list, if(b = 0, 9, 1))",
        "2147483600 + a",
        "2147483647 * (a + 1)",
        "cast(a + 100 AS tinyint)",
        "cast(m * 10000000 AS decimal(9,2))",
        "cast(double(a) * 1e20 AS bigint)",
        "make_date(2024, b, 1)",
        "make_timestamp(2024, b, 1, 0, 0, 0)",
        "abs(-2147483648 + a)",
        "length(url_decode(if(b = 0, '%zz', 'a')))",
        "if(assert_true(b > 0) is null, a, 0)",
        "if(b = 0, raise_error('a shop without a number'), a)",
        "length(aes_decrypt(unhex('00'), '0000111122223333'))",
        "bround(a, 2) + cast(s AS int)",
        "size(map(b, 1, if(b = 0, 0, 9), 2))",
        "a + (select c from values (1), (2) as two(c))",
        "size(split(s, '('))",
        "size(split(s, if(b = 0, '*', 'p')))",
        "length(format_string('%d', d))",
        "size(sequence(1, if(b = 0, 0, 9), 1))",
        "int(s rlike '(')",
        "int(s rlike if(b = 0, '*', 'p'))",
        "length(regexp_replace(s, if(b = 0, '[', 'p'), ''))",
        "length(regexp_extract(s, '(o)', if(b = 0, 7, 1)))",
        "size(array_repeat(a, if(b = 0, 2147483647, 1)))",
        "length(date_format(timestamp_seconds(a), if(b = 0, 'YYYY', 'yyyy')))",
        "length(date_format(timestamp_seconds(a), if(b = 0, '{', 'yyyy')))",
        "hour(from_utc_timestamp(timestamp_seconds(a), if(b = 0, 'Nowhere', 'UTC')))",
        "length(decode(encode(s, if(b = 0, 'nothing', 'UTF-8')), 'UTF-8'))",
        "from_json(if(b = 0, '{', '{\"k\": 1}'), 'k INT', map('mode', 'FAILFAST')).k",
        "length(to_char(m, if(b = 0, 'x', '999')))"
      })
  void aDerivedColumn(String sql) {
    String refusal = refused(derived(Map.of("q", sql), Optional.empty()));
    assertTrue(refusal.startsWith("table sums: derive q: "), refusal);
    assertTrue(refusal.lines().count() == 1, refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a / b > 1", "cast(s AS int) < 5", "make_date(2024, b, 1) is not null"})
  void aCondition(String sql) {
    String refusal = refused(derived(Map.of(), Optional.of(sql)));
    assertTrue(refusal.startsWith("table sums: where: "), refusal);
  }

  /** Of several the one that fails is named, or all where Spark does not say. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"cast(s AS int) | cast(s AS int)", "a / b | a / b"})
  void oneOfSeveral(String sql, String told) {
    Map<String, String> derive = new LinkedHashMap<>();
    derive.put("p", "a + 1");
    derive.put("q", sql);
    String refusal = refused(derived(derive, Optional.of("a >= 0")));
    assertTrue(refusal.startsWith("table sums: "), refusal);
    assertTrue(refusal.contains("derive q: " + told), refusal);
  }

  @Test
  void aQuery() {
    TableSpec spec =
        new TableSpec(
            new TableSpec.Query("select *, cast(s as int) as q from sums"),
            Map.of(),
            Optional.empty());
    String refusal = refused(spec);
    assertTrue(refusal.startsWith("table the query's result: in \"cast(s as int)\": "), refusal);
  }

  /** Spark computes constants before a row is read; its advice to compute on is not ours. */
  @ParameterizedTest
  @ValueSource(strings = {"1 / 0", "cast('x' AS int)", "2147483647 + 1"})
  void constants(String sql) {
    String derive = refused(derived(Map.of("q", sql), Optional.empty()));
    assertTrue(derive.startsWith("table sums: derive q: " + sql), derive);
    assertTrue(!derive.contains("ansi"), derive);
    String where = refused(derived(Map.of(), Optional.of(sql + " > a")));
    assertTrue(where.startsWith("table sums: where: " + sql), where);
  }

  private static TableSpec derived(Map<String, String> derive, Optional<String> where) {
    return new TableSpec(new TableSpec.Named("sums"), derive, where);
  }

  private static String refused(TableSpec spec) {
    FeatureSettings features =
        spec.derive().containsKey("q")
            ? TestTables.features(
                new FeatureSpec.Numeric("a", FeatureSpec.Scaling.STANDARD, false),
                new FeatureSpec.Numeric("q", FeatureSpec.Scaling.STANDARD, false))
            : TestTables.features(
                new FeatureSpec.Numeric("a", FeatureSpec.Scaling.STANDARD, false));
    TrainingData.Request request =
        new TrainingData.Request(
            spec,
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            features,
            TestTables.label("y"),
            5,
            OptionalInt.empty(),
            OptionalInt.empty(),
            1,
            "UTC");
    return assertThrows(InvalidInput.class, () -> TestTables.prepare(request).close()).getMessage();
  }
}
