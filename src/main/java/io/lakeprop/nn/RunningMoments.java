package io.lakeprop.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * What batch normalisation remembers between rounds: it lies in theta, but no optimizer moves it.
 *
 * <p>In the place of its gradient a round brings sums of the rows' deviations ({@link BatchNorm}).
 * They are taken out before anybody looks at the gradient (its norm, clipping, what the optimizer
 * remembers) and move the running moments after the step.
 */
public final class RunningMoments {
  /** A layer and where its first slot lies. */
  private record Placed(BatchNorm layer, int offset) {}

  private final List<Placed> layers = new ArrayList<>();

  RunningMoments(Network network) {
    int[] offsets = network.offsets();
    for (int i = 0; i < offsets.length; i++) {
      if (network.layers().get(i).layer() instanceof BatchNorm norm) {
        layers.add(new Placed(norm, offsets[i]));
      }
    }
  }

  /** Numbers in theta that it is about; 0 without batch normalisation. */
  public int size() {
    return layers.stream().mapToInt(p -> p.layer().moments()).sum();
  }

  /**
   * Takes a round's sums out of the gradient and leaves zeros.
   *
   * @param weight of the round's rows, positive
   * @return the sums over the weight, layer after layer, for {@link #move}
   */
  public float[] take(float[] gradient, double weight) {
    float[] means = new float[size()];
    int at = 0;
    for (Placed placed : layers) {
      int from = placed.offset() + placed.layer().firstMoment();
      for (int i = 0; i < placed.layer().moments(); i++) {
        means[at++] = (float) (gradient[from + i] / weight);
      }
      Arrays.fill(gradient, from, from + placed.layer().moments(), 0);
    }
    return means;
  }

  /**
   * Where in theta the first running moment would lie that {@link #move} would make infinite or
   * NaN; empty when all stay finite.
   */
  public OptionalInt firstNotFinite(float[] theta, float[] means, long rows) {
    int at = 0;
    for (Placed placed : layers) {
      int mean = placed.offset() + placed.layer().firstMoment();
      float[] next = Arrays.copyOfRange(theta, mean, mean + placed.layer().moments());
      placed.layer().move(next, 0, means, at, rows);
      for (int i = 0; i < next.length; i++) {
        if (!Float.isFinite(next[i])) {
          return OptionalInt.of(mean + i);
        }
      }
      at += next.length;
    }
    return OptionalInt.empty();
  }

  /**
   * Moves the running moments.
   *
   * @param means as taken
   * @param rows of the round
   */
  public void move(float[] theta, float[] means, long rows) {
    int at = 0;
    for (Placed placed : layers) {
      int mean = placed.offset() + placed.layer().firstMoment();
      placed.layer().move(theta, mean, means, at, rows);
      at += placed.layer().moments();
    }
  }

  /**
   * Adds a round's sums to those of other rounds under the same theta.
   *
   * @param sums layer after layer, for {@link #set}
   */
  public void add(float[] gradient, double[] sums) {
    int at = 0;
    for (Placed placed : layers) {
      int from = placed.offset() + placed.layer().firstMoment();
      for (int i = 0; i < placed.layer().moments(); i++) {
        sums[at++] += gradient[from + i];
      }
    }
  }

  /**
   * Puts the moments of all rows whose sums were added in the place of the running ones.
   *
   * @param theta under which the sums were made
   */
  public void set(float[] theta, double[] sums, double weight, long rows) {
    int at = 0;
    for (Placed placed : layers) {
      int mean = placed.offset() + placed.layer().firstMoment();
      placed.layer().set(theta, mean, sums, at, weight, rows);
      at += placed.layer().moments();
    }
  }

  /** Copies the running moments of one theta into another. */
  public void copy(float[] theta, float[] into) {
    for (Placed placed : layers) {
      int from = placed.offset() + placed.layer().firstMoment();
      System.arraycopy(theta, from, into, from, placed.layer().moments());
    }
  }
}
