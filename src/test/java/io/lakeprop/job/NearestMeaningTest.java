package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.eval.Metric;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Nonlinearity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A word of the field that is none of ours is refused, and the refusal names ours. */
final class NearestMeaningTest {
  private static final String GOOD = "table: t.csv\nlabel: y\noutput: out\n";

  @ParameterizedTest
  @CsvSource({
    "mse, squared_error",
    "MSE, squared_error",
    "rmse, squared_error",
    "l2, squared_error",
    "mean_squared_error, squared_error",
    "squarederror, squared_error",
    "Squared-Error, squared_error",
    "squared_eror, squared_error",
    "mae, absolute_error",
    "L1, absolute_error",
    "bce, binary_cross_entropy",
    "BCEWithLogits, binary_cross_entropy",
    "logloss, binary_cross_entropy",
    "crossentropy, softmax_cross_entropy",
    "nll, softmax_cross_entropy",
    "categorical_crossentropy, softmax_cross_entropy",
    "huber_loss, huber",
    "smooth_l1, huber",
    "pinball, quantile",
    "reg:squarederror, squared_error"
  })
  void ofLosses(String theirs, String ours) {
    assertMeant("loss: '%s'", theirs, ours);
    assertMeant("loss: {type: '%s'}", theirs, ours);
  }

  @ParameterizedTest
  @CsvSource({
    "AdamW, adamw",
    "adam_w, adamw",
    "SGD, sgd",
    "rmsProp, rmsprop",
    "RMS-prop, rmsprop",
    "nag, nesterov",
    "L-BFGS, lbfgs",
    "adamm, adam"
  })
  void ofOptimizers(String theirs, String ours) {
    assertMeant("optimizer: {type: %s}", theirs, ours);
  }

  @ParameterizedTest
  @CsvSource({
    "ReLU, relu",
    "swish, silu",
    "leakyrelu, leaky_relu",
    "LeakyReLU, leaky_relu",
    "gelu_new, gelu_tanh",
    "PReLU, prelu",
    "linear, identity"
  })
  void ofActivations(String theirs, String ours) {
    assertMeant("network: {activation: %s}", theirs, ours);
  }

  @ParameterizedTest
  @CsvSource({
    "cosine_annealing, cosine",
    "CosineAnnealingLR, cosine",
    "step_lr, step",
    "StepLR, step",
    "plateau, reduce_on_plateau",
    "ReduceLROnPlateau, reduce_on_plateau",
    "sgdr, cosine_warm_restarts",
    "OneCycleLR, one_cycle"
  })
  void ofSchedules(String theirs, String ours) {
    assertMeant("optimizer: {schedule: %s}", theirs, ours);
  }

  @ParameterizedTest
  @CsvSource({
    "f1, macro_f1",
    "acc, accuracy",
    "accuracy_score, accuracy",
    "logloss, log_loss",
    "roc_auc, auc",
    "ROC-AUC, auc",
    "mse, rmse",
    "val_loss, loss"
  })
  void ofMetrics(String theirs, String ours) {
    assertMeant("training: {monitor: %s}", theirs, ours);
    assertMeant("training: {monitor: y.%s}", theirs, "y." + ours);
  }

  @ParameterizedTest
  @CsvSource({
    "'network: {initializer: %s}', xavier, glorot_uniform",
    "'network: {initializer: %s}', kaiming, he_normal",
    "'network: {initializer: %s}', Kaiming_Uniform, he_uniform",
    "'network: {norm: %s}', batchnorm, batch",
    "'network: {norm: %s}', LayerNorm, layer",
    "'network: {type: %s}', mlp, perceptron",
    "'network: {type: %s}', ResNet, residual",
    "'network: {type: layers, layers: [{type: %s}]}', dense, linear",
    "'network: {type: layers, layers: [{type: %s}]}', fc, linear",
    "'network: {type: layers, layers: [{type: %s}]}', relu, activation",
    "'network: {type: layers, layers: [{type: %s}]}', BatchNorm1d, batch_norm",
    "'features: {numeric: {scaling: %s}}', zscore, standard",
    "'features: {numeric: {nan: %s}}', Missing, missing",
    "'features: {columns: {a: {kind: %s}}}', category, categorical",
    "'features: {columns: {a: {kind: %s}}}', float, numeric",
    "'training: {average: %s}', ema, exponential",
    "'training: {average: %s}', SWA, uniform",
    "'optimizer: {rate_scaling: %s}', sqrt, square_root",
    "'compute: {kernel: %s}', OpenBLAS, openblas"
  })
  void ofOtherNames(String key, String theirs, String ours) {
    assertMeant(key, theirs, ours);
  }

  @ParameterizedTest
  @CsvSource({
    "'label: {column: y, task: %s}', binary, classification",
    "'label: {column: y, task: %s}', multiclass, classification",
    "'label: {column: y, task: %s}', Regression, regression",
    "'label: {column: y, missing: %s}', drop, skip"
  })
  void ofLabels(String key, String theirs, String ours) {
    String file = GOOD.replace("label: y", key.formatted(theirs));
    assertMessage(file, ":2: ", "however: " + theirs + " (did you mean " + ours + "?)");
  }

  @ParameterizedTest
  @CsvSource({
    "jsonl, json",
    "NDJSON, json",
    "CSV, csv",
    "Parquet, parquet",
  })
  void ofFormats(String theirs, String ours) {
    String file = GOOD.replace("t.csv", "{path: t, format: %s}".formatted(theirs));
    assertMessage(
        file, ":1: table: format must be", "however: " + theirs + " (did you mean " + ours);
  }

  @Test
  void formatsOfPackagesAreLeftToSpark() {
    JobReader.read(Yaml.read("a.yaml", GOOD.replace("t.csv", "{path: t, format: avro}")));
  }

  @ParameterizedTest
  @CsvSource({
    "'optimizer: {learning_rate: \"0.1\"}', 'however: 0.1 (did you mean the number, without"
        + " quotes?)'",
    "'optimizer: {learning_rate: .5}', 'however: .5 (did you mean 0.5?)'",
    "'optimizer: {learning_rate: \"0,1\"}', 'however: 0,1 (did you mean 0.1?)'",
    "'optimizer: {clip_value: none}', 'however: none (the key left out has its default)'",
    "'training: {epochs: 5.0}', 'however: 5.0 (did you mean 5?)'",
    "'training: {epochs: 1_000}', 'however: 1_000 (did you mean 1000?)'",
    "'training: {epochs: 1e1}', 'however: 1e1 (did you mean 10?)'",
    "'training: {epochs: \"1e1\"}', 'however: 1e1 (did you mean 10?)'",
    "'training: {epochs: \"10\"}', 'however: 10 (did you mean the number, without quotes?)'",
    "'network: {hidden: [8, 1.6e1]}', 'however: 1.6e1 (did you mean 16?)'",
    "'training: {epochs: many}', 'however: many'",
    "'training: {batch: full}', 'training.batch must be a whole number or all, however: full'",
    "'validation: 20%', 'however: 20% (did you mean 0.2, without quotes?)'",
    "'validation: \"0.2\"', 'however: 0.2 (did you mean 0.2, without quotes?)'",
    "'features: {numeric: {log: yes}}', 'however: yes (did you mean true?)'",
    "'features: {numeric: {log: Off}}', 'however: Off (did you mean false?)'",
    "'features: {numeric: {log: True}}', 'however: True (did you mean true?)'",
    "'optimizer: {schedule: {type: step, factor: \"0.1\"}}', ':4: optimizer.schedule.factor must be"
        + " a number'",
  })
  void ofNumbersAndFlags(String key, String words) {
    String message = assertMessage(GOOD + key + "\n", words);
    assertEquals(message.indexOf("job.yaml"), message.lastIndexOf("job.yaml"), message);
  }

  static Stream<Class<? extends Enum<?>>> types() {
    return Stream.of(
        LossSettings.Type.class,
        OptimizerReader.Type.class,
        ScheduleReader.Type.class,
        Nonlinearity.class,
        Metric.class,
        Initializer.class,
        LabelSettings.Task.class,
        LabelSettings.Missing.class);
  }

  /** A name that means two constants would be a guess by their order. */
  @ParameterizedTest
  @MethodSource("types")
  void noNameMeansTwo(Class<? extends Enum<?>> type) {
    Map<String, String> meanings = new HashMap<>();
    for (Enum<?> constant : type.getEnumConstants()) {
      String own = Section.name(constant);
      assertEquals(null, meanings.put(Guess.plain(own), own), own);
      Guess.names(constant)
          .map(Guess::plain)
          .distinct()
          .forEach(name -> assertEquals(null, meanings.put(name, own), name));
    }
    assertFalse(meanings.isEmpty());
  }

  private static void assertMeant(String key, String theirs, String ours) {
    assertMessage(
        GOOD + key.formatted(theirs) + "\n", ":4: ", theirs + " (did you mean " + ours + "?)");
  }

  private static String assertMessage(String file, String... words) {
    String message =
        assertThrows(
                InvalidInput.class,
                () -> JobReader.read(JobTree.resolve("job.yaml", file, List.of(), Map.of())))
            .getMessage();
    for (String word : words) {
      assertTrue(message.contains(word), word + " is not in: " + message);
    }
    return message;
  }

  /** Written out, such a number would fill the memory. */
  @ParameterizedTest
  @ValueSource(strings = {"1e2147483647", "100e2147483647", "0e-2147483647", "1e9999999999"})
  void aGiantExponentIsNoWholeNumber(String text) {
    assertEquals("", Guess.whole(text).replaceAll(" \\(did you mean .*", ""));
  }
}
