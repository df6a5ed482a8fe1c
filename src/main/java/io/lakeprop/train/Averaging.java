package io.lakeprop.train;

import io.lakeprop.base.Check;
import java.util.Locale;
import java.util.Optional;

/**
 * A mean of theta over its path, which is what is judged and stored in its place; the path itself
 * knows nothing of it.
 *
 * <p>Now and then, {@code average += weight (theta - average)}: what does not move stays as it is
 * to the bit.
 */
public sealed interface Averaging {
  /**
   * The weight of theta in the average after a round's step; 0 leaves the average as it is.
   *
   * @param round number of rounds done, this one among them
   * @param step number of steps done, this one among them
   * @param averaged how often theta was taken in before
   */
  double weight(long round, long step, long averaged);

  /** What theta is taken into at first; empty without an average. */
  Optional<float[]> start(float[] theta);

  /** Whether running moments of the average are taken anew before it is judged. */
  boolean estimatesMoments();

  /** As the {@code average} line of a run says it; empty without one. */
  Optional<String> words();

  /** Vectors as long as theta that it needs. */
  default int vectors() {
    return start(new float[1]).isPresent() ? 1 : 0;
  }

  /** No average: theta itself. */
  record None() implements Averaging {
    @Override
    public double weight(long round, long step, long averaged) {
      return 0;
    }

    @Override
    public Optional<float[]> start(float[] theta) {
      return Optional.empty();
    }

    @Override
    public boolean estimatesMoments() {
      return false;
    }

    @Override
    public Optional<String> words() {
      return Optional.empty();
    }
  }

  /**
   * The exponential moving average (Polyak and Juditsky 1992, in the form of TensorFlow's {@code
   * ExponentialMovingAverage}): starts at the first theta, and after step t, from 1, {@code average
   * = d average + (1 - d) theta} with {@code d = min(decay, (1 + t) / (10 + t))}, so that the start
   * is soon forgotten.
   *
   * <p>Running moments of batch normalisation are averaged like everything else: they lag behind
   * theta as the average does, over the same rounds, and are right for it as far as both move
   * slowly. Taking them anew would cost an epoch an evaluation for little.
   */
  record Exponential(double decay) implements Averaging {
    public Exponential {
      Check.fraction(decay, "decay");
    }

    @Override
    public double weight(long round, long step, long averaged) {
      return 1 - Math.min(decay, (1.0 + step) / (10.0 + step));
    }

    @Override
    public Optional<float[]> start(float[] theta) {
      return Optional.of(theta.clone());
    }

    @Override
    public boolean estimatesMoments() {
      return false;
    }

    @Override
    public Optional<String> words() {
      return Optional.of("exponential, decay " + decay);
    }
  }

  /**
   * Stochastic weight averaging (Izmailov et al. 2018, algorithm 1): the mean of theta after {@code
   * from} rounds and then every so many, all alike.
   *
   * <p>Activations under the mean of weights are not the mean of activations, so running moments
   * are taken anew ({@link EpochMoments}). A round without weight makes no step and is left out.
   */
  record Uniform(long from, long every) implements Averaging {
    public Uniform {
      Check.require(from >= 0, "from must be at least 0", "from", from);
      Check.require(every > 0, "every must be positive", "every", every);
    }

    @Override
    public double weight(long round, long step, long averaged) {
      return round >= from && (round - from) % every == 0 ? 1.0 / (averaged + 1) : 0;
    }

    @Override
    public Optional<float[]> start(float[] theta) {
      return Optional.of(new float[theta.length]);
    }

    @Override
    public boolean estimatesMoments() {
      return true;
    }

    @Override
    public Optional<String> words() {
      return Optional.of(
          String.format(Locale.ROOT, "uniform, from round %,d on, every %,d rounds", from, every));
    }
  }
}
