package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.TrainingData.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits, statistics and encoders depend on what a table holds, not on how it lies on disk. */
final class TrainingDataTest {
  private static final int IDS = 3000;
  private static final String COLUMNS = "id INT, label BOOLEAN";
  private static final FeatureSettings EXACT =
      TestTables.features(new FeatureSpec.Numeric("id", FeatureSpec.Scaling.NONE, false));

  @TempDir private Path folder;

  @Test
  void duplicatesNeverStraddleSplits() {
    String path = parquet("t", copies(), 3);
    Map<Split, Map<Integer, Integer>> splits = split(request(path, 5, 0.2, 0.1));
    TreeMap<Integer, Integer> together = new TreeMap<>();
    splits.values().forEach(split -> split.forEach((id, n) -> together.merge(id, n, Integer::sum)));
    splits.values().forEach(split -> split.forEach((id, n) -> assertEquals(copiesOf(id), n)));
    assertEquals(IDS, together.size());
    together.forEach((id, n) -> assertEquals(copiesOf(id), n, "id " + id));
    // Four standard deviations of a draw of 3,000 ids.
    assertEquals(0.2, splits.get(Split.VALIDATION).size() / (double) IDS, 0.03);
    assertEquals(0.1, splits.get(Split.TEST).size() / (double) IDS, 0.022);
  }

  /** Case A13: labels of both kinds on the side of their features, weights and all. */
  @Test
  void rowsAlikeInTheirFeaturesStayTogetherWithTheirLabelsAsTheyAre() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 4 * IDS; i++) {
      rows.add(RowFactory.create(i % IDS, i * 37 % 101 < 50));
    }
    Map<Split, Map<Integer, Integer>> splits = split(request(parquet("t", rows, 3), 5, 0.2, 0.1));
    TreeMap<Integer, Integer> together = new TreeMap<>();
    for (Map<Integer, Integer> split : splits.values()) {
      split.forEach((id, n) -> assertEquals(4, n, "rows of id " + id));
      together.putAll(split);
    }
    assertEquals(IDS, together.size());
    assertEquals(0.2, splits.get(Split.VALIDATION).size() / (double) IDS, 0.03);
  }

  @Test
  void splitsFollowContentAndSeedOnly() {
    String path = parquet("t", copies(), 1);
    String shuffled = parquet("s", TestTables.shuffled(copies()), 7);
    Map<Split, Map<Integer, Integer>> splits = split(request(path, 5, 0.2, 0.1));
    assertEquals(splits, split(request(path, 5, 0.2, 0.1)));
    assertEquals(splits, split(request(shuffled, 5, 0.2, 0.1)));
    assertNotEquals(splits, split(request(path, 6, 0.2, 0.1)));
  }

  @Test
  void ownTablesAreUsedAsGiven() {
    List<Row> all = copies();
    String train = parquet("train", all, 2);
    // Rows that are training rows, too, stay: the user said so.
    String validation = parquet("validation", all.subList(0, 40), 1);
    String test = parquet("test", all.subList(100, 107), 1);
    TrainingData.Request request =
        new TrainingData.Request(
            TestTables.files(train),
            Optional.of(TestTables.files(validation)),
            Optional.of(TestTables.files(test)),
            0,
            0,
            EXACT,
            TestTables.label("label"),
            5,
            OptionalInt.empty(),
            OptionalInt.empty(),
            1,
            "UTC");
    Map<Split, Map<Integer, Integer>> splits = split(request);
    assertEquals(counted(all), splits.get(Split.TRAIN));
    assertEquals(counted(all.subList(0, 40)), splits.get(Split.VALIDATION));
    assertEquals(counted(all.subList(100, 107)), splits.get(Split.TEST));
  }

  @Test
  void statisticsDoNotDependOnPartitions() {
    List<Row> rows = TestTables.mixed(2000);
    String one = parquet("one", rows, TestTables.MIXED, 1);
    String nine = parquet("nine", TestTables.shuffled(rows), TestTables.MIXED, 9);
    FeatureSettings settings =
        TestTables.features(
            new FeatureSpec.Numeric("age", FeatureSpec.Scaling.ROBUST, false),
            new FeatureSpec.Numeric("income", FeatureSpec.Scaling.STANDARD, true),
            new FeatureSpec.Numeric("since", FeatureSpec.Scaling.QUANTILE, false));
    try (TrainingData a = prepare(mixed(one, settings));
        TrainingData b = prepare(mixed(nine, settings))) {
      assertEquals(a.encoder(), b.encoder());
      assertEquals(a.labels(), b.labels());
      assertEquals(a.fingerprint(), b.fingerprint());
      assertEquals(a.batching(), b.batching());
      assertEquals(a.rows(Split.TRAIN), b.rows(Split.TRAIN));
    }
  }

  @Test
  void manyValuesKeepTheFrequentOnes() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      // Values v0 .. v99 come three times.
      for (int copy = 0; copy < (i < 100 ? 3 : 1); copy++) {
        rows.add(RowFactory.create(i + copy * 0.25, "v" + i, i % 2 == 0));
      }
    }
    String path = parquet("many", rows, "x DOUBLE, value STRING, label BOOLEAN", 2);
    FeatureSpec.Categorical spec = new FeatureSpec.Categorical("value", 1, 100, 10, 0);
    TrainingData.Request request =
        request(path, TestTables.features(spec), TestTables.label("label"), 5, 0, 0);
    try (TrainingData data = prepare(request)) {
      Feature.Categorical feature = data.encoder().categories().get(0);
      TreeSet<String> expected = new TreeSet<>();
      IntStream.range(0, 100).forEach(i -> expected.add("v" + i));
      assertEquals(expected, new TreeSet<>(feature.values()));
      // 0 never seen, 1 rare, then the values; too many rare ones to list.
      assertEquals(102, feature.cardinality());
      assertEquals(Feature.Rare.REST, feature.rare());
      assertEquals(1, feature.encode("v19999"));
      assertEquals(1, feature.encode("elsewhere"));
    }
  }

  @Test
  void closingGivesTheCacheBack() {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    assertEquals(Map.of(), context.getPersistentRDDs());
    TrainingData data = prepare(request(parquet("t", copies(), 1), 5, 0.2, 0.1));
    assertEquals(3, context.getPersistentRDDs().size());
    data.close();
    assertEquals(Map.of(), context.getPersistentRDDs());
  }

  @Test
  void refusingGivesTheCacheBack() {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    String train = parquet("train", copies(), 1);
    List<Row> odd = List.of(RowFactory.create(1, true), RowFactory.create(2, null));
    TrainingData.Request request =
        new TrainingData.Request(
            TestTables.files(train),
            Optional.empty(),
            Optional.of(TestTables.files(parquet("test", odd, 1))),
            0.1,
            0,
            EXACT,
            TestTables.label("label"),
            5,
            OptionalInt.empty(),
            OptionalInt.empty(),
            1,
            "UTC");
    String message = assertThrows(InvalidInput.class, () -> prepare(request)).getMessage();
    assertTrue(message.contains("/test: label \"label\" must be one of the 2 classes"), message);
    assertEquals(Map.of(), context.getPersistentRDDs());
  }

  @Test
  void fractionsMustLeaveRows() {
    assertThrows(InvalidInput.class, () -> request("t", 5, 0.5, 0.5));
  }

  /** Each id one to four times. */
  private static List<Row> copies() {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < IDS; id++) {
      for (int copy = 0; copy < copiesOf(id); copy++) {
        rows.add(RowFactory.create(id, id % 3 == 0));
      }
    }
    return rows;
  }

  private static int copiesOf(int id) {
    return 1 + id * 31 % 4;
  }

  private String parquet(String name, List<Row> rows, int files) {
    return parquet(name, rows, COLUMNS, files);
  }

  private String parquet(String name, List<Row> rows, String columns, int files) {
    return TestTables.parquet(TestTables.of(rows, columns), folder.resolve(name), files);
  }

  private static TrainingData.Request request(
      String path, long seed, double validation, double test) {
    return request(path, EXACT, TestTables.label("label"), seed, validation, test);
  }

  private static TrainingData.Request mixed(String path, FeatureSettings settings) {
    return request(path, settings, TestTables.label("importance"), 3, 0.2, 0.1);
  }

  private static TrainingData.Request request(
      String path,
      FeatureSettings settings,
      LabelSettings label,
      long seed,
      double validation,
      double test) {
    TableSpec table = TestTables.files(path);
    return new TrainingData.Request(
        table,
        Optional.empty(),
        Optional.empty(),
        validation,
        test,
        settings,
        label,
        seed,
        OptionalInt.empty(),
        OptionalInt.empty(),
        1,
        "UTC");
  }

  private static TrainingData prepare(TrainingData.Request request) {
    return TestTables.prepare(request);
  }

  /** How often each id stands in each split. */
  private static Map<Split, Map<Integer, Integer>> split(TrainingData.Request request) {
    Map<Split, Map<Integer, Integer>> splits = new EnumMap<>(Split.class);
    try (TrainingData data = prepare(request)) {
      for (Split split : Split.values()) {
        TreeMap<Integer, Integer> ids = new TreeMap<>();
        for (PackedBlock block : BlockPacker.collect(data.table(split))) {
          for (float id : block.numbers()) {
            ids.merge((int) id, 1, Integer::sum);
          }
        }
        assertEquals(data.rows(split), ids.values().stream().mapToInt(n -> n).sum());
        splits.put(split, ids);
      }
    }
    return splits;
  }

  private static Map<Integer, Integer> counted(List<Row> rows) {
    TreeMap<Integer, Integer> ids = new TreeMap<>();
    rows.forEach(row -> ids.merge(row.getInt(0), 1, Integer::sum));
    return ids;
  }
}
