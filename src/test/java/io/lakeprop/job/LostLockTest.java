package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.Outage;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run whose folder another process takes over leaves that process's files alone. */
@Timeout(60)
final class LostLockTest {
  private static final String OTHERS =
      "{\"token\":\"t\",\"host\":\"elsewhere\",\"namespace\":\"n\",\"process\":7,\"beat\":3}\n";

  @TempDir private Path folder;

  /**
   * @param step of the file system, at which the other one comes
   * @param beat in milliseconds
   * @param epochs that end soon, or not before a beat has seen the other one
   * @param ours what is written until then
   */
  @ParameterizedTest(name = "{0}, beat {1}")
  @CsvSource({
    "run/rounds.jsonl, 600000, 1, ''",
    "run/model/SHA256SUMS, 600000, 1, model",
    "run/rounds.jsonl, 20, 1000000, ''",
  })
  void whatCountsIsNotWritten(String step, long beat, int epochs, String ours) throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 200, Csv::shop));
    Outage outage = Outage.none();
    outage.before(
        now -> {
          if (now.endsWith(step)) {
            takeOver(); // At each of them: a beat may have been on its way.
          }
        });
    assertThrows(RunLock.Lost.class, () -> train(outage, beat, epochs));
    List<String> there =
        Stream.of("model", "report.json", "DONE")
            .filter(name -> Files.exists(folder.resolve("run").resolve(name)))
            .toList();
    assertEquals(ours, String.join(" ", there));
    assertEquals(OTHERS, Files.readString(folder.resolve("run/LOCK")));
  }

  /** Another process took the folder over, came to its end, and took its lock away with it. */
  @ParameterizedTest
  @CsvSource({"DONE, true", "job.yaml, true", "LOCK, false"})
  void whoeverHasBeenThereIsNotWrittenOver(String left, boolean isLost) throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 200, Csv::shop));
    Path run = folder.resolve("run");
    Outage outage = Outage.none();
    outage.before(
        now -> {
          if (now.endsWith("run/rounds.jsonl")) {
            try {
              Files.deleteIfExists(run.resolve("LOCK"));
              if (isLost) {
                Files.writeString(run.resolve(left), OTHERS);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    if (isLost) {
      assertThrows(RunLock.Lost.class, () -> train(outage, 600_000, 1));
      assertEquals(OTHERS, Files.readString(run.resolve(left)));
      assertFalse(Files.exists(run.resolve("model")));
    } else {
      train(outage, 600_000, 1); // Somebody deleted the lock alone: no night is lost for that.
      assertTrue(Files.exists(run.resolve("DONE")));
    }
  }

  private void takeOver() {
    try {
      Files.writeString(folder.resolve("run/LOCK"), OTHERS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void train(Outage outage, long beat, int epochs) throws IOException {
    SparkSession session = TestSpark.session();
    HadoopStorage storage =
        new HadoopStorage(outage.configuration(session.sparkContext().hadoopConfiguration()));
    String text =
        """
        table: %s/shops.csv
        validation: none
        test: none
        label: kind
        output: %s/run
        training: {epochs: %d, checkpoints: none}
        compute: {kernel: ejml, rounds: job}
        """
            .formatted(folder, folder, epochs);
    Job job = JobReader.read(JobTree.resolve("job.yaml", text, List.of(), Map.of()));
    Console console = new Console(new PrintStream(OutputStream.nullOutputStream()), false);
    try (RunLock lock =
        RunLock.take(storage, job.output(), (holder, longest) -> {}, Duration.ofMillis(beat))) {
      new TrainRun(session, storage, job, console, Resumption.none(job.output()), lock).run();
    }
  }
}
