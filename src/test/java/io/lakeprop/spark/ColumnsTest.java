package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.data.UselessColumns;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source reads the columns that are used and skips the rows that are not. */
final class ColumnsTest {
  private static final Pattern READ_SCHEMA = Pattern.compile("ReadSchema: struct<([^>]*)>");
  private static final Pattern PUSHED = Pattern.compile("PushedFilters: \\[([^\\]]*)\\]");

  @Test
  void onlyUsedColumnsAndTheConditionReachTheSource(@TempDir Path folder) {
    Dataset<Row> table = TestTables.of(TestTables.mixed(50), TestTables.MIXED);
    String path = TestTables.parquet(table, folder.resolve("t"), 1);
    TableSpec spec =
        new TableSpec(
            TestTables.files(path).source(),
            Map.of("rich", "income > 30000"),
            Optional.of("age >= 30 and member"));
    FeatureSettings settings = including("age", "rich", "city");
    String plan = plan(spec, settings, TestTables.label("bought"));
    assertEquals(
        "age:int,income:double,city:string,member:boolean,bought:string", first(READ_SCHEMA, plan));
    assertTrue(first(PUSHED, plan).contains("GreaterThanOrEqual(age,30)"), plan);
    assertTrue(first(PUSHED, plan).contains("EqualTo(member,true)"), plan);
    String weighted = plan(spec, settings, TestTables.label("bought", "importance"));
    assertTrue(first(READ_SCHEMA, weighted).contains("importance:double"), weighted);
  }

  @Test
  void nullsCountInTheContentHash() {
    Dataset<Row> table =
        TestTables.of(
            List.of(
                org.apache.spark.sql.RowFactory.create(null, 5.0, "a"),
                org.apache.spark.sql.RowFactory.create(5.0, null, "a"),
                org.apache.spark.sql.RowFactory.create(5.0, 5.0, "a")),
            "x DOUBLE, y DOUBLE, l STRING");
    assertEquals(3, hashes(table).distinct().count());
  }

  @Test
  void theHashIsOfValuesNotOfTypes() {
    List<Row> whole = List.of(org.apache.spark.sql.RowFactory.create(7, "3", true));
    List<Row> wide = List.of(org.apache.spark.sql.RowFactory.create(7.0, "3", true));
    assertEquals(
        hashes(TestTables.of(whole, "x INT, y STRING, l BOOLEAN")).first(),
        hashes(TestTables.of(wide, "x DOUBLE, y STRING, l BOOLEAN")).first());
  }

  /** A collation says which texts are one category, and nobody here would ask it. */
  @Test
  void aCollationIsRefusedAndTheMendHelps() {
    Dataset<Row> table =
        TestSpark.session().sql("select 1D x, collate('Berlin', 'UTF8_LCASE') c, 'a' l");
    String refusal = assertThrows(InvalidInput.class, () -> hashes(table)).getMessage();
    assertTrue(
        refusal.startsWith(
            "column \"c\" must be of texts that are compared by their characters, however: its type"
                + " is string collate UTF8_LCASE ("),
        refusal);
    Matcher mend = Pattern.compile("(?:with|or) (.*?\\))(?=,| where)").matcher(refusal);
    for (String value : List.of("Berlin", "berlin")) {
      assertTrue(mend.find(), refusal);
      Dataset<Row> mended = table.withColumn("c", functions.expr(mend.group(1)));
      assertEquals(value, mended.select("c").first().getString(0));
      assertEquals(1, hashes(mended).count());
    }
  }

  /** So neither the encoder nor the first weights know in which order a table has its columns. */
  @Test
  void featuresStandInTheOrderOfTheirNames() {
    StructType schema = StructType.fromDDL("b INT, Z INT, l STRING, a INT, `\u00e4` INT, aa INT");
    assertEquals(
        List.of("Z", "a", "aa", "b", "\u00e4"),
        Columns.resolve(schema, TestTables.features(), TestTables.label("l"), "t").specs().stream()
            .map(FeatureSpec::name)
            .toList());
  }

  /**
   * Where rows go must not change with a release: written out here as it was in the first, for rows
   * of weight 1. Other weights are relative, and place no row.
   */
  @Test
  void theContentIsHashedInItsOldOrder() {
    Dataset<Row> table =
        TestTables.of(
            List.of(org.apache.spark.sql.RowFactory.create(null, "b", "yes", 2.5, 7)),
            "x DOUBLE, y STRING, l STRING, w DOUBLE, m INT");
    String old = "xxhash64(%s, 1.0D, false, x, x is null, y, y is null)";
    assertEquals(
        table.selectExpr(old.formatted("l, l is null")).first().getLong(0),
        hash(table.drop("m"), "l"));
    assertEquals(
        table
            .selectExpr(old.formatted("l, l is null, cast(m as string), m is null"))
            .first()
            .getLong(0),
        hash(table, "l", "m"));
  }

  private static long hash(Dataset<Row> table, String... labels) {
    LabelSettings settings =
        new LabelSettings(
            Arrays.stream(labels).map(name -> TestTables.label(name).labels().get(0)).toList(),
            Optional.of("w"));
    List<FeatureSpec> specs =
        Columns.resolve(table.schema(), TestTables.features(), settings, "t").specs();
    List<Boolean> numbers = Collections.nCopies(labels.length, false);
    return Columns.canonical(table, specs, settings, numbers, TableMeaning.UNKNOWN::missingIn, "t")
        .first()
        .getLong(Columns.HASH);
  }

  private static Dataset<Row> hashes(Dataset<Row> table) {
    LabelSettings label = TestTables.label("l");
    List<FeatureSpec> specs =
        Columns.resolve(table.schema(), TestTables.features(), label, "t").specs();
    return Columns.canonical(
            table, specs, label, List.of(false), TableMeaning.UNKNOWN::missingIn, "t")
        .select("hash");
  }

  private static LabelSettings weighted(String weight) {
    return new LabelSettings(TestTables.label("l").labels(), Optional.of(weight));
  }

  @Test
  void aWeightIsANumber() {
    for (String type : List.of("DATE", "BOOLEAN", "TIMESTAMP")) {
      Dataset<Row> table = TestTables.of(List.of(), "x INT, l STRING, w " + type);
      LabelSettings label = weighted("w");
      List<FeatureSpec> specs =
          Columns.resolve(table.schema(), TestTables.features(), label, "t").specs();
      String refusal =
          assertThrows(
                  InvalidInput.class,
                  () ->
                      Columns.canonical(
                          table,
                          specs,
                          label,
                          List.of(false),
                          TableMeaning.UNKNOWN::missingIn,
                          "t"))
              .getMessage();
      assertTrue(refusal.startsWith("column \"w\" must be a number, however: its type"), refusal);
    }
  }

  @Test
  void whatIsNoFeatureHasNoSettingsOfOne() {
    FeatureSettings all = TestTables.features();
    StructType schema = StructType.fromDDL("x INT, l STRING, w INT");
    for (String name : List.of("l", "w")) {
      FeatureSettings settings =
          new FeatureSettings(
              List.of(),
              List.of(),
              all.numeric(),
              all.vector(),
              all.categorical(),
              Map.of(name, new FeatureSpec.Numeric(name, FeatureSpec.Scaling.NONE, false)),
              UselessColumns.Treatment.DROP);
      String refusal =
          assertThrows(
                  InvalidInput.class, () -> Columns.resolve(schema, settings, weighted("w"), "t"))
              .getMessage();
      assertTrue(
          refusal.contains("features.columns must not name the label, the weight or the offset"),
          refusal);
    }
  }

  /** What of the texts of a column is a number where the job says that it is one. */
  @Test
  void textsThatAreNumbersAreThoseOfTextFiles() {
    List<FeatureSpec> x = List.of(new FeatureSpec.Numeric("x", FeatureSpec.Scaling.NONE, false));
    for (String text : List.of("12D", "7f", "0x1p3", "1_000", "1,5", "many")) {
      Dataset<Row> table = TestTables.of(List.of(RowFactory.create(text)), "x STRING");
      Dataset<Row> features =
          table.select(
              Columns.features(table.schema(), x, TableMeaning.UNKNOWN::missingIn, "t")
                  .toArray(Column[]::new));
      Exception failure = assertThrows(Exception.class, features::collectAsList);
      assertEquals(
          "column \"x\" must be a number, however: \"" + text + "\"",
          Failures.refusal(failure).orElseThrow());
    }
    List<Row> rows =
        Stream.of(
                "1e5", "+5", " 5 ", "007", "-0.50", "Infinity", "-", "none", "unknown", "  ", null)
            .map(RowFactory::create)
            .toList();
    Dataset<Row> table = TestTables.of(rows, "x STRING");
    assertEquals(
        Arrays.asList(
            1e5, 5.0, 5.0, 7.0, -0.5, Double.POSITIVE_INFINITY, null, null, null, null, null),
        table
            .select(
                Columns.features(table.schema(), x, TableMeaning.UNKNOWN::missingIn, "t")
                    .toArray(Column[]::new))
            .collectAsList()
            .stream()
            .map(row -> row.get(0))
            .toList());
  }

  private static FeatureSettings including(String... names) {
    FeatureSettings all = TestTables.features();
    return new FeatureSettings(
        List.of(names),
        List.of(),
        all.numeric(),
        all.vector(),
        all.categorical(),
        Map.of(),
        UselessColumns.Treatment.DROP);
  }

  private static String plan(TableSpec spec, FeatureSettings settings, LabelSettings l) {
    Dataset<Row> table = LakeTable.open(TestSpark.session(), spec);
    StructType schema = table.schema();
    List<FeatureSpec> specs = Columns.resolve(schema, settings, l, "t").specs();
    return Columns.canonical(table, specs, l, List.of(false), TableMeaning.UNKNOWN::missingIn, "t")
        .queryExecution()
        .executedPlan()
        .toString();
  }

  private static String first(Pattern pattern, String plan) {
    Matcher matcher = pattern.matcher(plan);
    assertTrue(matcher.find(), plan);
    return matcher.group(1);
  }
}
