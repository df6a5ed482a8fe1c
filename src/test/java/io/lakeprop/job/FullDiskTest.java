package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.Outage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A disk is full under some file of a run: the run stops with one line that names the file, the
 * checkpoint before it is whole, and with space again the run goes on to the bytes of the calm one.
 */
final class FullDiskTest {
  private static final String ROUND_3 = CheckpointFiles.name(3);

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @ParameterizedTest(name = "{1} bytes for {2} on {0}")
  @CsvSource({
    "file, 50, round-000000006/theta.safetensors",
    "file, 100, checkpoints/best-000000006/model.json",
    "file, 1800, rounds.jsonl",
    "file, 100, model/theta.safetensors",
    "file, 10, report.json",
    "store, 100, round-000000006/SHA256SUMS",
    "store, 100, rounds-000000003.jsonl",
    "store, 100, model/model.json",
    "store, 10, report.json"
  })
  void stopsWithOneLineAndGoesOn(String scheme, int bytes, String file) throws IOException {
    run(scheme, "calm", Outage.none(), RunFolder.Earlier.REFUSE);
    Outage full = Outage.none();
    full.fill(file, bytes);
    Exception failure =
        assertThrows(Exception.class, () -> run(scheme, "full", full, RunFolder.Earlier.REFUSE));
    assertTrue(full.refusals() > 0);
    String line = failure.getMessage();
    assertTrue(line.contains(file + ": No space left on device"), failure.toString());
    assertEquals(1, line.lines().count());
    Storage storage = new HadoopStorage(Outage.none().configuration(new Configuration(false)));
    String run = scheme + "://" + folder.resolve("full");
    CheckpointFiles.Found last =
        new CheckpointFiles(storage, RunFolder.checkpoints(run))
            .last((name, why) -> {})
            .orElseThrow();
    if (file.contains("000000006")) {
      assertEquals(ROUND_3, last.name());
      assertTrue(line.endsWith("; the run can go on from round 3: --resume"), line);
    }
    if (file.equals("rounds.jsonl")) {
      String kept = out.toString(StandardCharsets.UTF_8);
      assertTrue(kept.matches("kept +round [36]; --resume goes on from there\n"), kept);
    }
    run(scheme, "full", Outage.none(), RunFolder.Earlier.RESUME);
    assertArrayEquals(model("calm"), model("full"));
  }

  /** The machine's own full disk. */
  @Test
  void whatTheMachineSaysNamesTheFile() throws IOException {
    HadoopStorage storage = new HadoopStorage(new Configuration(false));
    String expected = "writing /dev/full: No space left on device";
    byte[] bytes = new byte[100_000];
    IOException write = assertThrows(IOException.class, () -> storage.write("/dev/full", bytes));
    assertEquals(expected, write.getMessage());
    OutputStream out = storage.create("/dev/full");
    assertEquals(expected, assertThrows(IOException.class, () -> out.write(bytes)).getMessage());
    OutputStream flushed = storage.create("/dev/full");
    flushed.write(1);
    assertEquals(expected, assertThrows(IOException.class, flushed::flush).getMessage());
  }

  private void run(String scheme, String name, Outage outage, RunFolder.Earlier earlier)
      throws IOException {
    out.reset();
    Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
    Storage storage = new HadoopStorage(outage.configuration(new Configuration(false)));
    String output = scheme + "://" + folder.resolve(name);
    assertEquals(0, new SmallTraining(storage, console, output, 9, 3).run(earlier));
  }

  private byte[] model(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name).resolve("model/theta.safetensors"));
  }
}
