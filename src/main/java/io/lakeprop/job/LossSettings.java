package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.FocalLoss;
import io.lakeprop.nn.GammaLoss;
import io.lakeprop.nn.HingeLoss;
import io.lakeprop.nn.HuberLoss;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TweedieLoss;
import io.lakeprop.train.ClassWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the job says of a label's loss; the label makes a {@link Loss} of it.
 *
 * @param type empty for the one that suits the label
 * @param positiveWeight of class 1; empty for both classes alike
 * @param delta of Huber's loss in the label's unit; empty for one standard deviation
 */
record LossSettings(
    Optional<Type> type,
    double labelSmoothing,
    Optional<Double> positiveWeight,
    Weighting weighting,
    Optional<Double> delta,
    List<Float> quantiles,
    double power,
    double gamma) {

  /** The names of losses, and the labels that they read. */
  enum Type {
    @AlsoCalled({
      "softmax",
      "cross_entropy",
      "ce",
      "categorical_crossentropy",
      "sparse_categorical_crossentropy",
      "nll",
      "nll_loss",
      "multiclass",
      "multi_softmax",
      "multi_softprob",
      "multi_logloss",
      "multinomial"
    })
    SOFTMAX_CROSS_ENTROPY(Loss.Target.CLASSES),
    @AlsoCalled({
      "bce",
      "bce_with_logits",
      "bce_loss",
      "log_loss",
      "logistic",
      "binary_logistic",
      "sigmoid_cross_entropy",
      "binary_logloss",
      "bernoulli"
    })
    BINARY_CROSS_ENTROPY(Loss.Target.TWO_CLASSES),
    @AlsoCalled({"focal_loss", "binary_focal_crossentropy", "sigmoid_focal_loss"})
    FOCAL(Loss.Target.TWO_CLASSES),
    @AlsoCalled({"hinge_loss", "svm"})
    HINGE(Loss.Target.TWO_CLASSES),
    @AlsoCalled({
      "mse",
      "mse_loss",
      "l2",
      "l2_loss",
      "rmse",
      "mean_squared_error",
      "root_mean_squared_error",
      "squared_loss",
      "reg_squarederror",
      "gaussian",
      "normal",
      "least_squares"
    })
    SQUARED_ERROR(Loss.Target.NUMBER),
    @AlsoCalled({
      "mae",
      "mae_loss",
      "l1",
      "l1_loss",
      "mean_absolute_error",
      "reg_absoluteerror",
      "laplace"
    })
    ABSOLUTE_ERROR(Loss.Target.NUMBER),
    @AlsoCalled({"huber_loss", "smooth_l1", "smooth_l1_loss", "smooth_mae", "pseudo_huber"})
    HUBER(Loss.Target.NUMBER),
    @AlsoCalled({"pinball", "pinball_loss", "quantile_loss", "quantile_regression"})
    QUANTILE(Loss.Target.NUMBER),
    @AlsoCalled({"poisson_nll", "poisson_loss", "poisson_nll_loss"})
    POISSON(Loss.Target.NOT_NEGATIVE),
    @AlsoCalled({"gamma_deviance", "gamma_loss", "reg_gamma"})
    GAMMA(Loss.Target.POSITIVE),
    @AlsoCalled({"tweedie_deviance", "tweedie_loss", "reg_tweedie"})
    TWEEDIE(Loss.Target.NOT_NEGATIVE);

    private final Loss.Target target;

    Type(Loss.Target target) {
      this.target = target;
    }

    /** Whether labels are classes. */
    boolean ofClasses() {
      return target.classes();
    }

    /** The numbers that it can learn from. */
    LabelEncoder.Range range() {
      return switch (target) {
        case CLASSES, TWO_CLASSES, NUMBER -> LabelEncoder.Range.ANY;
        case NOT_NEGATIVE -> LabelEncoder.Range.NOT_NEGATIVE;
        case POSITIVE -> LabelEncoder.Range.POSITIVE;
      };
    }
  }

  /** How classes are weighted. */
  sealed interface Weighting {
    /** All alike. */
    record None() implements Weighting {}

    /** So that every class weighs the same in all. */
    record Balanced() implements Weighting {}

    /** By a class's value as text; 1 for those that are not named. */
    record ByClass(Map<String, Double> weights) implements Weighting {
      public ByClass {
        weights = Map.copyOf(weights);
        weights.forEach((name, weight) -> Check.positive(weight, "class_weights." + name));
      }
    }
  }

  LossSettings {
    quantiles = List.copyOf(quantiles);
    delta.ifPresent(d -> Check.positive(d, "delta"));
  }

  /** Itself, once its numbers are known to make a loss whatever the label will be. */
  LossSettings checked() {
    type.ifPresent(t -> numbers(t, 1));
    classes(2);
    return this;
  }

  /** The same for labels of two classes, as each of a list of labels is. */
  LossSettings ofTwoClasses() {
    Type own = type.orElse(Type.BINARY_CROSS_ENTROPY);
    if (own.target != Loss.Target.TWO_CLASSES) {
      throw new InvalidInput(
          "loss must be binary_cross_entropy, focal or hinge for a list of labels, however: "
              + Section.name(own));
    }
    return new LossSettings(
        Optional.of(own),
        labelSmoothing,
        positiveWeight,
        weighting,
        delta,
        quantiles,
        power,
        gamma);
  }

  /** The kind of label that the loss asks for. */
  LabelSettings.Task task() {
    return type.map(
            t ->
                t.target.classes()
                    ? LabelSettings.Task.CLASSIFICATION
                    : LabelSettings.Task.REGRESSION)
        .orElse(LabelSettings.Task.AUTO);
  }

  LabelEncoder.Range range() {
    return type.map(Type::range).orElse(LabelEncoder.Range.ANY);
  }

  /**
   * The loss for a label.
   *
   * @throws InvalidInput when it cannot learn such a label
   */
  OneLabelLoss of(LabelEncoder label) {
    if (label instanceof LabelEncoder.Quantity number) {
      boolean ofClasses =
          labelSmoothing > 0
              || positiveWeight.isPresent()
              || !weighting.equals(new Weighting.None());
      if (type.isEmpty() && ofClasses) {
        throw new InvalidInput(
            "loss.label_smoothing, .positive_weight and .class_weights must go with a label of"
                + " classes, however: label \"%s\" is a number".formatted(label.name()));
      }
      return numbers(type(label), number.scale());
    }
    int classes = ((LabelEncoder.Classes) label).values().size();
    OneLabelLoss loss = classes(classes);
    if (loss.target() == Loss.Target.TWO_CLASSES && classes != 2) {
      throw new InvalidInput(
          "loss %s must have a label of two classes, however: label \"%s\" has %d"
              .formatted(
                  type.map(Section::name).orElse("with positive_weight"), label.name(), classes));
    }
    return loss;
  }

  /** The job's own type, or the one that suits a label. */
  Type type(LabelEncoder label) {
    return label instanceof LabelEncoder.Classes classes
        ? typeOfClasses(classes.values().size())
        : type.orElse(Type.SQUARED_ERROR);
  }

  private Type typeOfClasses(int classes) {
    boolean two = classes == 2 || positiveWeight.isPresent();
    return type.orElse(two ? Type.BINARY_CROSS_ENTROPY : Type.SOFTMAX_CROSS_ENTROPY);
  }

  /** A loss of classes; of numbers, whatever says so later, for other types. */
  private OneLabelLoss classes(int classes) {
    return switch (typeOfClasses(classes)) {
      case BINARY_CROSS_ENTROPY ->
          new BinaryCrossEntropy(
              (float) labelSmoothing, positiveWeight.map(Double::floatValue).orElse(1f));
      case FOCAL -> new FocalLoss((float) gamma);
      case HINGE -> new HingeLoss();
      default -> new SoftmaxCrossEntropy(classes, (float) labelSmoothing);
    };
  }

  /**
   * @param scale of the label's standardised unit
   */
  private OneLabelLoss numbers(Type own, double scale) {
    return switch (own) {
      case ABSOLUTE_ERROR -> new AbsoluteError();
      case HUBER -> new HuberLoss((float) (delta.orElse(scale) / scale));
      case QUANTILE -> new QuantileLoss(quantiles);
      case POISSON -> new PoissonLoss();
      case GAMMA -> new GammaLoss();
      case TWEEDIE -> new TweedieLoss((float) power);
      default -> new SquaredError();
    };
  }

  /**
   * The weights of the label's classes.
   *
   * @param rowsOfClasses training rows of each
   */
  ClassWeights weights(LabelEncoder label, List<Long> rowsOfClasses) {
    if (weighting instanceof Weighting.Balanced) {
      return ClassWeights.balanced(rowsOfClasses);
    }
    if (!(weighting instanceof Weighting.ByClass byClass)) {
      return ClassWeights.NONE;
    }
    List<String> values = ((LabelEncoder.Classes) label).values();
    for (String name : byClass.weights().keySet()) {
      if (!values.contains(name)) {
        throw new InvalidInput(
            "loss.class_weights must name classes of label \"%s\", %s, however: \"%s\""
                .formatted(label.name(), values, name));
      }
    }
    List<Float> weights = new ArrayList<>();
    values.forEach(value -> weights.add(byClass.weights().getOrDefault(value, 1.0).floatValue()));
    return new ClassWeights(weights);
  }
}
