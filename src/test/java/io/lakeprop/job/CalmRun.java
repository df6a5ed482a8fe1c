package io.lakeprop.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.TestSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * A small job, and all that a run of it leaves which nothing disturbs: the files of the model, the
 * lines of the rounds, the report, and the checkpoint of every round. A run on its own keeps only
 * some of them, since rounds do not wait for the writing; here they do.
 *
 * @param folder with the job file and the table
 * @param checkpoints by the path below {@code checkpoints}, every file ever written there
 * @param model by name
 */
record CalmRun(
    Path folder,
    Map<String, byte[]> checkpoints,
    Map<String, byte[]> model,
    List<String> lines,
    JsonNode report) {
  /** Rounds of the job. */
  static final int ROUNDS = 240;

  /** Where every run of the job goes, seen from the folder it is started in. */
  static final String OUTPUT = "run";

  /** Runs the job in the shared session. */
  static CalmRun of(Path folder) throws IOException {
    Csv.write(folder.resolve("table.csv"), Csv.SHOPS, Csv.rows(0, 600, Csv::shop));
    Path file = jobFile(folder);
    String text = Files.readString(file);
    Job job = JobReader.read(JobTree.resolve(file.toString(), text, List.of(), Map.of()));
    SparkSession session = TestSpark.session();
    CheckpointRecorder storage =
        new CheckpointRecorder(
            new HadoopStorage(session.sparkContext().hadoopConfiguration()),
            folder.resolve("calm"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
    try (RunLock lock = RunLock.take(storage, job.output(), (holder, longest) -> {})) {
      new TrainRun(session, storage, job, console, Resumption.none(job.output()), lock).run();
    }
    Path run = folder.resolve("calm").resolve(OUTPUT);
    for (int round = 1; round <= ROUNDS; round++) {
      if (!storage.files().containsKey("round-%09d/SHA256SUMS".formatted(round))) {
        throw new AssertionError("there must be a checkpoint of round " + round + "\n" + out);
      }
    }
    return new CalmRun(
        folder,
        storage.files(),
        files(run.resolve("model")),
        lines(run),
        report(run.resolve("report.json")));
  }

  private static Path jobFile(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: {path: %s/table.csv, format: csv, options: {header: true}, schema: "size double, weight double, shop string, kind string"}
        label: kind
        weight: weight
        output: %s
        test: none
        network: {hidden: [12, 8], dropout: 0.2, norm: batch}
        optimizer: {type: adam, learning_rate: 0.02, clip_norm: 1, schedule: {type: reduce_on_plateau, factor: 0.7, patience: 1}}
        training:
          batch: 64
          slices: 4
          epochs: 100
          rounds: %d
          patience: 12
          evaluate_every_rounds: 10
          average: exponential
          checkpoints: {every_rounds: 1, keep: 2}
        compute: {rounds: resident}
        """
            .formatted(folder, OUTPUT, ROUNDS));
  }

  /** The files of a folder by name. */
  static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** What a run's log says, but for how long it took. */
  static List<String> lines(Path run) {
    List<String> lines = new ArrayList<>();
    for (JsonNode line : Ran.lines(run.resolve("rounds.jsonl"))) {
      ((ObjectNode) line).remove(List.of("seconds", "compute_seconds", "step_seconds"));
      lines.add(line.toString());
    }
    return lines;
  }

  /** What a report says, but for times and the cluster. */
  static JsonNode report(Path file) {
    ObjectNode report = (ObjectNode) Ran.json(file);
    report.remove(List.of("finished", "faults", "seconds", "phases", "rows_per_second"));
    ((ObjectNode) report.get("provenance")).remove("master");
    return report;
  }
}
