package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A job file that breaks a rule is refused in one line before Spark starts. */
final class BadJobFileTest {
  private static final String GOOD = "table: t.csv\nlabel: y\noutput: out\n";

  @TempDir private Path folder;

  static Stream<Arguments> files() {
    return Stream.of(
        row("a map that never ends", "table: {path: t.csv\nlabel: y\n", ":2: ", "expected ',' or"),
        row("a tab as indent", "table: t.csv\nnetwork:\n\thidden: 3\n", ":3: ", "'\\t"),
        row("no map", "- table\n", "must be a map of keys"),
        row("empty file", "", "must be a map of keys"),
        row("two documents", GOOD + "---\nlabel: z\n", ":4: ", "single document"),
        row(
            "unknown key",
            GOOD + "trainig: {epochs: 3}\n",
            ":4: ",
            "unknown key trainig",
            "(did you mean training?)"),
        row(
            "unknown key inside",
            GOOD + "optimizer:\n  type: adam\n  lerning_rate: 1\n",
            ":6: ",
            "unknown key optimizer.lerning_rate",
            "(did you mean learning_rate?)"),
        row("nothing near", GOOD + "elephants: 3\n", ":4: ", "unknown key elephants", "known are"),
        row(
            "key of a table",
            GOOD.replace("t.csv", "{path: t, formt: csv}"),
            ":1: ",
            "unknown key table.formt",
            "(did you mean format?)"),
        row(
            "key of a column",
            GOOD + "features:\n  columns:\n    a: {kind: numeric, width: 3}\n",
            ":6: ",
            "unknown key features.columns.a.width"),
        row(
            "a key of another network",
            GOOD + "network: {type: residual, hidden: 3}\n",
            ":4: ",
            "unknown key network.hidden"),
        row(
            "a skip from nowhere",
            GOOD + "network:\n  type: layers\n  layers:\n  - {type: add, from: a}\n",
            ":7: ",
            "network.layers[1].from must be one of [input]",
            "a"),
        row(
            "a layer's name twice",
            GOOD
                + "network:\n  type: layers\n  layers:\n"
                + "  - {type: prelu, name: a}\n  - {type: prelu, name: a}\n",
            ":8: ",
            "network.layers[2].name must be new, however: a"),
        row(
            "a layer without its size",
            GOOD + "network:\n  type: layers\n  layers:\n  - {type: linear}\n",
            ":7: ",
            "network.layers[1].units must be there"),
        row(
            "layers that are no list of maps",
            GOOD + "network: {type: layers, layers: [linear]}\n",
            ":4: ",
            "network.layers must be a list of maps",
            "linear"),
        row(
            "text for a number",
            GOOD + "training: {epochs: many}\n",
            ":4: ",
            "training.epochs",
            "must be a whole number",
            "many"),
        row(
            "fraction for a whole",
            GOOD + "training:\n  epochs: 1.5\n",
            ":5: ",
            "training.epochs",
            "must be a whole number",
            "1.5"),
        row(
            "zero for a positive",
            GOOD + "training: {batch: 0}\n",
            ":4: ",
            "training.batch",
            "must be positive",
            "0"),
        row(
            "number for a flag",
            GOOD + "features: {numeric: {log: 1}}\n",
            ":4: ",
            "features.numeric.log",
            "must be true or false"),
        row("list for a text", GOOD + "weight: [w]\n", ":4: ", "weight", "must be a text"),
        row("text for a map", GOOD + "network: deep\n", ":4: ", "network", "must be a map"),
        row(
            "sizes",
            GOOD + "network: {hidden: [12, x]}\n",
            ":4: ",
            "network.hidden",
            "must be a list of positive whole numbers",
            "x"),
        row(
            "constant",
            GOOD + "network: {activation: relou}\n",
            ":4: ",
            "network.activation",
            "must be one of",
            "relu",
            "relou"),
        row("key twice", GOOD + "label: z\n", ":4: ", "label", "twice"),
        row(
            "key twice inside",
            GOOD + "training:\n  epochs: 1\n  epochs: 2\n",
            ":6: ",
            "epochs",
            "twice"),
        row(
            "unknown variable",
            GOOD.replace("out", "runs/${nam}") + "vars: {name: a}\n",
            ":3: ",
            "${nam}",
            "vars",
            "name"),
        row(
            "variable that is a map",
            "vars: {a: {b: 1}}\n" + GOOD.replace("out", "${a}"),
            ":4: ",
            "${a}"),
        row("vars is a list", "vars: [1]\n" + GOOD, ":1: ", "vars", "must be a map"),
        row("no table", "label: y\noutput: out\n", "table", "must be there"),
        row("no label", "table: t.csv\noutput: out\n", "label", "must be there"),
        row("no output", "table: t.csv\nlabel: y\n", "output", "must be there"),
        row(
            "label without column",
            GOOD.replace("label: y", "label: {task: regression}"),
            ":2: ",
            "label.column",
            "must be there"),
        row(
            "two sources",
            GOOD.replace("t.csv", "{path: t, sql: select 1}"),
            ":1: ",
            "one of path, name and sql",
            "2"),
        row(
            "no source",
            GOOD.replace("t.csv", "{where: a > 1}"),
            ":1: ",
            "one of path, name and sql",
            "0"),
        row(
            "format of a query",
            GOOD.replace("t.csv", "{sql: select 1, format: csv}"),
            ":1: ",
            "format",
            "path"),
        row("validation of 1", GOOD + "validation: 1\n", ":4: ", "validation", "must be in [0, 1)"),
        row(
            "nothing to train on",
            GOOD + "validation: 0.5\ntest: 0.5\n",
            "must leave rows to train on"),
        row(
            "negative rate",
            GOOD + "optimizer:\n  learning_rate: -0.1\n",
            "optimizer",
            "learning_rate must be positive",
            "-0.1"),
        row(
            "dropout of 1",
            GOOD + "network:\n  dropout: 1.0\n",
            "network",
            "dropout",
            "must be in [0, 1)"),
        row("beta of 1", GOOD + "optimizer:\n  beta1: 1.0\n", "optimizer", "beta1"),
        row("anchor", "table: &a t.csv\nlabel: y\noutput: *a\n", ":1: ", "anchors"),
        row("tag", GOOD + "seed: !!python/object:x 1\n", ":4: ", "tag"),
        row("number beyond 64 bits", GOOD + "seed: 99999999999999999999\n", ":4: ", "64 bits"),
        row(
            "patience beyond 32 bits",
            GOOD + "training: {patience: 3000000000}\n",
            ":4: ",
            "training.patience"),
        row("negative patience", GOOD + "training: {patience: -1}\n", ":4: ", "training.patience"),
        row("weight as label", GOOD + "weight: y\n", "weight", "label"),
        row(
            "unknown way with what is not finite",
            GOOD + "training: {non_finite: ignore}\n",
            ":4: ",
            "training.non_finite",
            "must be one of",
            "retry",
            "ignore"),
        row(
            "layer figures before the first round",
            GOOD + "training: {layer_figures_every: -1}\n",
            ":4: ",
            "training.layer_figures_every",
            "-1"),
        row(
            "unknown monitor",
            GOOD + "training: {monitor: acuracy}\n",
            "training.monitor",
            "must be one of",
            "acuracy"));
  }

  private static Arguments row(String name, String file, String... words) {
    return Arguments.of(name, file, List.of(words));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void refused(String name, String text, List<String> words) throws IOException {
    String file = Files.writeString(folder.resolve("job.yaml"), text).toString();
    List<String> expected = new ArrayList<>(words);
    expected.add(file);
    assertRefused(Ran.lakeprop("train", file), expected);
  }

  static Stream<Arguments> overrides() {
    return Stream.of(
        row("no equals sign", "epochs", "--set", "key=value", "epochs"),
        row("no key", "=3", "--set", "key=value"),
        row("unknown key", "training.epoch=3", "--set", "unknown key training.epoch", "epochs?"),
        row("wrong type", "training.epochs=x", "--set training.epochs=x", "whole number"),
        row("below a plain value", "label.kolumn.x=3", "--set", "label", "must be a map"),
        row("broken YAML", "network.hidden=[1", "--set network.hidden=[1", "expected"));
  }

  @ParameterizedTest(name = "--set with {0}")
  @MethodSource("overrides")
  void refusedOverride(String name, String override, List<String> words) throws IOException {
    String file = Files.writeString(folder.resolve("job.yaml"), GOOD).toString();
    assertRefused(Ran.lakeprop("train", file, "--set", override), words);
  }

  @Test
  void missingFile() {
    String file = folder.resolve("none.yaml").toString();
    assertRefused(Ran.lakeprop("train", file), List.of(file, "must exist"));
  }

  @Test
  void fileThatIsNoText() throws IOException {
    Path file = Files.write(folder.resolve("job.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 3});
    assertRefused(Ran.lakeprop("train", file.toString()), List.of(file.toString(), "UTF-8"));
  }

  @Test
  void stacktraceOnRequest() throws IOException {
    String file = Files.writeString(folder.resolve("job.yaml"), "").toString();
    assertTrue(Ran.lakeprop("--stacktrace", "train", file).err().contains("\tat "));
    assertTrue(Ran.lakeprop("train", file, "--stacktrace").err().contains("\tat "));
  }

  static Stream<Arguments> usage() {
    return Stream.of(
        Arguments.of(List.of(), "a command is missing"),
        Arguments.of(List.of("trian", "job.yaml"), "trian"),
        Arguments.of(List.of("train"), "JOB"),
        Arguments.of(List.of("train", "job.yaml", "--overwrit"), "--overwrit"),
        Arguments.of(List.of("train", "a.yaml", "b.yaml"), "b.yaml"),
        Arguments.of(List.of("evaluate", "--table", "t"), "--model"),
        Arguments.of(List.of("predict", "--model", "m", "--table", "t"), "--output"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("usage")
  void usageIsShown(List<String> arguments, String words) {
    Ran ran = Ran.lakeprop(arguments.toArray(String[]::new));
    assertEquals(2, ran.code());
    assertTrue(ran.errors().get(0).contains(words), ran.err());
    assertTrue(ran.err().matches("(?s).*(Usage: lakeprop|Did you mean|Possible).*"), ran.err());
    assertFalse(ran.err().contains("\tat "), ran.err());
  }

  private static void assertRefused(Ran ran, List<String> words) {
    Refusal.assertRefused(ran, words);
    assertEquals("", ran.out(), "nothing was started");
  }
}
