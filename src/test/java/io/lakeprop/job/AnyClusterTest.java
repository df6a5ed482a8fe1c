package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 4: the model's bytes follow from the table's content and the job, not from the cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AnyClusterTest {
  @TempDir private static Path folder;

  private byte[] theta;
  private String json;
  private JsonNode metrics;

  @BeforeAll
  void tablesAndFirstModel() throws IOException {
    List<Row> rows = TestTables.mixed(5000);
    TestTables.parquet(TestTables.of(rows, TestTables.MIXED), folder.resolve("one"), 1);
    List<Row> shuffled = TestTables.shuffled(rows);
    TestTables.parquet(TestTables.of(shuffled, TestTables.MIXED), folder.resolve("many"), 17);
    TestTables.of(rows, TestTables.MIXED)
        .coalesce(1)
        .write()
        .option("header", "true")
        .csv(folder.resolve("csv").toString());
    // The same columns in another order.
    TestTables.of(rows, TestTables.MIXED)
        .select("income", "age", "since", "importance", "member", "product", "bought", "city")
        .write()
        .parquet(folder.resolve("columns").toString());
    skewed(shuffled);
    assertEquals(1, TestTables.parts(folder.resolve("one")).size());
    assertEquals(17, TestTables.parts(folder.resolve("many")).size());
    assertEquals(1, TestTables.parts(folder.resolve("csv")).size());
    assertTrue(
        TestTables.parts(folder.resolve("skewed")).size() >= 9, "one large file, eight small ones");
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: %s/one
        label: bought
        weight: importance
        output: %s/first
        loss: {type: binary_cross_entropy, class_weights: balanced}
        network: {hidden: [24, 12], dropout: 0.2, norm: batch}
        optimizer: {type: lamb, weight_decay: 0.01, clip_adaptive: 0.1}
        training: {batch: 512, slices: 5, epochs: 1}
        """
            .formatted(folder, folder));
    String out = train("local[1]", "one", "first", Map.of(), "--set", "compute.rounds=job");
    assertTrue(out.contains("in 5 slices, job rounds\n"), out);
    theta = Files.readAllBytes(folder.resolve("first/model/theta.safetensors"));
    json = Files.readString(folder.resolve("first/model/model.json"));
    metrics = Ran.json(folder.resolve("first/report.json")).get("metrics");
    assertTrue(Ran.json(folder.resolve("first/report.json")).get("rounds").intValue() >= 7);
  }

  /** One file with a hundred times the rows of each of the others, and files with none. */
  private static void skewed(List<Row> rows) {
    int small = 10;
    int large = 100 * small;
    int from = 0;
    while (from < rows.size()) {
      // The first is as large as all that do not fit into the small ones.
      int size = from == 0 ? Math.max(large, rows.size() - 8 * small) : small;
      for (List<Row> part : List.of(rows.subList(from, from + size), List.<Row>of())) {
        TestTables.of(part, TestTables.MIXED)
            .coalesce(1)
            .write()
            .mode("append")
            .parquet(folder.resolve("skewed").toString());
      }
      from += size;
    }
  }

  @ParameterizedTest(name = "{1} on {0}, read in parts of {2} bytes, {3} shuffle partitions")
  @CsvSource({
    "local[1], many, 30000, 2",
    "local[2], one, 134217728, 7",
    "local[2], csv, 60000, 3",
    "local[3], many, 134217728, 200",
    "local[2], skewed, 20000, 3",
    "local[2], columns, 134217728, 3",
  })
  void sameBits(String master, String table, String bytes, String partitions) throws IOException {
    Map<String, String> settings =
        Map.of(
            "spark.sql.files.maxPartitionBytes", bytes,
            "spark.sql.files.openCostInBytes", "1000",
            "spark.sql.shuffle.partitions", partitions);
    same(master, table, settings);
  }

  @Test
  void sameBitsOnProcessesOfTheirOwn() throws IOException {
    Path events = Files.createDirectory(folder.resolve("events"));
    Map<String, String> settings = new TreeMap<>(TestSpark.executorProcesses());
    settings.put("spark.eventLog.enabled", "true");
    settings.put("spark.eventLog.dir", events.toUri().toString());
    settings.put("spark.eventLog.rolling.enabled", "false");
    settings.put("spark.eventLog.compress", "false");
    same("local-cluster[2,1,1024]", "many", settings);
    assertEquals(Set.of("0", "1"), executors(events), "every task ran on one of the two");
  }

  @Test
  void anotherSeedGivesAnotherModel() throws IOException {
    train("local[2]", "one", "other", Map.of(), "--set", "seed=2");
    byte[] other = Files.readAllBytes(folder.resolve("other/model/theta.safetensors"));
    assertFalse(Arrays.equals(theta, other));
  }

  /** Trains on a table and compares both files of the model with those of the first one. */
  private void same(String master, String table, Map<String, String> settings) throws IOException {
    String output = "run-" + table + "-" + master.replaceAll("\\W+", "-");
    String out = train(master, table, output, settings);
    assertTrue(out.contains("in 5 slices, resident rounds\n"), out);
    Path model = folder.resolve(output).resolve("model");
    assertEquals(json, Files.readString(model.resolve("model.json")));
    assertEquals(metrics, Ran.json(folder.resolve(output + "/report.json")).get("metrics"));
    assertArrayEquals(theta, Files.readAllBytes(model.resolve("theta.safetensors")));
  }

  /** Returns what the console shows. */
  private String train(
      String master, String table, String output, Map<String, String> settings, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", folder.resolve("job.yaml").toString()));
    String schema = table.equals("csv") ? ", schema: '" + TestTables.MIXED + "'" : "";
    arguments.addAll(List.of("--set", "table={path: %s/%s%s}".formatted(folder, table, schema)));
    arguments.addAll(List.of("--set", "output=" + folder.resolve(output)));
    arguments.addAll(List.of(more));
    return Ran.on(master, settings, arguments.toArray(String[]::new)).done().out();
  }

  /** Where the tasks of an application ran. */
  private static Set<String> executors(Path events) throws IOException {
    Set<String> executors = new TreeSet<>();
    try (Stream<Path> files = Files.list(events)) {
      for (Path file : files.toList()) {
        Ran.lines(file).stream()
            .filter(event -> event.get("Event").textValue().equals("SparkListenerTaskEnd"))
            .forEach(event -> executors.add(event.at("/Task Info/Executor ID").textValue()));
      }
    }
    return executors;
  }
}
