package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TimeRange;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plain Java values go in, probabilities or estimates in the label's unit come out. */
class PredictorTest {
  @Test
  void estimatesAreInTheLabelsUnit() {
    Predictor predictor = TinyModel.quantity().predictor();
    for (double x : new double[] {0, 4, -2.5}) {
      double[] estimate = predictor.predict(Map.of("x", x));
      assertArrayEquals(new double[] {(2 * x + 0.5) * 3 + 10}, estimate, 1e-5);
    }
  }

  @Test
  void twoClassesHaveTheSigmoidsProbabilities() {
    Predictor predictor = TinyModel.twoClasses().predictor();
    for (double x : new double[] {0, 4, -2.5, 40, -40}) {
      double p = 1 / (1 + Math.exp(-(2 * x + 0.5)));
      assertArrayEquals(new double[] {1 - p, p}, predictor.predict(Map.of("x", x)), 1e-6);
    }
  }

  @Test
  void anyNumberIsANumber() {
    Predictor predictor = TinyModel.quantity().predictor();
    double[] one = predictor.predict(Map.of("x", 1.0));
    for (Object value : List.of(1, 1L, 1f, (short) 1, java.math.BigDecimal.ONE, true)) {
      assertArrayEquals(one, predictor.predict(Map.of("x", value)));
    }
  }

  @Test
  void vectorsMayBeArraysOrLists() {
    Map<String, Object> row = new HashMap<>(TinyModel.ROWS.get(0));
    Predictor predictor = TinyModel.classes().predictor();
    double[] expected = predictor.predict(row);
    row.put("shape", new float[] {1, -2, 0.5f});
    assertArrayEquals(expected, predictor.predict(row));
  }

  @Test
  void absentAndNullAreMissing() {
    Map<String, Object> nulls = new HashMap<>();
    for (String name : List.of("age", "pay", "shape", "job", "home")) {
      nulls.put(name, null);
    }
    Predictor predictor = TinyModel.classes().predictor();
    assertArrayEquals(predictor.predict(Map.of()), predictor.predict(nulls));
  }

  @Test
  void aStrictOneRefusesWhatLacks() {
    Predictor lenient = TinyModel.classes().predictor();
    Predictor strict = lenient.strict();
    Map<String, Object> row = new HashMap<>(TinyModel.ROWS.get(0));
    assertArrayEquals(lenient.predict(row), strict.predict(row));
    row.put("pay", null);
    row.put("pays", 3);
    row.put("customer", new Object());
    assertArrayEquals(lenient.predict(row), strict.predict(row));
    for (String misspelt : List.of("jobs", "JOB", "obj", "joob")) {
      Map<String, Object> wrong = new HashMap<>(TinyModel.ROWS.get(0));
      wrong.put(misspelt, wrong.remove("job"));
      lenient.predict(wrong);
      String message = assertThrows(InvalidInput.class, () -> strict.predict(wrong)).getMessage();
      assertTrue(message.contains("must have the key \"job\""), message);
      assertTrue(message.contains("has \"" + misspelt + "\" (did you mean \"job\"?)"), message);
    }
    row.remove("job");
    String message = assertThrows(InvalidInput.class, () -> strict.predict(row)).getMessage();
    assertTrue(message.endsWith("however: it is not there"), message);
  }

  @Test
  void wrongTypesAreRefusedByName() {
    assertRefused("age", "39");
    assertRefused("age", List.of(39));
    assertRefused("shape", 1.0);
    assertRefused("shape", List.of("a", "b", "c"));
    assertRefused("shape", List.of(1, 2));
    assertRefused("age", Double.NEGATIVE_INFINITY);
  }

  /** As text an array would be its address: a value that training never saw. */
  @Test
  void categoriesAreNoArrays() {
    assertRefused("job", new float[] {1});
    assertRefused("job", List.of("clerk"));
  }

  private static void assertRefused(String column, Object value) {
    Predictor predictor = TinyModel.classes().predictor();
    String message =
        assertThrows(InvalidInput.class, () -> predictor.predict(Map.of(column, value)))
            .getMessage();
    assertTrue(message.contains('"' + column + '"'), message);
  }

  /** Rows of a batch do not see one another. */
  @Test
  void batchesPredictWhatRowsDo() {
    Model model = TinyModel.classes();
    Batch batch = model.batch(8, Kernel.EJML);
    for (int row = 0; row < TinyModel.ROWS.size(); row++) {
      batch.put(
          row, new MapRow(model.encoder().features(), TinyModel.ROWS.get(row), ZoneOffset.UTC), 0);
    }
    float[] together = batch.predict(TinyModel.ROWS.size());
    double[] alone = TinyModel.predictions(model);
    for (int i = 0; i < alone.length; i++) {
      assertEquals(alone[i], together[i], 1e-7);
    }
    for (int row = 0; row < TinyModel.ROWS.size(); row++) {
      assertEquals(1, Arrays.stream(alone, 3 * row, 3 * row + 3).sum(), 1e-6);
    }
  }

  /** Each head is a linear layer of its own: cut out, it must predict the same alone. */
  @Test
  void headsPredictSideBySide() {
    Model model = TinyModel.heads();
    assertEquals(
        List.of("y=1", "y=2", "y=10", "n", "q_0.2", "q_0.8", "b=false", "b=true"),
        model.predictions());
    double[] all = model.predictor().predict(TinyModel.ROWS.get(0));
    int logit = 0;
    int first = 0;
    for (int h = 0; h < model.labels().size(); h++) {
      Loss loss = model.loss().byLabel().get(h);
      double[] alone = cut(model, h, logit, loss).predictor().predict(TinyModel.ROWS.get(0));
      assertArrayEquals(alone, Arrays.copyOfRange(all, first, first + alone.length), 1e-6);
      logit += loss.logits();
      first += alone.length;
    }
    assertEquals(all.length, first);
  }

  private static Model cut(Model model, int head, int logit, Loss loss) {
    Network network =
        Network.perceptron(
            model.network().input(), List.of(4), Nonlinearity.GELU, 0.25f, loss.logits());
    int below = model.theta().length - 5 * model.loss().logits();
    float[] theta = Arrays.copyOf(model.theta(), below + 5 * loss.logits());
    System.arraycopy(model.theta(), below + 4 * logit, theta, below, 4 * loss.logits());
    System.arraycopy(
        model.theta(),
        below + 4 * model.loss().logits() + logit,
        theta,
        below + 4 * loss.logits(),
        loss.logits());
    return new Model(
        model.encoder(), model.labels().get(head), network, loss, theta, TinyModel.PROVENANCE);
  }

  @Test
  void severalLabelsHaveNoOffset() {
    Model model = TinyModel.heads();
    assertThrows(
        InvalidInput.class,
        () ->
            new Model(
                model.encoder(),
                model.labels(),
                new LabelOffset("o", 1),
                model.network(),
                model.loss(),
                model.theta(),
                TinyModel.PROVENANCE));
  }

  @Test
  void lossesAreTheLogOfTheProbabilities() {
    Model model = TinyModel.twoClasses();
    Batch batch = model.batch(1, Kernel.EJML);
    batch.put(0, new MapRow(model.encoder().features(), Map.of("x", 0.3), ZoneOffset.UTC), 0);
    double p = batch.predict(1)[1];
    assertEquals(p, model.predictor().predict(Map.of("x", 0.3))[1]);
    assertEquals(-Math.log(p), batch.losses(1, new float[] {1})[0], 1e-6);
    assertEquals(-Math.log(1 - p), batch.losses(1, new float[] {0})[0], 1e-6);
  }

  /** The first minutes of 1970 stand for "none" in many tables, and are no days or thousands. */
  @Test
  void numbersMustBeInTheUnitOfTraining() {
    Predictor predictor = times().predictor();
    for (Object real :
        List.of(
            Instant.parse("1970-01-01T00:00:01Z"),
            new java.sql.Timestamp(1000),
            LocalDateTime.parse("1970-01-01T00:00:01"),
            1.6e9,
            1_600_000_000L)) {
      assertEquals(1, predictor.predict(Map.of("t", real)).length, real.toString());
    }
    for (Object mistaken : List.of(1.6e12, 1_600_000_000_000L, 19_000)) {
      String message =
          assertThrows(InvalidInput.class, () -> predictor.predict(Map.of("t", mistaken)))
              .getMessage();
      assertTrue(message.startsWith("column \"t\" must be seconds since 1970"), message);
    }
  }

  private static Model times() {
    Model line = TinyModel.quantity();
    Feature.Numeric feature =
        new Feature.Numeric(
            "t",
            false,
            new NumberTransform.Affine(1.5e9, 1e9),
            false,
            NotFinite.DEFAULT,
            NumberUnit.SECONDS,
            new TimeRange(1.4e9, 1.7e9));
    return new Model(
        new FeatureEncoder(List.of(feature)),
        line.labels().get(0),
        line.network(),
        line.loss(),
        line.theta(),
        TinyModel.PROVENANCE);
  }
}
