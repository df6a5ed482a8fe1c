package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.Outage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process may die at any step of any file: whoever goes on ends with the bytes of the run that
 * nothing has happened to. On the local file system, and on one without atomic renames, where files
 * are seen once they are closed.
 */
final class AnyFileStepTest {
  private static final int ROUNDS = 9;
  private static final int EVERY = 3;

  /** Steps of deleting a run and beginning another, at least. */
  private static final int REPLACING = 100;

  /** {@code -Dsteps.apart=1} for every step. */
  private static final int APART = Integer.getInteger("steps.apart", 11);

  private static final Configuration PLAIN = new Configuration(false);

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({"store", "file"})
  void ofATraining(String scheme) throws IOException {
    Outage calm = Outage.none();
    run(calm, scheme, "calm", RunFolder.Earlier.REFUSE);
    Random random = new Random(7);
    for (long step = 1; step <= calm.steps(); step += APART) {
      String name = "step-" + step;
      boolean died = dies(Outage.at(step), scheme, name, RunFolder.Earlier.REFUSE);
      // Now and then the one that goes on dies as well.
      if (died && random.nextInt(3) == 0) {
        dies(Outage.at(1 + random.nextLong(calm.steps())), scheme, name, RunFolder.Earlier.RESUME);
      }
      run(Outage.none(), scheme, name, RunFolder.Earlier.RESUME);
      assertSame(name);
      delete(folder.resolve(name));
    }
  }

  /** The earlier one is of another release, whose mark gives way, too. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"store", "file"})
  void whileAnEarlierRunIsReplaced(String scheme) throws IOException {
    run(Outage.none(), scheme, "calm", RunFolder.Earlier.REFUSE);
    for (long step = 1; step <= REPLACING; step += APART) {
      String name = "replaced-" + step;
      dies(Outage.at(200), scheme, name, RunFolder.Earlier.REFUSE);
      Path mark = folder.resolve(name).resolve(RunMark.FILE);
      Files.writeString(mark, "{\"run\":1,\"lakeprop\":\"0.0.1\",\"spark\":\"4.0.0\"}\n");
      assertTrue(dies(Outage.at(step), scheme, name, RunFolder.Earlier.REPLACE));
      run(Outage.none(), scheme, name, RunFolder.Earlier.REPLACE);
      assertEquals(
          Files.readString(folder.resolve("calm").resolve(RunMark.FILE)), Files.readString(mark));
      assertSame(name);
      delete(folder.resolve(name));
    }
  }

  /** Runs until the process dies; false where it came to its end. */
  private boolean dies(Outage outage, String scheme, String name, RunFolder.Earlier earlier)
      throws IOException {
    try {
      run(outage, scheme, name, earlier);
      return false;
    } catch (Outage.Died | Checkpoints.Failed e) {
      assertTrue(outage.isDead(), e.toString());
      outage.die();
      mournHolder(folder.resolve(name).resolve(RunLock.FILE));
      return true;
    }
  }

  private void run(Outage outage, String scheme, String name, RunFolder.Earlier earlier)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
    String output = scheme + "://" + folder.resolve(name);
    HadoopStorage storage = new HadoopStorage(outage.configuration(PLAIN));
    List<String> torn = torn(folder.resolve(name).resolve("checkpoints"));
    int code = new SmallTraining(storage, console, output, ROUNDS, EVERY).run(earlier);
    assertEquals(0, code);
    List<String> told = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(torn.size(), told.size(), told.toString());
    for (int i = 0; i < torn.size(); i++) {
      String expected = "note +checkpoint %s is passed over: .*SHA256SUMS is damaged.*";
      assertTrue(told.get(i).matches(expected.formatted(torn.get(i))), told.get(i));
    }
  }

  /** Checkpoints whose mark is cut: their process died while it wrote that. They are named. */
  private static List<String> torn(Path checkpoints) throws IOException {
    List<String> torn = new ArrayList<>();
    if (Files.exists(checkpoints)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(checkpoints, "round-*")) {
        for (Path one : all) {
          Path sums = one.resolve("SHA256SUMS");
          if (Files.exists(sums) && !Files.readString(sums).endsWith("\n")) {
            torn.add(one.getFileName().toString());
          }
        }
      }
    }
    return torn;
  }

  /** This process goes on living, but the one that holds the lock is meant to be dead. */
  private static void mournHolder(Path lock) throws IOException {
    if (Files.exists(lock)) {
      try {
        ObjectNode json = (ObjectNode) Ran.json(lock);
        Files.writeString(lock, json.put("process", Integer.MAX_VALUE) + "\n");
      } catch (ClassCastException | UncheckedIOException e) {
        Files.delete(lock); // Half of it: a real one would be waited for.
      }
    }
  }

  private void assertSame(String name) throws IOException {
    for (String file : List.of("theta.safetensors", "model.json", "SHA256SUMS")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("calm/model").resolve(file)),
          Files.readAllBytes(folder.resolve(name).resolve("model").resolve(file)),
          name);
    }
    assertEquals(lines("calm"), lines(name), name);
    assertEquals(String.join("\n", names("calm")), String.join("\n", names(name)), name);
    assertEquals(
        Ran.json(folder.resolve("calm/report.json")),
        Ran.json(folder.resolve(name).resolve("report.json")));
  }

  /** What rounds.jsonl says, but for the times. */
  private List<JsonNode> lines(String name) {
    List<JsonNode> lines = Ran.lines(folder.resolve(name).resolve(RoundsLog.FILE));
    lines.forEach(
        line -> ((ObjectNode) line).remove(List.of("seconds", "compute_seconds", "step_seconds")));
    return lines;
  }

  /** All files of a run but for checkpoints, of which one more may be left. */
  private List<String> names(String name) throws IOException {
    Path run = folder.resolve(name);
    try (Stream<Path> files = Files.walk(run)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> run.relativize(file).toString())
          .filter(file -> !file.startsWith("checkpoints/"))
          .sorted()
          .toList();
    }
  }

  private static void delete(Path run) throws IOException {
    new LocalStorage().delete(run.toString());
  }
}
