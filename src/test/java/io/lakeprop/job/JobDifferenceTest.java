package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What may change between a training and its resumption, and what may not. */
final class JobDifferenceTest {
  static Stream<Arguments> pairs() {
    return Stream.of(
        same("nothing", "seed: 1", "seed: 1"),
        same("how it is written", "network: {hidden: [8, 4]}", "network:\n  hidden:\n  - 8\n  - 4"),
        same("the order of keys", "seed: 1\nlabel: y", "label: y\nseed: 1"),
        same("zeros of a number", "network: {dropout: 0.1}", "network: {dropout: 0.10}"),
        same("the output", "output: a", "output: b"),
        same("variables, which are filled in", "vars: {a: 1}", "vars: {b: 2}"),
        same("the table's path", "table: a.csv", "table: b.csv"),
        same("a path in a map", "table: a.csv", "table: {path: b.parquet, format: parquet}"),
        same("several paths", "table: {path: [a, b]}", "table: {path: c}"),
        same("a list of paths", "table: [a, b]", "table: [lake/a, lake/b]"),
        same("a list for one path", "validation: [a, b]", "validation: c"),
        same("a list for a map of paths", "test: [a, b]", "test: {path: [c, d]}"),
        same("a name for a query", "table: {name: a.b}", "table: {sql: SELECT 1}"),
        same("options of the format", "table: {path: a, options: {sep: x}}", "table: a"),
        same("where a validation table is", "validation: a.csv", "validation: b.csv"),
        same("how the test table is read", "test: {path: a}", "test: {path: b, format: orc}"),
        same("checkpoints", "training: {checkpoints: none}", "training: {checkpoints: {keep: 9}}"),
        same("recomputation", "training: {recompute: auto}", "training: {recompute: 2}"),
        same("what is written down", "training: {layer_figures_every: 1}", "training: {}"),
        same("rounds as jobs", "compute: {rounds: job}", "compute: {rounds: resident}"),
        same("a kernel, which is compared as a fact", "compute: {kernel: ejml}", "seed: "),
        same("secrets", "table: {path: a, options: {password: x}}", "table: {path: a}"),
        row("the seed", "seed: 1", "seed: 2", "seed was 1, now 2"),
        row("a fraction", "validation: 0.1", "validation: 0.2", "validation was 0.1, now 0.2"),
        row(
            "a fraction for a table",
            "validation: 0.1",
            "validation: b.csv",
            "validation was 0.1, now a table"),
        row("none for a list", "test: none", "test: [a, b]", "test was none, now a table"),
        row("none for a table", "test: none", "test: b.csv", "test was none, now a table"),
        row(
            "a condition on the table",
            "table: {path: a, where: x > 1}",
            "table: {path: a, where: x > 2}",
            "table.where was x > 1, now x > 2"),
        row(
            "a derived column",
            "table: {path: a, derive: {z: x}}",
            "table: a",
            "table.derive.z was x, now not there"),
        row(
            "bad files",
            "table: {path: a}",
            "table: {path: a, corrupt_files: skip}",
            "table.corrupt_files was not there, now skip"),
        row(
            "one of several widths",
            "network: {hidden: [8, 4]}",
            "network: {hidden: [8, 4, 2]}",
            "network.hidden[2] was not there, now 2"),
        row(
            "a table for what holds without a key",
            "seed: 1",
            "seed: 1\nvalidation: {path: b.csv}",
            "validation was not there, now a table"),
        row(
            "no widths at all",
            "network: {hidden: [8]}",
            "network: {hidden: []}",
            "network.hidden was not there, now []",
            "network.hidden[0] was 8, now not there"),
        row(
            "no widths for those that hold without a key",
            "network: {}",
            "network: {hidden: []}",
            "network.hidden was not there, now []"),
        row(
            "the order of widths",
            "network: {hidden: [8, 4]}",
            "network: {hidden: [4, 8]}",
            "network.hidden[0] was 8, now 4",
            "network.hidden[1] was 4, now 8"),
        row(
            "epochs",
            "training: {epochs: 3}",
            "training: {epochs: 4}",
            "training.epochs was 3, now 4"),
        row(
            "a key that only ends like a free one",
            "label: {output: 1}",
            "label: {output: 2}",
            "label.output was 1, now 2"),
        row(
            "a place that is none of a table",
            "heads: [{path: a}]",
            "heads: [{path: b}]",
            "heads[0].path was a, now b"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void matters(String name, String was, String now, List<String> lines) {
    assertEquals(lines, between(was, now, Set.of()));
    assertEquals(lines.isEmpty(), between(now, was, Set.of()).isEmpty());
  }

  @Test
  void theLengthIsFreeForExtensions() {
    String was = "training: {epochs: 3, rounds: 10, patience: 2, batch: 8}";
    String now = "training: {epochs: 5, batch: 9}";
    assertEquals(List.of("training.batch was 8, now 9"), between(was, now, JobDifference.LENGTH));
  }

  /** Before the data is known; once it is, all of it counts. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "training: {}, loss: {class_weights: balanced} | -",
        "training: {batch: all}, loss: {class_weights: balanced} | -",
        "training: {batch: 8, slices: 2}, loss: {class_weights: balanced} | -",
        "training: {batch: 9}, loss: {class_weights: balanced} | training.batch was 8, now 9",
        "training: {slices: 3}, loss: {class_weights: balanced} | training.slices was 2, now 3",
        "loss: {class_weights: {a: 3}} | loss.class_weights.a was 2, now 3",
        "training: {} | loss.class_weights.a was 2, now not there",
      })
  void onlyWhatIsLeftToTheDataIsFreeBeforeIt(String now, String line) {
    Yaml.Mapping was =
        Yaml.read("f", "training: {batch: 8, slices: 2}\nloss: {class_weights: {a: 2}}");
    Yaml.Mapping job = Yaml.read("f", "{" + now + "}");
    List<String> lines = line == null ? List.of() : List.of(line);
    assertEquals(lines, JobDifference.beforeData(was, job, Set.of()));
    assertFalse(JobDifference.between(was, job, Set.of()).isEmpty());
  }

  /** Balanced weights are written down: a run without any had none. */
  @Test
  void whatTheRunHasNotIsNotLeftToTheData() {
    assertEquals(
        List.of("loss.class_weights was not there, now balanced"),
        JobDifference.beforeData(
            Yaml.read("f", "seed: 1"),
            Yaml.read("f", "seed: 1\nloss: {class_weights: balanced}"),
            Set.of()));
  }

  /** A checkpoint's job has no secrets, so that of now is compared without them, too. */
  @Test
  void redactedSecretsAreAlike() {
    Yaml.Mapping was = redacted("label: y\nfeatures: {columns: {a: {api_token: hunter2}}}");
    Yaml.Mapping now = redacted("label: y\nfeatures: {columns: {a: {api_token: hunter3}}}");
    assertEquals(List.of(), JobDifference.between(was, now, Set.of()));
  }

  private static Yaml.Mapping redacted(String text) {
    return Secrets.ofSpark().redacted(Yaml.read("f", text));
  }

  @Test
  void factsAreNamed() {
    assertEquals(
        List.of("kernel was a, now b", "train.rows was 5, now not there"),
        JobDifference.between(
            new TreeMap<>(Map.of("kernel", "a", "train.rows", "5")),
            new TreeMap<>(Map.of("kernel", "b"))));
  }

  private static List<String> between(String was, String now, Set<String> free) {
    return JobDifference.between(Yaml.read("f", was), Yaml.read("f", now), free);
  }

  private static Arguments same(String name, String was, String now) {
    return Arguments.of(name, was, now, List.of());
  }

  private static Arguments row(String name, String was, String now, String... lines) {
    return Arguments.of(name, was, now, List.of(lines));
  }
}
