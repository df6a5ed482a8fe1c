package io.lakeprop.train;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.DevianceSum;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.QuantileSum;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.GammaLoss;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TweedieLoss;
import java.io.Serializable;

/** What the predictions of a label by a loss are judged by. */
public record Scores(LabelEncoder label, Loss loss) implements Serializable {
  /** The sum of no rows. */
  public MetricSum empty() {
    if (label instanceof LabelEncoder.Classes classes) {
      return new ClassificationSum(classes.values().size());
    }
    double scale = ((LabelEncoder.Quantity) label).scale();
    if (loss instanceof QuantileLoss several) {
      return new QuantileSum(several.quantiles(), scale);
    }
    return loss.target().logLink()
        ? new DevianceSum(scale, variancePower(loss))
        : new RegressionSum(scale);
  }

  /** The variance is the mean to this power. */
  private static double variancePower(Loss loss) {
    if (loss instanceof TweedieLoss tweedie) {
      return tweedie.power();
    }
    return loss instanceof PoissonLoss ? 1 : 2;
  }

  /** The metric that says most of what is trained; the loss itself where none does. */
  public Metric monitor() {
    if (loss instanceof SoftmaxCrossEntropy
        || (loss instanceof BinaryCrossEntropy binary && binary.positiveWeight() == 1)) {
      return Metric.LOG_LOSS;
    }
    if (loss instanceof PoissonLoss) {
      return Metric.POISSON_DEVIANCE;
    }
    if (loss instanceof GammaLoss) {
      return Metric.GAMMA_DEVIANCE;
    }
    if (loss instanceof TweedieLoss) {
      return Metric.TWEEDIE_DEVIANCE;
    }
    if (loss instanceof QuantileLoss) {
      return Metric.PINBALL_LOSS;
    }
    if (loss instanceof AbsoluteError) {
      return Metric.MAE;
    }
    return loss instanceof SquaredError ? Metric.RMSE : Metric.LOSS;
  }
}
