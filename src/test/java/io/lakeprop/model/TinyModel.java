package io.lakeprop.model;

import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Small models with every kind of feature, layer and label. */
final class TinyModel {
  static final Provenance PROVENANCE =
      new Provenance("0.1.0", -42, "ejml", 1000, 5000, "00c0ffee00c0ffee", List.of());

  /** Rows that reach every branch of the encoder. */
  static final List<Map<String, Object>> ROWS =
      List.of(
          Map.of(
              "age", 39, "pay", 12.5, "shape", List.of(1.0, -2, 0.5), "job", "clerk", "home", "no"),
          Map.of("age", 17.25, "pay", 1e9, "job", "miner", "home", "yes"),
          Map.of("pay", -3.0, "shape", List.of(0, 0, 0), "job", "astronaut", "home", "maybe"),
          Map.of());

  private TinyModel() {}

  static FeatureEncoder encoder() {
    return new FeatureEncoder(
        List.of(
            new Feature.Numeric("age", false, new NumberTransform.Affine(38.5, 13.7), true),
            new Feature.Numeric(
                "pay",
                true,
                new NumberTransform.Quantile(
                    new double[] {0, 1.5, 2.75, 9.1}, new double[] {0, 0.25, 0.5, 1}),
                false),
            new Feature.Vector(
                "shape",
                3,
                false,
                List.of(
                    new NumberTransform.Affine(0, 1),
                    new NumberTransform.Affine(-1, 2),
                    new NumberTransform.Affine(0.1, 0.3)),
                true),
            new Feature.Categorical(
                "home", List.of("yes", "no"), true, Feature.Rare.NONE, List.of(), 0),
            new Feature.Categorical(
                "job",
                List.of("clerk", "baker", "größe \"x\""),
                false,
                Feature.Rare.LISTED,
                List.of("miner", "sailor"),
                2)));
  }

  static Model classes() {
    return perceptron(
        List.of(new LabelEncoder.Classes("y", "bigint", List.of("1", "2", "10"))),
        new SoftmaxCrossEntropy(3));
  }

  /** Classes, a number, quantiles of another, and two classes. */
  static Model heads() {
    return perceptron(
        List.of(
            new LabelEncoder.Classes("y", "bigint", List.of("1", "2", "10")),
            new LabelEncoder.Quantity("n", 0, 4, LabelEncoder.Range.NOT_NEGATIVE),
            new LabelEncoder.Quantity("q", 10, 3),
            new LabelEncoder.Classes("b", "boolean", List.of("false", "true"))),
        new Heads(
            List.of(
                new Heads.Head(new SoftmaxCrossEntropy(3), 0.3f, List.of(1f, 0.1f, 2.5f)),
                new Heads.Head(new PoissonLoss(), 1),
                new Heads.Head(new QuantileLoss(List.of(0.2f, 0.8f)), 2),
                new Heads.Head(new BinaryCrossEntropy(0.1f, 3), 1f / 3))));
  }

  private static Model perceptron(List<LabelEncoder> labels, Loss loss) {
    Network network =
        Network.perceptron(
            Model.inputOf(encoder()), List.of(4), Nonlinearity.GELU, 0.25f, loss.logits());
    float[] theta = Initializer.suited(network, 5);
    for (int i = 0; i < theta.length; i++) {
      theta[i] += 0.01f * (i % 7);
    }
    return new Model(encoder(), labels, LabelOffset.NONE, network, loss, theta, PROVENANCE);
  }

  /** {@code y = (2 x + 0.5) 3 + 10}. */
  static Model quantity() {
    return line(new LabelEncoder.Quantity("y", 10, 3), new SquaredError());
  }

  /** {@code p = sigmoid(2 x + 0.5)}. */
  static Model twoClasses() {
    return line(
        new LabelEncoder.Classes("y", "boolean", List.of("false", "true")),
        new BinaryCrossEntropy());
  }

  private static Model line(LabelEncoder label, Loss loss) {
    FeatureEncoder encoder =
        new FeatureEncoder(
            List.of(new Feature.Numeric("x", false, new NumberTransform.Affine(0, 1), false)));
    Network network =
        new Network(
            new TableInput(1, List.of()), List.of(new Network.Named("head", new Linear(1, 1))));
    return new Model(encoder, label, network, loss, new float[] {2, 0.5f}, PROVENANCE);
  }

  /** All predictions of the rows, one after the other. */
  static double[] predictions(Model model) {
    return ROWS.stream()
        .flatMapToDouble(row -> Arrays.stream(model.predictor().predict(row)))
        .toArray();
  }
}
