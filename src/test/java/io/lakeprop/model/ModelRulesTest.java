package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parts that do not fit together make no model; an offset is added where a head asks for it. */
class ModelRulesTest {
  private static final LabelEncoder NUMBER = new LabelEncoder.Quantity("y", 0, 1);
  private static final LabelEncoder CLASSES =
      new LabelEncoder.Classes("c", "string", List.of("a", "b"));
  private static final LabelOffset OFFSET = new LabelOffset("exposure", 2);

  @Test
  void misfitsAreNamed() {
    refused("theta must have 2 numbers", List.of(NUMBER), LabelOffset.NONE, new SquaredError(), 3);
    refused(
        "must give 2 logits", List.of(CLASSES), LabelOffset.NONE, new SoftmaxCrossEntropy(2), 2);
    refused("must read 0 labels", List.of(), LabelOffset.NONE, new SquaredError(), 2);
    refused("must read 2 labels", List.of(NUMBER, NUMBER), LabelOffset.NONE, new SquaredError(), 2);
    refused("a prediction a class", List.of(CLASSES), LabelOffset.NONE, new SquaredError(), 2);
    refused("a prediction a class", List.of(NUMBER), LabelOffset.NONE, new BinaryCrossEntropy(), 2);
    LabelEncoder three = new LabelEncoder.Classes("c", "string", List.of("a", "b", "d"));
    refused("a prediction a class", List.of(three), LabelOffset.NONE, new BinaryCrossEntropy(), 2);
  }

  /** The second of two heads counts like the first. */
  @Test
  void everyHeadMustFit() {
    Heads heads =
        new Heads(
            List.of(new Heads.Head(new SquaredError(), 1), new Heads.Head(new SquaredError(), 1)));
    refused("a prediction a class", List.of(NUMBER, CLASSES), LabelOffset.NONE, heads, 4);
    refused("offset column where", List.of(NUMBER, NUMBER), OFFSET, heads, 4);
    Heads asking =
        new Heads(
            List.of(
                new Heads.Head(new SquaredError(), 1),
                new Heads.Head(new SquaredError(), 1, List.of(), 0.5f)));
    refused("offset column where", List.of(NUMBER, NUMBER), LabelOffset.NONE, asking, 4);
  }

  private static void refused(
      String words, List<LabelEncoder> labels, LabelOffset offset, Loss loss, int theta) {
    int logits = loss instanceof Heads ? 2 : 1;
    String message =
        assertThrows(
                InvalidInput.class, () -> model(labels, offset, loss, logits, new float[theta]))
            .getMessage();
    assertTrue(message.contains(words), message);
  }

  private static Model model(
      List<LabelEncoder> labels, LabelOffset offset, Loss loss, int logits, float... theta) {
    return model(TableMeaning.UNKNOWN, labels, offset, loss, logits, theta);
  }

  private static Model model(
      TableMeaning table,
      List<LabelEncoder> labels,
      LabelOffset offset,
      Loss loss,
      int logits,
      float... theta) {
    FeatureEncoder encoder =
        new FeatureEncoder(
            List.of(new Feature.Numeric("x", false, new NumberTransform.Affine(0, 1), false)));
    Network network =
        new Network(
            new TableInput(1, List.of()),
            List.of(new Network.Named("head", new Linear(1, logits))));
    return new Model(encoder, labels, offset, network, loss, theta, TinyModel.PROVENANCE, table);
  }

  /** As in a table; what an expression made is what the expression says. */
  @Test
  void anOffsetThatIsAMarkIsRefused() {
    Optional<List<String>> marks = Optional.of(List.of("-999", "-99.9"));
    TableMeaning plain =
        new TableMeaning(Map.of("exposure", "FLOAT"), marks, Map.of(), TableMeaning.UTC);
    Predictor predictor =
        model(plain, List.of(NUMBER), OFFSET, new SquaredError(), 1, 3, 1).predictor();
    for (Number mark : List.of(-999, -999.0, -999f, -99.9, -99.9f)) {
      String message =
          assertThrows(
                  InvalidInput.class, () -> predictor.predict(Map.of("x", 2.0, "exposure", mark)))
              .getMessage();
      assertEquals("offset \"exposure\" must be a finite number, however: missing or NaN", message);
    }
    TableMeaning derived =
        new TableMeaning(Map.of(), marks, Map.of("exposure", "log(cars)"), TableMeaning.UTC);
    Model line = model(derived, List.of(NUMBER), OFFSET, new SquaredError(), 1, 3, 1);
    assertArrayEquals(
        new double[] {7 - 499.5},
        line.predictor().predict(Map.of("x", 2.0, "exposure", -999)),
        1e-4);
  }

  /** {@code y = 3 x + 1 + exposure / 2}, and e to that where the link is the logarithm. */
  @Test
  void offsetsAreAdded() {
    Map<String, Double> row = Map.of("x", 2.0, "exposure", 5.0);
    Model line = model(List.of(NUMBER), OFFSET, new SquaredError(), 1, 3, 1);
    assertArrayEquals(new double[] {9.5}, line.predictor().predict(row), 1e-6);
    LabelEncoder count = new LabelEncoder.Quantity("n", 0, 1, LabelEncoder.Range.NOT_NEGATIVE);
    Model log = model(List.of(count), OFFSET, new PoissonLoss(), 1, 0.5f, -2);
    assertArrayEquals(new double[] {Math.exp(1 - 2 + 2.5)}, log.predictor().predict(row), 1e-4);
    Predictor missing = line.predictor();
    assertThrows(InvalidInput.class, () -> missing.predict(Map.of("x", 2.0)));
    String message =
        assertThrows(
                InvalidInput.class,
                () -> missing.strict().predict(Map.of("x", 2.0, "Exposure", 5.0)))
            .getMessage();
    assertTrue(message.contains("did you mean \"exposure\"?"), message);
  }

  @Test
  void aHeadTakesItsShareOfTheOffset() {
    Heads heads =
        new Heads(
            List.of(
                new Heads.Head(new SquaredError(), 1),
                new Heads.Head(new SquaredError(), 1, List.of(), 0.5f)));
    Model model = model(List.of(NUMBER, NUMBER), OFFSET, heads, 2, 3, 4, 1, 0);
    double[] expected = {7, 8 + 0.5 * 2.5};
    assertArrayEquals(expected, model.predictor().predict(Map.of("x", 2.0, "exposure", 5.0)), 1e-6);
    assertEquals(4, model.batch(4, Kernel.EJML).rows());
  }
}
