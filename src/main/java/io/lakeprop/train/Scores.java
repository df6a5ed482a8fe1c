package io.lakeprop.train;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.DevianceSum;
import io.lakeprop.eval.HeadsSum;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.QuantileSum;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.GammaLoss;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TweedieLoss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What the predictions of labels by a loss are judged by. */
public record Scores(List<LabelEncoder> labels, Loss loss) implements Serializable {
  public Scores {
    labels = List.copyOf(labels);
  }

  /** The sum of no rows. */
  public MetricSum empty() {
    if (!(loss instanceof Heads several)) {
      return labels.get(0) instanceof LabelEncoder.Classes classes
          ? new ClassificationSum(classes.values().size())
          : ofNumber((LabelEncoder.Quantity) labels.get(0), loss.byLabel().get(0));
    }
    List<HeadsSum.Part> parts = new ArrayList<>();
    for (Heads.Head head : several.heads()) {
      LabelEncoder label = labels.get(parts.size());
      MetricSum sum =
          label instanceof LabelEncoder.Classes classes
              ? ClassificationSum.amongSeveral(classes.values().size())
              : ofNumber((LabelEncoder.Quantity) label, head.loss());
      parts.add(new HeadsSum.Part(label.name(), head.weight(), head.loss().predictions(), sum));
    }
    return new HeadsSum(parts);
  }

  private static MetricSum ofNumber(LabelEncoder.Quantity number, OneLabelLoss loss) {
    if (loss instanceof QuantileLoss several) {
      return new QuantileSum(several.quantiles(), number.scale());
    }
    return loss.target().logLink()
        ? new DevianceSum(number.scale(), variancePower(loss))
        : new RegressionSum(number.scale());
  }

  /** The variance is the mean to this power. */
  private static double variancePower(Loss loss) {
    if (loss instanceof TweedieLoss tweedie) {
      return tweedie.power();
    }
    return loss instanceof PoissonLoss ? 1 : 2;
  }

  /**
   * The metric that says most of what is trained; the loss itself where none does, and for several
   * labels.
   */
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
