package io.lakeprop.model;

import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.FocalLoss;
import io.lakeprop.nn.GammaLoss;
import io.lakeprop.nn.HingeLoss;
import io.lakeprop.nn.HuberLoss;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TweedieLoss;
import java.util.List;
import java.util.Random;

/** Any loss with any parameters. */
record RandomLoss(Random random) {
  OneLabelLoss loss() {
    float part = 0.99f * random.nextFloat();
    return switch (random.nextInt(12)) {
      case 0 -> new SoftmaxCrossEntropy(2 + random.nextInt(4), random.nextBoolean() ? 0 : part);
      case 1 -> new BinaryCrossEntropy(random.nextBoolean() ? 0 : part, 1);
      case 2 -> new BinaryCrossEntropy(0, 0.1f + 3 * part);
      case 3 -> new FocalLoss(3 * part);
      case 4 -> new HingeLoss();
      case 5 -> new SquaredError();
      case 6 -> new AbsoluteError();
      case 7 -> new HuberLoss(0.01f + part);
      case 8 -> new QuantileLoss(List.of(0.004f + part / 3, 0.4f + part / 3, 0.999f));
      case 9 -> new PoissonLoss();
      case 10 -> new GammaLoss();
      default -> new TweedieLoss(1.005f + part / 1.01f);
    };
  }
}
