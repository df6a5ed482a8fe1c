package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A key that is unknown or missing is refused by its cause, at every level of a job file. */
final class KeyAdviceTest {
  private static final String GOOD = "table: t.csv\nlabel: y\noutput: out\n";
  private static final String HEADS =
      "table: t.csv\noutput: out\nheads:\n- {label: a}\n- {label: b}\n";

  static Stream<Arguments> files() {
    return Stream.of(
        row("tabel", GOOD.replace("table", "tabel"), ":1: unknown key tabel (did you mean table?)"),
        row("lable", GOOD.replace("label", "lable"), ":2: unknown key lable (did you mean label?)"),
        row("Label", GOOD.replace("label", "Label"), ":2: unknown key Label (did you mean label?)"),
        row(
            "target",
            GOOD.replace("label", "target"),
            ":2: unknown key target (did you mean label"),
        row("ouput", GOOD.replace("output", "ouput"), ":3: unknown key ouput (did you mean output"),
        row(
            "the first of several that are missing",
            "tabel: t\nlable: y\nouput: o\n",
            ":3: unknown key ouput (did you mean output?)"),
        row("nothing near", GOOD.replace("label", "elephant"), "key label must be there"),
        row("column", GOOD.replace(": y", ": {colum: y}"), ":2: unknown key label.colum (did you"),
        row("kind", columns("{knd: numeric}"), "columns.a.knd (did you mean kind?)"),
        row("type of a layer", layers("{typ: linear, units: 3}"), "[1].typ (did you mean type?)"),
        row("units", layers("{type: linear, unit: 3}"), "[1].unit (did you mean units?)"),
        row("from", layers("{type: add, form: input}"), "[1].form (did you mean from?)"),
        row("function", layers("{type: activation, func: relu}"), "[1].func"),
        row("average", training("average: {tpye: ema}"), "average.tpye (did you mean type?)"),
        row(
            "times",
            schedule("{type: multi_step, at_epoch: [3]}"),
            "at_epoch (did you mean at_epo"),
        row("label of a head", HEADS.replace("label: b", "lable: b"), "[2].lable (did you mean la"),
        row(
            "empty label",
            GOOD.replace(": y", ":"),
            ":2: key label must be there, however: it is e"),
        row(
            "label of no letters",
            GOOD.replace(": y", ": ''"),
            ":2: label must be a text, however:"),
        row(
            "table of none",
            GOOD.replace("t.csv", "''"),
            ":1: table must be a text, however: it is"),
        row("output of none", GOOD.replace("out\n", "''\n"), ":3: output must be a text, however:"),
        row(
            "layers",
            GOOD + "network:\n  layers:\n  - {type: linear, units: 3}\n",
            ":6: network.layers needs network.type: layers, however: network.type is perceptron"),
        row(
            "blocks",
            GOOD + "network: {type: perceptron, blocks: 3}\n",
            "network.blocks needs network.type: residual, however: network.type is perceptron"),
        row(
            "beta1",
            optimizer("{type: sgd, beta1: 0.9}"),
            "optimizer.beta1 needs optimizer.type: adam, adamw, adamax, nadam, radam, lamb or lion,"
                + " however: optimizer.type is sgd"),
        row(
            "momentum of the default",
            optimizer("{momentum: 0.9}"),
            "optimizer.momentum needs optimizer.type: momentum, nesterov, rmsprop or lars,"
                + " however: optimizer.type is adamw"),
        row(
            "clipping beside lbfgs",
            optimizer("{type: lbfgs, clip_norm: 1}"),
            "needs optimizer.type"),
        row(
            "rate_batch",
            optimizer("{rate_batch: 256}"),
            "needs optimizer.rate_scaling: linear or square_root, however: optimizer.rate_scaling"
                + " is none"),
        row(
            "a slip in a key of another type",
            optimizer("{type: sgd, beta_1: 0.9}"),
            "unknown key optimizer.beta_1 (did you mean beta1, which needs optimizer.type: adam, "),
        row(
            "delta",
            GOOD + "loss: {type: squared_error, delta: 1}\n",
            "loss.delta needs loss.type: huber, however: loss.type is squared_error"),
        row(
            "delta without a type",
            GOOD + "loss: {delta: 1}\n",
            "loss.delta needs loss.type: huber, however: loss.type is not given"),
        row(
            "delta of a head",
            HEADS.replace("b}", "b, loss: {type: hinge, delta: 1}}"),
            "heads[2].loss.delta needs heads[2].loss.type: huber, however: heads[2].loss.type is"
                + " h"),
        row(
            "factor",
            schedule("{type: cosine, factor: 0.1}"),
            "schedule.factor needs optimizer.schedule.type: step, multi_step, exponential or"
                + " reduce_"),
        row(
            "decay of an average",
            training("average: {type: uniform, decay: 0.9}"),
            "training.average.decay needs training.average.type: exponential, however:"),
        row(
            "value of zeros",
            GOOD + "network: {initializer: {type: zeros, value: 1}}\n",
            "network.initializer.value needs network.initializer.type: constant, however:"),
        row(
            "rate of a linear layer",
            layers("{type: linear, units: 3, rate: 0.1}"),
            "[1].rate needs network.layers[1].type: dropout or alpha_dropout, however:"),
        row(
            "initializer of prelu",
            layers("{type: prelu, initializer: zeros}"),
            "[1].initializer needs network.layers[1].type: linear, however:"),
        row(
            "one_hot_up_to of numbers",
            columns("{kind: numeric, one_hot_up_to: 3}"),
            "columns.a.one_hot_up_to needs features.columns.a.kind: categorical, however:"),
        row(
            "learning_rate",
            GOOD + "learning_rate: 1\n",
            "(did you mean optimizer.learning_rate?)"),
        row("lr", GOOD + "lr: 1\n", "(did you mean optimizer.learning_rate?)"),
        row("epochs", GOOD + "epochs: 3\n", "(did you mean training.epochs?)"),
        row("batch_size", GOOD + "batch_size: 3\n", "(did you mean training.batch?)"),
        row(
            "batch_size inside",
            training("batch_size: 3"),
            "training.batch_size (did you mean bat"),
        row("batch of optimizer", optimizer("{batch: 3}"), "(did you mean training.batch?)"),
        row("hidden", GOOD + "hidden: [3]\n", "(did you mean network.hidden?)"),
        row("Seed", GOOD + "Seed: 3\n", "unknown key Seed (did you mean seed?)"),
        row("early-stopping", training("early-stopping: 3"), "(did you mean patience?)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void namesTheCause(String name, String file, String words) {
    String message = message(file);
    assertTrue(message.startsWith("job.yaml:"), message);
    assertTrue(message.contains(words), message);
  }

  @Test
  void theFileIsAsItWas() {
    Yaml.Mapping job = Yaml.read("job.yaml", optimizer("{type: sgd, beta_1: 0.9}"));
    String before = Yaml.write(job);
    assertThrows(InvalidInput.class, () -> JobReader.read(job));
    assertEquals(before, Yaml.write(job));
  }

  @Test
  void aTableMayBeSeveralFiles() {
    Job job = JobReader.read(Yaml.read("job.yaml", GOOD.replace("t.csv", "[a.csv, b.csv]")));
    assertEquals("a.csv, b.csv", job.data().train().describe());
  }

  /** The cause is looked for by reading again, not once for each column. */
  @Test
  void aThousandColumnsTakeNoTime() {
    StringBuilder file = new StringBuilder(GOOD + "features:\n  columns:\n");
    for (int i = 0; i < 1000; i++) {
      file.append("    c%d: {kind: numeric, scaling: robust}\n".formatted(i));
    }
    file.append("elephants: 3\n");
    String message =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> message(file.toString()));
    assertTrue(message.contains("unknown key elephants (known are"), message);
  }

  private static String message(String file) {
    return assertThrows(
            InvalidInput.class,
            () -> JobReader.read(JobTree.resolve("job.yaml", file, List.of(), Map.of())))
        .getMessage();
  }

  private static String columns(String column) {
    return GOOD + "features: {columns: {a: " + column + "}}\n";
  }

  private static String layers(String layer) {
    return GOOD + "network: {type: layers, layers: [" + layer + "]}\n";
  }

  private static String training(String key) {
    return GOOD + "training: {" + key + "}\n";
  }

  private static String optimizer(String map) {
    return GOOD + "optimizer: " + map + "\n";
  }

  private static String schedule(String map) {
    return optimizer("{schedule: " + map + "}");
  }

  private static Arguments row(String name, String file, String words) {
    return Arguments.of(name, file, words);
  }
}
