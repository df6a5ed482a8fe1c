package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The job that a run writes down says all that holds for it. */
final class CompleteJobTest {
  private static final String ROUNDS = "training.rounds=30";

  @TempDir private static Path folder;

  @BeforeAll
  static void table() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(
          "%d,%d,%s,%d,%.2f"
              .formatted(i * 7 % 23, i * 5 % 17, "abc".charAt(i % 3), i % 2, i % 97 / 7.0));
    }
    Csv.write(folder.resolve("t.csv"), "u,v,three,two,number", rows);
  }

  static Stream<Arguments> jobs() {
    return Stream.of(
        Arguments.of("two", "label: two", List.of("loss.type=binary_cross_entropy")),
        Arguments.of(
            "three",
            "label: three\nloss: {class_weights: balanced, positive_weight: }",
            List.of("loss.type=softmax_cross_entropy", "training.monitor=log_loss")),
        Arguments.of(
            "number",
            "label: {column: number}\nloss: {positive_weight: }",
            List.of("loss.type=squared_error", "loss.label_smoothing=null")),
        Arguments.of(
            "smooth",
            "label: {column: number}\nloss: {label_smoothing: 0}",
            List.of("loss.type=null", "loss.label_smoothing=0")),
        Arguments.of(
            "heads",
            "heads: [{label: three}, {label: number, loss: absolute_error}]",
            List.of("label=null", "loss=null")),
        Arguments.of(
            "several", "label: [two]\ntest: none", List.of("loss.type=binary_cross_entropy")),
        Arguments.of(
            "unjudged",
            "label: two\nvalidation: none",
            List.of("training.monitor=null", "training.patience=null")));
  }

  /** From another folder, too: the table's path is whole. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("jobs")
  void trainsTheSameModelAgain(String name, String label, List<String> said) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path run = folder.resolve(name);
    Path job =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            "table: %s\n%s\noutput: %s\n"
                .formatted(here.relativize(folder.resolve("t.csv")), label, run));
    Ran.lakeprop("train", job.toString(), "--set", ROUNDS).done();
    Path written = run.resolve("job.yaml");
    Yaml.Mapping complete = Yaml.read("job.yaml", Files.readString(written));
    assertEquals(folder.resolve("t.csv").toString(), text(complete, "table.path"));
    for (String key : List.of("training.batch", "training.slices", "training.epochs")) {
      assertTrue(text(complete, key).matches("[0-9]+"), () -> key + ": " + text(complete, key));
    }
    for (String one : said) {
      String[] keyAndValue = one.split("=", -1);
      assertEquals(keyAndValue[1], text(complete, keyAndValue[0]), one);
    }
    Path again = folder.resolve(name + "-again");
    Ran.lakeprop("train", written.toString(), "--set", "output=" + again).done();
    String theta = "model/theta.safetensors";
    assertArrayEquals(
        Files.readAllBytes(run.resolve(theta)), Files.readAllBytes(again.resolve(theta)));
    assertEquals(
        Files.readString(written).replace(run.toString(), again.toString()),
        Files.readString(again.resolve("job.yaml")));
    Path copy = Files.copy(written, folder.resolve(name + "-copy.yaml"));
    for (Path same : List.of(job, copy)) {
      Ran ran = Ran.lakeprop("train", same.toString(), "--resume", "--set", ROUNDS).done();
      assertTrue(ran.out().contains("finished already"), ran.out());
    }
  }

  private static String text(Yaml.Mapping job, String key) {
    Yaml at = job;
    for (String name : key.split("\\.", -1)) {
      at = at instanceof Yaml.Mapping map ? map.entries().get(name) : null;
    }
    return Yaml.isNull(at) ? "null" : ((Yaml.Scalar) at).text();
  }
}
