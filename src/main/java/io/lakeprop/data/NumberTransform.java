package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.io.Serializable;
import java.util.Arrays;

/** A bound scaling: a function of one finite number. */
public sealed interface NumberTransform extends Serializable {
  /** The encoded number. */
  float apply(double value);

  /** Binds a scaling to what the training rows said. */
  static NumberTransform bind(FeatureSpec.Scaling scaling, NumberStats stats) {
    return switch (scaling) {
      case NONE -> new Affine(0, 1);
      case STANDARD -> new Affine(stats.mean(), orOne(stats.deviation()));
      case ROBUST -> robust(stats);
      case QUANTILE -> Quantile.of(stats.sortedSample());
    };
  }

  private static NumberTransform robust(NumberStats stats) {
    double[] sample = stats.sortedSample();
    double spread = Quantile.at(sample, 0.75) - Quantile.at(sample, 0.25);
    return new Affine(Quantile.at(sample, 0.5), spread > 0 ? spread : orOne(stats.deviation()));
  }

  private static double orOne(double scale) {
    return scale > 0 ? scale : 1;
  }

  /** {@code (x - center) / scale}. */
  record Affine(double center, double scale) implements NumberTransform {
    public Affine {
      if (!Double.isFinite(center) || !(scale > 0) || !Double.isFinite(scale)) {
        throw new InvalidInput(
            "center must be finite and scale positive, however: center="
                + center
                + " scale="
                + scale);
      }
    }

    @Override
    public float apply(double value) {
      return (float) ((value - center) / scale);
    }
  }

  /**
   * The piecewise linear distribution function of the training rows, then the inverse normal:
   * {@code Φ⁻¹(F(x))}, kept in [-5.2, 5.2].
   *
   * @param values strictly increasing
   * @param shares the share of training rows below each value, half of those equal to it included
   */
  @SuppressWarnings("ArrayRecordComponent") // Equality is by content, below; nobody writes to them.
  record Quantile(double[] values, double[] shares) implements NumberTransform {
    private static final int KNOTS = 256;
    private static final double OUTERMOST = 1e-7;

    public Quantile {
      boolean rising = values.length == shares.length && values.length > 0;
      for (int i = 1; rising && i < values.length; i++) {
        rising = values[i] > values[i - 1] && shares[i] >= shares[i - 1];
      }
      if (!rising || !(shares[0] >= 0) || !(shares[shares.length - 1] <= 1)) {
        throw new InvalidInput(
            "quantiles must be as many rising values as shares in [0, 1], however: values="
                + values.length
                + " shares="
                + shares.length);
      }
    }

    /**
     * Knots at even shares of a sorted sample; equal values become one knot in the middle of their
     * shares, the ends stand at 0 and 1 unless they are such a heap.
     */
    static Quantile of(double[] sorted) {
      int knots = Math.min(KNOTS, Math.max(2, sorted.length));
      double[] values = new double[knots];
      double[] shares = new double[knots];
      int size = 0;
      for (int k = 0; k < knots; ) {
        double value = at(sorted, k / (knots - 1.0));
        int end = k + 1;
        while (end < knots && at(sorted, end / (knots - 1.0)) <= value) {
          end++;
        }
        values[size] = value;
        shares[size++] = (k + end - 1) / 2.0 / (knots - 1.0);
        k = end;
      }
      return new Quantile(Arrays.copyOf(values, size), Arrays.copyOf(shares, size));
    }

    /** The value below which a share of the sorted sample lies, linear between neighbours. */
    static double at(double[] sorted, double share) {
      double place = share * (sorted.length - 1);
      int below = (int) place;
      if (below + 1 >= sorted.length) {
        return sorted[sorted.length - 1];
      }
      return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }

    @Override
    public float apply(double value) {
      return (float) Normal.quantile(Math.max(OUTERMOST, Math.min(1 - OUTERMOST, share(value))));
    }

    private double share(double value) {
      int place = Arrays.binarySearch(values, value);
      if (place >= 0) {
        return shares[place];
      }
      int above = -place - 1;
      if (above == 0) {
        return shares[0] > 0 ? shares[0] / 2 : 0;
      }
      if (above == values.length) {
        double last = shares[values.length - 1];
        return last < 1 ? (1 + last) / 2 : 1;
      }
      double part = (value - values[above - 1]) / (values[above] - values[above - 1]);
      return shares[above - 1] + part * (shares[above] - shares[above - 1]);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Quantile that
          && Arrays.equals(values, that.values)
          && Arrays.equals(shares, that.shares);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(values) + Arrays.hashCode(shares);
    }

    @Override
    public String toString() {
      return "Quantile[" + values.length + " knots]";
    }
  }
}
