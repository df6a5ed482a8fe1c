package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.job.RunFolder.Earlier;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.spark.TestProcesses;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A locale's digits and letters, a machine's encoding and its time zone never reach a file. */
final class LocaleTest {
  @TempDir private Path folder;

  /** What is not the command line's: it may run in anybody's process. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ar-EG",
        "fa-IR",
        "ne-NP",
        "mr-IN",
        "bn-BD",
        "my-MM",
        "th-TH-u-nu-thai",
        "tr-TR",
        "de-DE"
      })
  void ofTheDefaultNothingShows(String tag) throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.ROOT);
      Map<String, String> expected = trained("root");
      Locale.setDefault(Locale.forLanguageTag(tag));
      assertEquals(expected, trained("other"));
    } finally {
      Locale.setDefault(before);
    }
  }

  private Map<String, String> trained(String name) throws IOException {
    Path run = folder.resolve(name);
    Console silent =
        new Console(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), false);
    LocalStorage storage = new LocalStorage();
    assertEquals(0, new SmallTraining(storage, silent, run.toString(), 6, 3).run(Earlier.REFUSE));
    assertEquals(0, new SmallTraining(storage, silent, run.toString(), 12, 3).run(Earlier.EXTEND));
    assertTrue(Files.exists(run.resolve("checkpoints/round-000000012/SHA256SUMS")));
    return comparable(run, name);
  }

  /** All files but for times and the folder's own name. */
  private static Map<String, String> comparable(Path run, String name) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    FolderTree.of(run)
        .forEach(
            (path, bytes) -> {
              String text = bytes.replace("/" + name, "/NAME");
              if (path.startsWith("rounds")) {
                text = text.replaceAll("\"[a-z_]*seconds\":[^,}]+", "");
              }
              // Digests of a job that has its folder's name.
              tree.put(path, path.matches("(run/)?checkpoints/round-.*SHA256SUMS") ? "sums" : text);
            });
    return tree;
  }

  /** Trains, goes on, trains on, describes and predicts. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path run = Path.of("run");
      done("train", "job.yaml");
      Files.delete(run.resolve("DONE"));
      done("train", "job.yaml", "--resume");
      done("train", "job.yaml", "--extend", "--set", "training.epochs=2");
      done("describe", "run", "--json", "costs.json");
      done("evaluate", "--model", "run", "--table", "../orc", "--json", "orc.json");
      done("evaluate", "--model", "run", "--table", "größen.csv", "--json", "csv.json");
      done(
          "predict",
          "--model",
          "run",
          "--table",
          "größen.csv",
          "--output",
          "scored",
          "--output-format",
          "csv");
      System.exit(0);
    }

    private static void done(String... arguments) {
      if (Main.run(arguments) != 0) {
        throw new IllegalStateException(String.join(" ", arguments));
      }
    }
  }

  @Test
  void theCommandsGiveTheSameFilesAnywhere() throws Exception {
    Process english = start("en", "-Duser.language=en", "-Duser.country=US", "-Duser.timezone=UTC");
    TestSpark.session()
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .csv(folder.resolve("en").resolve("größen.csv").toString())
        .write()
        .orc(folder.resolve("orc").toString());
    Process arabic =
        start(
            "ar",
            "-Duser.language=ar",
            "-Duser.country=EG",
            "-Dfile.encoding=ISO-8859-1",
            "-Duser.timezone=Asia/Kathmandu");
    assertEquals(0, english.waitFor(), log("en"));
    assertEquals(0, arabic.waitFor(), log("ar"));
    assertEquals(files("en"), files("ar"));
    // The times are the same in CSV, which knows of no machine's zone, and in ORC.
    assertTrue(files("en").get("run/model/model.json").contains("\"wann\""));
    assertEquals(
        Ran.json(folder.resolve("en/csv.json")).at("/metrics"),
        Ran.json(folder.resolve("ar/orc.json")).at("/metrics"));
    String out = log("ar");
    assertTrue(out.contains("round 2/") || out.contains("rounds"), out);
    assertTrue(out.chars().noneMatch(c -> Character.isDigit(c) && c > '9'), out);
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"), StandardCharsets.ISO_8859_1);
  }

  private Process start(String name, String... settings) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    StringBuilder table = new StringBuilder("größe,färbung,wann,art\n");
    for (int row = 0; row < 300; row++) {
      table.append(
          "%s,%s,2024-01-05 %02d:00:00,%s\n"
              .formatted(
                  row * 37 % 101 / 8.0,
                  row % 3 == 0 ? "grün" : "weiß",
                  row % 24,
                  row * 37 % 101 > 50 ? "夏" : "été"));
    }
    Files.writeString(own.resolve("größen.csv"), table);
    Files.writeString(
        own.resolve("job.yaml"),
        """
        table: größen.csv
        label: art
        output: run
        network: {hidden: [4]}
        training: {epochs: 1, batch: 64, checkpoints: {every_rounds: 1}}
        compute: {rounds: job, kernel: ejml}
        """);
    List<String> command = TestProcesses.java();
    command.add("-Dsun.jnu.encoding=UTF-8");
    command.addAll(List.of(settings));
    command.add("-Dlog4j2.configurationFile=" + Path.of("conf", "log4j2.properties").toUri());
    TestSpark.settings("local[1]").forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add(Child.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).directory(own.toFile());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
    return builder.start();
  }

  /** But for times, and for names that Spark draws. */
  private Map<String, String> files(String name) throws IOException {
    Map<String, String> files = new TreeMap<>();
    comparable(folder.resolve(name), name)
        .forEach(
            (path, text) -> {
              if (path.equals("run/report.json")) {
                ObjectNode report = (ObjectNode) Ran.json(folder.resolve(name).resolve(path));
                report.remove(
                    List.of("finished", "seconds", "phases", "rows_per_second", "faults"));
                files.put(path, report.toString());
              } else if (path.startsWith("run/rounds")) {
                files.put(path, text.replaceAll("\"[a-z_]*seconds\":[^,}]+", ""));
              } else if (!path.endsWith(".crc") && !path.startsWith("run/checkpoints/best")) {
                files.put(path.replaceAll("part-.*", "part"), text);
              }
            });
    return files;
  }
}
