package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.SquaredError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** -0.0 is 0.0 in plain Java rows: as a number, an element and a category. */
class MinusZeroRowTest {
  /** As in a table, where Spark makes texts of numbers. */
  @Test
  void minusZeroIsTheCategoryOfZero() {
    Model model = zeros();
    Predictor predictor = model.predictor(1);
    double[] expected = predictor.predict(Map.of("c", 0.0, "x", 0.0, "v", List.of(0.0)));
    for (Object zero : new Object[] {-0.0, -0f, 0f, "0.0"}) {
      Object number = zero instanceof String ? -0.0 : zero;
      assertArrayEquals(
          expected,
          predictor.predict(Map.of("c", zero, "x", number, "v", List.of(number))),
          zero + " of " + zero.getClass());
    }
    double[] unseen = predictor.predict(Map.of("c", 2.0, "x", 0.0, "v", List.of(0.0)));
    assertTrue(unseen[0] != expected[0]);
  }

  private static Model zeros() {
    NumberTransform quantile =
        new NumberTransform.Quantile(new double[] {0, 1, 2}, new double[] {0.4, 0.7, 0.9});
    FeatureEncoder encoder =
        new FeatureEncoder(
            List.of(
                new Feature.Categorical(
                    "c", List.of("0.0", "1.0"), false, Feature.Rare.NONE, List.of(), 0),
                new Feature.Vector("v", 1, false, List.of(quantile), false),
                new Feature.Numeric("x", false, quantile, false)));
    Network network =
        Network.perceptron(Model.inputOf(encoder), List.of(), Nonlinearity.TANH, 0, 1);
    float[] theta = new float[network.layout().size()];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = 1 + i;
    }
    return new Model(
        encoder,
        new LabelEncoder.Quantity("y", 0, 1),
        network,
        new SquaredError(),
        theta,
        TinyModel.PROVENANCE);
  }
}
