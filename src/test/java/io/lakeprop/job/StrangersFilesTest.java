package io.lakeprop.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Provenance;
import io.lakeprop.model.Storage;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders of strangers: nothing in them commands the terminal, fills the memory or is waited for.
 */
final class StrangersFilesTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @BeforeEach
  void aModel() throws IOException {
    FeatureEncoder encoder =
        new FeatureEncoder(
            List.of(
                new Feature.Numeric(
                    "x\u001b]0;owned\u0007\u202egpj",
                    false,
                    new NumberTransform.Affine(0, 1),
                    false)));
    LabelEncoder label =
        new LabelEncoder.Classes("y\nfeature    forged", "string", List.of("a\u009b31m", "größe"));
    Network network =
        Network.perceptron(Model.inputOf(encoder), List.of(3), Nonlinearity.TANH, 0, 1);
    Provenance provenance = new Provenance("1\u001b[2J", 1, "ejml", 1, 60, "0", List.of());
    float[] theta = Initializer.suited(network, 1);
    RunMark.own().write(new LocalStorage(), folder.resolve("run").toString());
    ModelFiles.write(
        new LocalStorage(),
        folder.resolve("run/model").toString(),
        new Model(encoder, label, network, new BinaryCrossEntropy(), theta, provenance));
  }

  private Ran describe(String scheme) {
    return Assertions.assertTimeoutPreemptively(
        SOON, () -> Ran.lakeprop("describe", scheme + folder.resolve("run")));
  }

  @Test
  void describeShowsWhatWouldCommandATerminal() {
    String out = describe("").done().out();
    assertTrue(out.contains("feature    x\\u001b]0;owned\\u0007\\u202egpj: 1 numbers\n"), out);
    assertTrue(
        out.contains("label      y\\u000afeature    forged, classes [a\\u009b31m, größe]\n"), out);
    assertTrue(out.contains("1\\u001b[2J"), out);
    assertFalse(out.matches("(?s).*[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u202e].*"), out);
  }

  /** The console of a training, and what a command fails with. */
  @Test
  void theConsoleShowsThemToo() throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("j.yaml"), "table: t\nlabel: y\noutput: o\n\"label\\e[31m\": y\n");
    Ran ran = Ran.lakeprop("train", job.toString());
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("label\\u001b[31m"), ran.err());
    assertFalse(ran.err().contains("\u001b"), ran.err());
    Ran model = Ran.lakeprop("describe", folder + "/\u001b[2Jnone");
    assertTrue(model.err().contains("\\u001b[2Jnone"), model.err());
  }

  static Stream<Arguments> odd() {
    return Stream.of("", "file://")
        .flatMap(
            scheme ->
                Stream.of(
                        "model/SHA256SUMS",
                        "model/model.json",
                        "model/theta.safetensors",
                        "job.yaml")
                    .flatMap(
                        file ->
                            Stream.of("pipe", "/dev/zero", "folder", "3 GB")
                                .map(kind -> new Arguments(scheme, file, kind))));
  }

  record Arguments(String scheme, String file, String kind) {}

  @ParameterizedTest
  @MethodSource("odd")
  void whatIsNoFileIsNotOpenedAndAVeryLongOneNotKept(Arguments odd) throws Exception {
    Path file = folder.resolve("run").resolve(odd.file());
    Files.deleteIfExists(file);
    switch (odd.kind()) {
      case "pipe" ->
          assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
      case "folder" -> Files.createDirectory(file);
      case "3 GB" -> {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
          sparse.setLength(3L << 30);
        }
      }
      default -> Files.createSymbolicLink(file, Path.of(odd.kind()));
    }
    Ran ran = describe(odd.scheme());
    assertEquals(2, ran.code(), ran.err());
    String words =
        odd.kind().equals("3 GB") ? "must have at most " : "must be a file, however: it is";
    assertTrue(ran.err().contains(odd.file() + " " + words), ran.err());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPipeIsRefusedByEveryStorage(boolean local) throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Storage storage = local ? new LocalStorage() : new HadoopStorage(new Configuration());
    Assertions.assertTimeoutPreemptively(
        SOON,
        () -> {
          assertThrows(InvalidInput.class, () -> storage.read(pipe.toString()));
          assertThrows(InvalidInput.class, () -> storage.read(pipe.toString(), 10));
          assertThrows(InvalidInput.class, () -> storage.open(pipe.toString()));
        });
    assertThrows(IOException.class, () -> storage.open(folder.resolve("none").toString()));
  }

  /** Somebody who names a pipe as job file means it. */
  @Test
  void aJobFileMayBeAPipe() throws Exception {
    Path pipe = folder.resolve("job");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Process writer =
        new ProcessBuilder(
                "sh", "-c", "printf 'table: t\\nlabel: y\\noutput: o\\ntrainin: 1\\n' > " + pipe)
            .start();
    Ran ran = Ran.lakeprop("train", pipe.toString());
    assertEquals(0, writer.waitFor());
    assertTrue(ran.err().contains("trainin"), ran.err());
    Ran endless = Ran.lakeprop("train", "/dev/zero");
    Refusal.assertRefused(endless, List.of("/dev/zero must have at most 1048576 characters"));
  }

  /** {@code --json} replaces what the same command has written, and nothing else. */
  @Test
  void aReportReplacesNoFileOfAnotherKind() throws IOException {
    Path costs = folder.resolve("costs.json");
    String[] command = {"describe", folder.resolve("run").toString(), "--json", ""};
    command[3] = costs.toString();
    Ran.lakeprop(command).done();
    String first = Files.readString(costs);
    Ran.lakeprop(command).done();
    assertEquals(first, Files.readString(costs));
    FolderTree.make(
        folder,
        Map.of(
            "notes.txt", "mine",
            "list.json", "[1]",
            "other.json", "{\"rows\": 1, \"mine\": 2}",
            "half.json", "{\"layers\":",
            "history.json", first + first,
            "noted.json", first.replaceFirst("\\{", "{\"mine\": 2,"),
            "unmarked.json", first.replaceFirst("\"lakeprop\" : \"describe\",", ""),
            "evaluated.json", "{\"lakeprop\": \"evaluate\", \"rows\": 1}",
            "twice.json", first.replaceFirst("\\{", "{\"piece\": 2,"),
            "empty.json", ""));
    FolderTree.make(folder, Map.of("run/other/DONE", ""));
    Files.createSymbolicLink(folder.resolve("nowhere.json"), folder.resolve("gone.json"));
    for (String file :
        List.of(
            "notes.txt",
            "list.json",
            "other.json",
            "half.json",
            "history.json",
            "noted.json",
            "unmarked.json",
            "evaluated.json",
            "twice.json",
            "empty.json",
            "nowhere.json",
            "run/model/model.json",
            "run/model/costs.json",
            "run/DONE",
            "run/report.json",
            "run/checkpoints/costs.json",
            "run/other/DONE",
            "run")) {
      command[3] = folder.resolve(file).toString();
      Map<String, String> before = FolderTree.of(folder);
      Ran ran = Ran.lakeprop(command);
      assertEquals(2, ran.code(), file + ran.err());
      assertTrue(ran.err().contains(command[3]), ran.err());
      assertEquals(before, FolderTree.of(folder));
    }
  }

  /** Told before the work, and not once it is done. */
  @Test
  void aReportThatCannotBeWrittenIsRefusedFirst() throws IOException {
    FolderTree.make(folder, Map.of("file", "mine"));
    Map<String, String> before = FolderTree.of(folder);
    Map<String, String> reasons =
        Map.of(
            folder + "/file/x.json",
            folder + "/file is a file",
            folder + "/file/far/x.json",
            folder + "/file is a file",
            "/proc/x.json",
            "no file can be made there",
            folder + "/" + "x".repeat(240),
            "File name too long");
    for (Map.Entry<String, String> reason : reasons.entrySet()) {
      String[] describe = {"describe", folder + "/run", "--json", reason.getKey()};
      Ran ran = Ran.lakeprop(describe);
      assertEquals(2, ran.code(), ran.err());
      assertTrue(
          ran.err()
              .contains(
                  "--json %s must be in a folder that can be written, however: %s"
                      .formatted(reason.getKey(), reason.getValue())),
          ran.err());
      assertEquals("", ran.out());
    }
    // A refusal for another reason leaves no folder that is still to be made.
    Ran ran = Ran.lakeprop("describe", folder + "/none", "--json", folder + "/new/far/x.json");
    assertEquals(2, ran.code(), ran.err());
    assertEquals(before, FolderTree.of(folder));
    Ran.lakeprop("describe", folder + "/run", "--json", folder + "/new/far/x.json").done();
    assertEquals("describe", Ran.json(folder.resolve("new/far/x.json")).get("lakeprop").asText());
  }

  /** A link stays one, and a file is there whole or not at all. */
  @Test
  void aReportIsWrittenAsideAndBehindLinks() throws IOException {
    Path costs = folder.resolve("run/costs.json");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), costs);
    String run = folder.resolve("run").toString();
    Ran.lakeprop("describe", run, "--json", costs.toString()).done();
    Ran.lakeprop("describe", run, "--piece", "7", "--json", link.toString()).done();
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(7, Ran.json(costs).get("piece").intValue());
    JsonReport report =
        new JsonReport(Places.local(), folder.resolve("a:b.json").toString(), "x", Set.of("y"));
    Files.writeString(folder.resolve("a:b.json"), "somebody's");
    ObjectNode own = new ObjectMapper().createObjectNode().put("y", 1);
    assertThrows(InvalidInput.class, () -> report.write(own));
    assertEquals("somebody's", Files.readString(folder.resolve("a:b.json")));
    Files.delete(folder.resolve("a:b.json"));
    report.write(own);
    assertEquals("{\"lakeprop\":\"x\",\"y\":1}", Ran.json(folder.resolve("a:b.json")).toString());
    assertFalse(FolderTree.of(folder).keySet().toString().contains("writing"));
  }

  @Test
  void aFileTakesThePlaceOfAnother() throws IOException {
    for (Storage storage : List.of(new LocalStorage(), new HadoopStorage(new Configuration()))) {
      FolderTree.make(folder, Map.of("new", "new", "old", "old"));
      storage.replace(folder + "/new", folder + "/old");
      storage.replace(folder + "/old", folder + "/free");
      assertEquals("new", Files.readString(folder.resolve("free")));
      assertFalse(Files.exists(folder.resolve("new")) || Files.exists(folder.resolve("old")));
    }
  }

  /** A pipe has no disk to reach, and its rights are its owner's. */
  @Test
  void aPipeIsWrittenTo() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start().waitFor());
    for (Storage storage : List.of(new LocalStorage(), new HadoopStorage(new Configuration()))) {
      Process reader = new ProcessBuilder("cat", pipe.toString()).start();
      storage.write(pipe.toString(), new byte[] {'o', 'k'});
      assertEquals("ok", new String(reader.getInputStream().readAllBytes(), UTF_8));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(pipe)));
    }
    Process reader = new ProcessBuilder("cat", pipe.toString()).start();
    Ran.lakeprop("describe", folder.resolve("run").toString(), "--json", pipe.toString()).done();
    JsonNode costs = new ObjectMapper().readTree(reader.getInputStream().readAllBytes());
    assertEquals("describe", costs.get("lakeprop").textValue());
    Ran.lakeprop("describe", folder.resolve("run").toString(), "--json", "/dev/null").done();
  }

  /** A sample table is written to a new place only. */
  @Test
  void aSampleTableReplacesNothing() throws IOException {
    Path data = FolderTree.make(folder.resolve("data"), Map.of("years.csv", "of work"));
    Path job =
        Files.writeString(
            folder.resolve("s.yaml"),
            "table: {path: %s, sample: 100}\nlabel: churned\noutput: %s/out\n"
                .formatted(data, folder));
    Refusal.assertRefused(
        Ran.lakeprop("train", job.toString()), List.of("it holds years.csv", "name another path"));
    assertEquals("of work", Files.readString(data.resolve("years.csv")));
    Files.delete(data.resolve("years.csv"));
    Ran.lakeprop("train", job.toString(), "--set", "training.epochs=1").done();
    assertTrue(Files.exists(data.resolve("_SUCCESS")));
  }
}
