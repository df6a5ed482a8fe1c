package io.lakeprop.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Examples of every type of loss, and labels that it can read. */
public final class Losses {
  public static final List<Loss> EXAMPLES =
      List.of(
          new SoftmaxCrossEntropy(4),
          new SoftmaxCrossEntropy(4, 0.2f),
          new BinaryCrossEntropy(),
          new BinaryCrossEntropy(0.1f, 2.5f),
          new FocalLoss(2),
          new FocalLoss(0.5f),
          new HingeLoss(),
          new SquaredError(),
          new AbsoluteError(),
          new HuberLoss(0.7f),
          new QuantileLoss(List.of(0.1f, 0.5f, 0.9f)),
          new PoissonLoss(),
          new GammaLoss(),
          new TweedieLoss(1.5f),
          new TweedieLoss(1.3f),
          new Heads(
              List.of(
                  new Heads.Head(new BinaryCrossEntropy(), 1f / 3),
                  new Heads.Head(new BinaryCrossEntropy(), 1f / 3),
                  new Heads.Head(new BinaryCrossEntropy(), 1f / 3))),
          new Heads(
              List.of(
                  new Heads.Head(new SoftmaxCrossEntropy(4), 0.5f, List.of(1f, 2f, 0.5f, 3f)),
                  new Heads.Head(new QuantileLoss(List.of(0.2f, 0.8f)), 2),
                  new Heads.Head(new PoissonLoss(), 0.7f),
                  new Heads.Head(new FocalLoss(2), 1, List.of(0.25f, 4f)),
                  new Heads.Head(new SquaredError(), 1))));

  private Losses() {}

  /** Every type that is a loss and no interface. */
  static Set<Class<?>> types() {
    return types(Loss.class).collect(Collectors.toSet());
  }

  private static Stream<Class<?>> types(Class<?> type) {
    return type.isInterface()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Losses::types)
        : Stream.of(type);
  }

  /** Labels of the kinds that the loss reads, (rows, labels). */
  static float[] labels(Loss loss, int rows, Random random) {
    float[] labels = new float[rows * loss.labels()];
    for (int label = 0; label < loss.labels(); label++) {
      float[] own = labels(loss.byLabel().get(label), label, rows, random);
      for (int row = 0; row < rows; row++) {
        labels[row * loss.labels() + label] = own[row];
      }
    }
    return labels;
  }

  private static float[] labels(OneLabelLoss loss, int place, int rows, Random random) {
    float[] labels = new float[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] =
          switch (loss.target()) {
            case CLASSES, TWO_CLASSES -> (row >> place) % loss.predictions();
            case NUMBER -> awayFromZero(random.nextGaussian());
            case NOT_NEGATIVE -> random.nextInt(4);
            case POSITIVE -> 0.1f + 3 * random.nextFloat();
          };
    }
    return labels;
  }

  /** Most losses of numbers have a kink at the label: small logits shall not meet it. */
  private static float awayFromZero(double value) {
    return (float) (value + Math.copySign(1, value));
  }
}
