package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.base.SqlName;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.TableSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of texts in tables with types are told where their values look like more. */
final class TypedTextsTest {
  private static final String TABLE =
      "select id % 40 as x, cast(id % 13 + 20 as string) as age, concat(id % 30, '.5') as price,"
          + " cast(date_add(date'2024-01-01', cast(id % 20 as int)) as string) as day,"
          + " cast(id % 4 as string) as few, concat('k', id % 12) as code,"
          + " lpad(cast(id % 15 as string), 3, '0') as zip, concat(id % 25, ' kg') as mass,"
          + " if(id % 40 = 0, 'soon', cast(id % 17 + 1 as string)) as left_over,"
          + " id % 2 = 0 as y from range(400)";

  @TempDir private Path folder;

  private List<String> notes(Map<String, String> derive, FeatureSpec... columns) {
    String path = folder.resolve("t").toString();
    TestSpark.session().sql(TABLE).coalesce(1).write().mode("overwrite").parquet(path);
    List<String> notes = new ArrayList<>();
    FeatureSettings features = TestTables.features(columns);
    TrainingData.fit(
        TestSpark.session(),
        new TrainingData.Request(
            new TableSpec(TestTables.files(path).source(), derive, Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            features,
            TestTables.label("y"),
            1,
            OptionalInt.empty(),
            OptionalInt.empty(),
            1,
            "UTC"),
        notes::add);
    return notes.stream().filter(note -> note.startsWith("column ")).toList();
  }

  @Test
  void textsThatAreNumbersOrDatesAreTold() {
    assertEquals(
        List.of(
            all("age", "numbers", "20", "double"),
            all("day", "dates", "2024-01-01", "date"),
            "column left_over is taken for texts: 390 of 400 values are numbers, others such as"
                + " \"soon\" are not (table.missing: [\"soon\", ...], in place of all other marks,"
                + " takes these for missing)",
            "column mass is taken for texts: 400 of 400 values look like numbers with the unit"
                + " \"kg\", such as \"0 kg\" (derive: {mass: \"cast(replace(`mass`, 'kg', '') as"
                + " double)\"} reads them)",
            all("price", "numbers", "0.5", "double"),
            "column zip is taken for texts: 400 of its 400 numbers would lose their writing, such"
                + " as \"000\" (features.columns.zip.kind: numeric takes a feature for numbers,"
                + " derive: {zip: \"cast(`zip` as double)\"} any column)"),
        notes(Map.of()).stream().sorted().toList());
  }

  /** What the job says is a category, or makes one itself, is meant. */
  @Test
  void whatIsMeantIsNotTold() {
    List<String> notes =
        notes(
            Map.of("age", "cast(x as string)"),
            new FeatureSpec.Categorical("day", 1, 100, 10, 0),
            new FeatureSpec.Categorical("price", 1, 100, 10, 0));
    assertEquals(
        List.of("left_over", "mass", "zip"),
        notes.stream().map(note -> note.split(" ", -1)[1]).sorted().toList());
  }

  /** The mends that the notes offer make the columns numbers and days. */
  @Test
  void theMendsRead() {
    assertEquals(
        List.of("column left_over", "column zip"),
        notes(
                Map.of(
                    "age", "cast(`age` as double)",
                    "day", "cast(`day` as date)",
                    "mass", "cast(replace(`mass`, 'kg', '') as double)",
                    "price", "cast(`price` as double)"))
            .stream()
            .map(note -> note.substring(0, note.indexOf(" is ")))
            .sorted()
            .toList());
  }

  private static String all(String column, String kinds, String example, String type) {
    return "column %s is of texts, all of which are %s, such as \"%s\": each is a category of its own (derive: {%s: \"cast(%s as %s)\"} reads them)"
        .formatted(column, kinds, example, column, SqlName.quoted(column), type);
  }
}
