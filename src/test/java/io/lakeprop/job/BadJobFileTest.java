package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A job file that breaks a rule is refused in one line before Spark starts. */
final class BadJobFileTest {
  private static final String GOOD = "table: t.csv\nlabel: y\noutput: out\n";
  private static final String HEADS =
      "table: t.csv\noutput: out\nheads:\n- {label: a}\n- {label: b}\n";

  private static String labels(String list) {
    return GOOD.replace("label: y", "label: " + list);
  }

  @TempDir private Path folder;

  static Stream<Arguments> files() {
    return Stream.of(
        row("a map that never ends", "table: {path: t.csv\nlabel: y\n", ":2: ", "expected ',' or"),
        row("a tab as indent", "table: t.csv\nnetwork:\n\thidden: 3\n", ":3: ", "'\\t"),
        row("no map", "- table\n", "must be a map of keys"),
        row("empty file", "", "must be a map of keys"),
        row(
            "a table in place of a job",
            "a,b\n1,2\n3,4\n",
            "must be a map of keys, however: it is one"),
        row("a byte order mark", "\ufefflabel: y\n", "key output must be there"),
        row(
            "line ends of Windows",
            GOOD.replace("\n", "\r\n") + "sed: 1\r\n",
            ":4: ",
            "(did you mean seed?)"),
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
            "features.columns.a.width needs features.columns.a.kind: categorical"),
        row(
            "a key of another network",
            GOOD + "network: {type: residual, hidden: 3}\n",
            ":4: ",
            "network.hidden needs network.type: perceptron, however: network.type is residual"),
        row(
            "clipping beside a line search",
            GOOD + "optimizer: {type: lbfgs, clip_norm: 1}\n",
            ":4: ",
            "optimizer.clip_norm needs optimizer.type: sgd, "),
        row(
            "an average of what a line search tries",
            GOOD + "optimizer: {type: lbfgs}\ntraining: {average: uniform}\n",
            ":5: ",
            "training.average must be none for lbfgs",
            "uniform"),
        row(
            "more steps than a checkpoint has room for",
            GOOD + "optimizer: {type: lbfgs, history: 499}\n",
            ":4: ",
            "optimizer.history must be at most 498, which checkpoints have room for, however: 499",
            "training.checkpoints: none"),
        row(
            "the same with a copy of them to go back to",
            GOOD
                + "optimizer: {type: lbfgs, history: 2147483647}\n"
                + "training: {non_finite: retry}\n",
            ":4: ",
            "must be at most 248 with training.non_finite: retry, which",
            "2147483647"),
        row(
            "a rate that a line search has no use for",
            GOOD + "optimizer:\n  type: lbfgs\n" + "  groups: [{role: bias, rate: 2}]\n",
            ":5: ",
            "a group of lbfgs must be frozen or have no rate",
            "rate=2"),
        row(
            "a loss that changes from round to round",
            GOOD + "optimizer: {type: lbfgs}\nnetwork: {dropout: 0.2}\n",
            ":5: ",
            "must have the same loss in every round for lbfgs",
            "\"hidden1.dropout\" is dropout 0.2"),
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
        group(
            "slots and role",
            "{slots: '*', role: bias, rate: 2}",
            "a group must have one of slots and role, however: role=bias"),
        group(
            "neither", "{rate: 2}", "a group must have one of slots and role, however: role=none"),
        group(
            "nothing to do",
            "{role: bias}",
            "a group must have one of rate, weight_decay and frozen, however: frozen=false"),
        group(
            "not frozen after all",
            "hidden1.*",
            "a group must have one of rate, weight_decay and frozen, however: frozen=false"),
        group(
            "frozen with a rate",
            "{slots: h*, rate: 2, frozen: true}",
            "a frozen group must have no rate and no weight_decay, however: frozen=true"),
        group(
            "frozen with a decay",
            "{slots: h*, weight_decay: 0.1, frozen: true}",
            "a frozen group must have no rate and no weight_decay, however: frozen=true"),
        group("rate 0", "{role: bias, rate: 0}", "rate must be positive", "rate=0"),
        group(
            "negative decay",
            "{role: bias, weight_decay: -1}",
            "weight_decay must be at least 0 and finite, however: weight_decay=-1"),
        group("unknown role", "{role: biass, rate: 1}", "groups.role must be one of [weight, bias"),
        group("unknown key", "{role: bias, rat: 1}", "unknown key optimizer.groups.rat", "rate?"),
        group(
            "the second of two",
            "[{role: bias, rate: 1}, {role: scale, frozen: maybe}]",
            "optimizer.groups[1].frozen must be true or false, however: maybe"),
        row(
            "initializer",
            GOOD + "network: {initializer: he}\n",
            ":4: ",
            "network.initializer.type must be one of [constant, he_normal",
            "however: he"),
        row(
            "value of another initializer",
            GOOD + "network: {initializer: {type: zeros, value: 1}}\n",
            ":4: ",
            "network.initializer.value needs network.initializer.type: constant"),
        row(
            "a constant that is none",
            GOOD + "network: {initializer: {type: constant, value: 1.0e39}}\n",
            ":4: ",
            "network.initializer.value must be of a size that 32 bits hold, from 1e-45 to 3.4e38,"
                + " however: 1.0e39"),
        row(
            "a weight of a class that 32 bits do not hold",
            GOOD + "loss:\n  class_weights:\n    no: 1\n    yes: 1e300\n",
            ":7: loss.class_weights.yes must be of a size that 32 bits hold",
            "however: 1e300"),
        row(
            "a weight of a class that is 0 in 32 bits",
            GOOD + "loss: {class_weights: {yes: 1e-50}}\n",
            ":4: loss.class_weights.yes must be of a size that 32 bits hold",
            "however: 1e-50"),
        row(
            "a weight of class 1 that 32 bits do not hold",
            GOOD + "loss: {positive_weight: 1e39}\n",
            ":4: loss.positive_weight must be of a size",
            "however: 1e39"),
        row(
            "a weight of a head that 32 bits do not hold",
            "table: t\noutput: o\nheads: [{label: a}, {label: b, weight: 1e39}]\n",
            "heads[2].weight must be of a size",
            "however: 1e39"),
        row(
            "a rate that 32 bits do not hold",
            GOOD + "optimizer: {learning_rate: 1e300}\n",
            ":4: optimizer.learning_rate must be of a size",
            "however: 1e300"),
        row(
            "a rate that is 0 in 32 bits",
            GOOD + "optimizer: {type: lbfgs, learning_rate: 1e-50}\n",
            ":4: optimizer.learning_rate must be of a size",
            "however: 1e-50"),
        row(
            "a decay that 32 bits do not hold",
            GOOD + "optimizer: {groups: [{role: bias, weight_decay: 1e40}]}\n",
            "weight_decay must be of a size",
            "however: 1e40"),
        row(
            "an epsilon that is 0 in 32 bits",
            GOOD + "optimizer: {epsilon: 1e-50}\n",
            ":4: optimizer.epsilon must be of a size",
            "however: 1e-50"),
        row(
            "two initializers",
            GOOD + "network: {initializer: [zeros, orthogonal]}\n",
            ":4: ",
            "network.initializer must be a name or a map"),
        row(
            "initializer of a layer without weights",
            GOOD + "network:\n  type: layers\n  layers:\n  - {type: prelu, initializer: zeros}\n",
            ":7: ",
            "network.layers[1].initializer needs network.layers[1].type: linear"),
        row(
            "recompute",
            GOOD + "training: {recompute: some}\n",
            ":4: ",
            "training.recompute must be none, auto or a positive number of layers, however: some"),
        row(
            "segments of nothing",
            GOOD + "training: {recompute: 0}\n",
            ":4: ",
            "training.recompute must be none, auto or a positive number of layers, however: 0"),
        row(
            "treatment of NaN",
            GOOD + "features: {numeric: {nan: zero}}\n",
            ":4: ",
            "features.numeric.nan must be one of [missing, refuse], however: zero"),
        row(
            "treatment of infinities in a column",
            GOOD + "features:\n  columns:\n    a: {kind: vector, infinity: skip}\n",
            ":6: ",
            "features.columns.a.infinity must be one of [missing, refuse], however: skip"),
        row(
            "infinite categories",
            GOOD + "features: {categorical: {infinity: missing}}\n",
            ":4: ",
            "unknown key features.categorical.infinity"),
        row(
            "rows without a label",
            GOOD.replace("label: y", "label: {column: y, missing: drop}"),
            ":2: ",
            "label.missing must be one of [refuse, skip], however: drop"),
        row(
            "rows without any of the labels",
            labels("{column: [a, b], task: classification}"),
            ":2: ",
            "unknown key label.task"),
        row(
            "corrupt files",
            GOOD.replace("t.csv", "{path: t, corrupt_files: repair}"),
            ":1: ",
            "table.corrupt_files must be one of [refuse, skip], however: repair"),
        row(
            "corrupt files of a query",
            GOOD.replace("t.csv", "{sql: select 1, corrupt_files: skip}"),
            ":1: ",
            "corrupt_files and sample go with path"),
        row(
            "keys beside a sample",
            GOOD.replace(
                "t.csv", "{path: t, sample: 9, missing: [P7], schema: a INT, corrupt_files: skip}"),
            ":1: ",
            "table.sample must stand without keys of a reader",
            "however: schema, missing and corrupt_files are there (leave them out)"),
        row(
            "a format beside a sample of the validation",
            GOOD + "validation: {path: t, sample: 9, format: csv, where: a > 1}\n",
            ":4: ",
            "validation.sample must stand without keys of a reader, however: format is there"
                + " (leave it out)"),
        row(
            "paths of a sample",
            GOOD.replace("t.csv", "{path: [a, b], sample: 9, derive: {c: a}}"),
            ":1: ",
            "table.sample must stand beside one path, however: there are 2"),
        row(
            "infinity where a number is",
            GOOD + "optimizer: {clip_norm: .inf}\n",
            ":4: ",
            "a number must be finite, however: .inf"),
        row(
            "no number in a number's place",
            GOOD + "seed: .nan\n",
            ":4: ",
            "a number must be finite, however: .nan"),
        row(
            "corrupt files that nobody counts",
            GOOD.replace("t.csv", "{path: t, options: {ignoreCorruptFiles: true}}"),
            ":1: ",
            "options must not have ignoreCorruptFiles",
            "corrupt_files: skip"),
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
            "(did you mean ${name}?)"),
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
        row(
            "an average that is none",
            GOOD + "training: {average: median}\n",
            ":4: ",
            "training.average.type",
            "must be one of [none, exponential, uniform]",
            "median"),
        row(
            "an average without its type",
            GOOD + "training:\n  average: {decay: 0.9}\n",
            ":5: ",
            "training.average.type must be there"),
        row(
            "decay of 1",
            GOOD + "training:\n  average: {type: exponential, decay: 1}\n",
            ":5: ",
            "training.average: decay must be in [0, 1), however: decay=1.0"),
        row(
            "a key of another average",
            GOOD + "training:\n  average: {type: uniform, decay: 0.9}\n",
            ":5: ",
            "training.average.decay needs training.average.type: exponential"),
        row(
            "an average from two times on",
            GOOD + "training:\n  average: {type: uniform, from_epochs: 1, from_rounds: 9}\n",
            ":5: ",
            "training.average.from_rounds must not be there beside from_epochs"),
        row("no part", GOOD + "training: {accumulate: 0}\n", ":4: ", "training.accumulate", "0"),
        row(
            "more parts than slices",
            GOOD + "training: {slices: 3, accumulate: 4}\n",
            "training.accumulate must be at most training.slices=3, however:"
                + " training.accumulate=4"),
        row(
            "more parts than slices that follow",
            GOOD + "training: {batch: 128, accumulate: 4}\n",
            "training.accumulate must be at most training.slices=2, however:"
                + " training.accumulate=4"),
        row(
            "a batch beyond 32 bits",
            GOOD + "training: {batch: 2000000000, accumulate: 2}\n",
            "training.batch x training.accumulate must be below 2^31, however: rows=4000000000"),
        row(
            "unknown scaling",
            GOOD + "optimizer: {rate_scaling: cubic}\n",
            ":4: ",
            "optimizer.rate_scaling must be one of [none, linear, square_root]"),
        row(
            "the batch of a rate that does not follow it",
            GOOD + "optimizer: {rate_batch: 256}\n",
            ":4: ",
            "optimizer.rate_batch needs optimizer.rate_scaling: linear or square_root"),
        row(
            "a rate for no rows",
            GOOD + "optimizer: {rate_scaling: linear, rate_batch: 0}\n",
            ":4: ",
            "optimizer.rate_batch must be positive"),
        row("anchor", "table: &a t.csv\nlabel: y\noutput: *a\n", ":1: ", "anchors"),
        row("tag", GOOD + "seed: !!python/object:x 1\n", ":4: ", "tag"),
        row("number beyond 64 bits", GOOD + "seed: 99999999999999999999\n", ":4: ", "64 bits"),
        row(
            "patience beyond 32 bits",
            GOOD + "training: {patience: 3000000000}\n",
            ":4: ",
            "training.patience"),
        row(
            "checkpoints by another word",
            GOOD + "training: {checkpoints: all}\n",
            ":4: ",
            "training.checkpoints"),
        row(
            "a key of checkpoints",
            GOOD + "training: {checkpoints: {every_seconds: 3}}\n",
            ":4: ",
            "unknown key training.checkpoints.every_seconds"),
        row(
            "a checkpoint every 0 rounds",
            GOOD + "training: {checkpoints: {every_rounds: 0}}\n",
            ":4: ",
            "training.checkpoints",
            "every must be positive"),
        row(
            "a checkpoint every -1 epochs",
            GOOD + "training: {checkpoints: {every_epochs: -1}}\n",
            ":4: ",
            "training.checkpoints",
            "-1"),
        row(
            "checkpoints by rounds and epochs",
            GOOD + "training: {checkpoints: {every_rounds: 1, every_epochs: 1}}\n",
            ":4: ",
            "training.checkpoints.every_",
            "must not be there beside"),
        row(
            "checkpoints at two lengths",
            GOOD + "training: {checkpoints: {every_rounds: [1, 2]}}\n",
            ":4: ",
            "training.checkpoints.every_rounds must be one number"),
        row(
            "minutes below 0",
            GOOD + "training: {checkpoints: {every_minutes: -5}}\n",
            ":4: ",
            "training.checkpoints",
            "every_minutes must",
            "-5"),
        row(
            "minutes of text",
            GOOD + "training: {checkpoints: {every_minutes: often}}\n",
            ":4: ",
            "training.checkpoints.every_minutes",
            "often"),
        row(
            "no checkpoint that stays",
            GOOD + "training: {checkpoints: {keep: 0}}\n",
            ":4: ",
            "training.checkpoints.keep must be positive",
            "0"),
        row(
            "half a checkpoint",
            GOOD + "training: {checkpoints: {keep: 1.5}}\n",
            ":4: ",
            "training.checkpoints.keep",
            "1.5"),
        row("negative patience", GOOD + "training: {patience: -1}\n", ":4: ", "training.patience"),
        row("weight as label", GOOD + "weight: y\n", "weight", "label"),
        row("list without a label", labels("[]"), ":2: ", "label must name a column"),
        row("label twice in a list", labels("[a, b, a]"), ":2: ", "different", "\"a\""),
        row("map in a list", labels("[a, {column: b}]"), ":2: ", "label", "must be a text"),
        row("weight in a list", labels("[a, y]") + "weight: y\n", ":4: ", "must not be the label"),
        row(
            "loss of many classes for a list",
            labels("[a, b]") + "loss: softmax_cross_entropy\n",
            ":4: ",
            "list of labels",
            "softmax_cross_entropy"),
        row(
            "loss of numbers for a list",
            labels("[a, b]") + "loss: {type: squared_error}\n",
            ":4: ",
            "binary_cross_entropy, focal or hinge",
            "squared_error"),
        row("label beside heads", HEADS + "label: y\n", ":6: ", "label must stand in heads"),
        row("loss beside heads", HEADS + "loss: hinge\n", ":6: ", "loss must stand in heads"),
        row("one head", HEADS.replace("- {label: b}\n", ""), ":4: ", "at least two", "heads=1"),
        row(
            "head without a label",
            HEADS.replace("label: b", "weight: 2"),
            ":5: ",
            "heads[2].label"),
        row("label in two heads", HEADS.replace("label: b", "label: a"), ":4: ", "\"a\"", "twice"),
        row("list in a head", HEADS.replace("label: b", "label: [b, c]"), ":5: ", "heads[2].label"),
        row("key of a head", HEADS.replace("b}", "b, wait: 1}"), ":5: ", "heads[2].wait", "weight"),
        row(
            "loss of a head",
            HEADS.replace("b}", "b, loss: l3}"),
            ":5: ",
            "heads[2].loss.type",
            "l3"),
        row(
            "key of a head's loss",
            HEADS.replace("b}", "b, loss: {type: hinge, delta: 1}}"),
            ":5: ",
            "heads[2].loss.delta"),
        row(
            "head of no weight",
            HEADS.replace("b}", "b, weight: 0}"),
            ":5: ",
            "heads[2]",
            "weight=0"),
        row(
            "two offsets of heads",
            HEADS
                .replace("label: a", "label: {column: a, offset: o}")
                .replace("label: b", "label: {column: b, offset: p}"),
            ":4: ",
            "labels with an offset must share one column, however: [o, p]"),
        row("weight in heads", HEADS + "weight: a\n", ":6: ", "must not be the label"),
        row(
            "unknown metric of a label",
            HEADS + "training: {monitor: a.acuracy}\n",
            ":6: ",
            "training.monitor",
            "LABEL.METRIC",
            "a.acuracy"),
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
        schedule("{type: step, every_epochs: 0}", "every must be positive", "every=0"),
        schedule("{type: exponential, every_epochs: 0}", "every must be positive", "every=0"),
        schedule("{type: inverse_time, every_rounds: 0}", "every must be positive", "every=0"),
        schedule("{type: multi_step, at_rounds: [0, 5]}", "at must be positive", "at=0"),
        schedule(
            "{type: cosine_warm_restarts, first_rounds: 0}", "first must be positive", "first=0"),
        schedule(
            "[{type: constant, epochs: 0}, {type: cosine}]", "length must be positive", "length=0"),
        row(
            "an average every 0 epochs",
            GOOD + "training:\n  average: {type: uniform, every_epochs: 0}\n",
            ":5: ",
            "training.average: every must be positive",
            "every=0"),
        row(
            "unknown monitor",
            GOOD + "training: {monitor: acuracy}\n",
            "training.monitor",
            "must be one of",
            "acuracy"));
  }

  private static Arguments group(String name, String groups, String... words) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = ":5: ";
    return row("group: " + name, GOOD + "optimizer:\n  groups: " + groups + "\n", all);
  }

  private static Arguments schedule(String schedule, String... words) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = ":5: ";
    return row(schedule, GOOD + "optimizer:\n  schedule: " + schedule + "\n", all);
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
        row("a key of another type", "network.blocks=3", "--set", "needs network.type: residual"),
        row("below a plain value", "label.kolumn.x=3", "--set", "label", "must be a map"),
        row("broken YAML", "network.hidden=[1", "--set network.hidden=[1", "expected"));
  }

  @ParameterizedTest(name = "--set with {0}")
  @MethodSource("overrides")
  void refusedOverride(String name, String override, List<String> words) throws IOException {
    String file = Files.writeString(folder.resolve("job.yaml"), GOOD).toString();
    assertRefused(Ran.lakeprop("train", file, "--set", override), words);
  }

  static Stream<Arguments> belowLists() {
    return Stream.of(
        row(
            "a schedule",
            "optimizer.schedule=[{type: constant, epochs: 5}, {type: cosine}]",
            "optimizer.schedule.rate=0.5",
            "schedule must be a map, however: it is a list (give the whole list"),
        row(
            "a table",
            "table=[a.csv, b.csv]",
            "table.where=x>1",
            "table must be a map, however: it is a list (give the whole list, or a map in"));
  }

  @ParameterizedTest(name = "--set below the list of {0}")
  @MethodSource("belowLists")
  void aListIsNotThrownAway(String name, String list, List<String> words) throws IOException {
    String file = Files.writeString(folder.resolve("job.yaml"), GOOD).toString();
    Ran ran = Ran.lakeprop("train", file, "--set", list, "--set", words.get(0));
    assertRefused(ran, List.of("--set " + words.get(0) + ": " + words.get(1)));
  }

  @Test
  void missingFile() {
    String file = folder.resolve("none.yaml").toString();
    assertRefused(Ran.lakeprop("train", file), List.of(file, "must exist"));
  }

  @Test
  void folder() throws IOException {
    assertRefused(
        Ran.lakeprop("train", folder.toString()), List.of("must be a file", "it is a folder"));
    Path file = Files.writeString(folder.resolve("job.yaml"), GOOD);
    assertRefused(Ran.lakeprop("train", folder.toString()), List.of("did you mean " + file + "?"));
  }

  /** No file that root may not read is a disk's, but the kernel has one. */
  @Test
  void fileThatMayNotBeRead() throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), GOOD);
    Files.setPosixFilePermissions(file, Set.of());
    Path closed = Path.of("/proc/sys/vm/compact_memory");
    Path denied = Files.isReadable(file) && Files.exists(closed) ? closed : file;
    assumeFalse(denied.equals(file) && Files.isReadable(file), "this user may read everything");
    assertRefused(
        Ran.lakeprop("train", denied.toString()),
        List.of("job file " + denied + " must be readable for this user", "chmod"));
  }

  @Test
  void fileInAFolderThatMayNotBeEntered() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Path file = Files.writeString(closed.resolve("job.yaml"), GOOD);
    Files.setPosixFilePermissions(closed, Set.of());
    try {
      assumeFalse(Files.exists(file), "this user may enter everything");
      assertRefused(
          Ran.lakeprop("train", file.toString()),
          List.of(file + " must be readable for this user", "chmod"));
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  static Stream<Arguments> withoutEquals() {
    return Stream.of(
        row("the first", "JOB --set training.epochs 5", "training.epochs=5"),
        row("the second", "JOB --set seed=1 --set training.epochs 5", "training.epochs=5"),
        row("a negative number", "--set seed -1 JOB --set a b", "seed=-1"),
        row("an option in the key's place", "--set --resume JOB", ""),
        row("an option in the value's place", "JOB extra --set seed --resume", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withoutEquals")
  void overrideWithoutItsEqualsSign(String name, String options, List<String> meant)
      throws IOException {
    String file = Files.writeString(folder.resolve("job.yaml"), GOOD).toString();
    Ran ran = Ran.lakeprop(("train " + options.replace("JOB", file)).split(" ", -1));
    assertEquals(2, ran.code());
    String words = "--set must be key=value, however: ";
    if (meant.get(0).isEmpty()) {
      assertFalse(ran.err().contains(words), ran.err());
    } else {
      String key = meant.get(0).split("=", -1)[0];
      String line = words + "%s (did you mean %s?)".formatted(key, meant.get(0));
      assertEquals("error: " + line, ran.errors().get(0));
    }
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

  /** A newcomer's first line of all. */
  @Test
  void withoutACommandTheFirstStepsAreShown() {
    Ran ran = Ran.lakeprop();
    assertEquals(2, ran.code());
    for (String words :
        List.of("table: ", "label: ", "output: ", "train job.yaml", "--help", "README.md")) {
      assertTrue(ran.err().contains(words), () -> words + " is not in " + ran.err());
    }
    assertTrue(ran.errors().stream().allMatch(line -> line.length() < 80), ran.err());
    assertEquals("", ran.out());
  }

  /** A description that is a list would be cut after its first element. */
  @Test
  void theListOfCommandsHasWholeSentences() {
    String help = Ran.lakeprop("--help").out();
    String commands = help.substring(help.indexOf("Commands:")).strip();
    for (String command : commands.split("\\n  (?=[a-z])", -1)) {
      assertTrue(command.strip().endsWith(".") || command.equals("Commands:"), command);
    }
  }

  static Stream<Arguments> usage() {
    return Stream.of(
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
