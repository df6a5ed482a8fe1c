package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** A small job, its model from a calm run, and runs of it in the shared session. */
final class FaultyRuns {
  private final Path folder;
  private final byte[] theta;
  private final String json;
  private final double calmSeconds;

  /** Writes the table and makes the calm run. */
  FaultyRuns(Path folder) throws IOException {
    this.folder = folder;
    TestTables.parquet(
        TestTables.of(TestTables.mixed(3000), TestTables.MIXED), folder.resolve("table"), 4);
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: %s/table
        label: bought
        weight: importance
        output: %s/run
        network: {hidden: [16, 8], norm: batch}
        training: {batch: 100, slices: 4, epochs: 3}
        """
            .formatted(folder, folder));
    long started = System.nanoTime();
    String out = train("calm", "job");
    calmSeconds = (System.nanoTime() - started) * 1e-9;
    theta = Files.readAllBytes(folder.resolve("calm/model/theta.safetensors"));
    json = Files.readString(folder.resolve("calm/model/model.json"));
    assertFalse(out.contains("is lost"), out);
    assertEquals(0, faults("calm").get("executors_lost").intValue());
    assertEquals(0, faults("calm").get("tasks_failed").intValue());
  }

  /** How long the calm run took. */
  double calmSeconds() {
    return calmSeconds;
  }

  /** Runs the job; returns what the console shows. */
  String train(String run, String rounds, String... sets) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    train(new PrintStream(out, true, StandardCharsets.UTF_8), run, rounds, sets);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Runs the job on a console of one's own. */
  void train(PrintStream out, String run, String rounds, String... sets) throws IOException {
    List<String> all = new ArrayList<>(List.of(sets));
    all.addAll(List.of("compute.rounds=" + rounds, "output=" + folder.resolve(run)));
    Path file = folder.resolve("job.yaml");
    Job job =
        JobReader.read(JobTree.resolve(file.toString(), Files.readString(file), all, Map.of()));
    SparkSession session = TestSpark.session();
    Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
    try (RunLock lock = RunLock.take(storage, job.output(), (holder, longest) -> {})) {
      Console console = new Console(out, false);
      new TrainRun(session, storage, job, console, Resumption.none(job.output()), lock).run();
    }
  }

  /** The same files of the model, byte for byte. */
  void assertSameModel(String run) throws IOException {
    Path model = folder.resolve(run).resolve("model");
    assertArrayEquals(theta, Files.readAllBytes(model.resolve("theta.safetensors")));
    assertEquals(json, Files.readString(model.resolve("model.json")));
    assertTrue(Files.exists(folder.resolve(run).resolve("DONE")));
  }

  /** What the report of a run counts. */
  JsonNode faults(String run) {
    return Ran.json(folder.resolve(run).resolve("report.json")).get("faults");
  }
}
