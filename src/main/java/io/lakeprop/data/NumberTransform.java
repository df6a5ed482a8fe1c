package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A bound scaling: a function of one finite number. */
public sealed interface NumberTransform extends Serializable {
  /** The encoded number. */
  float apply(double value);

  /** Binds a scaling to what the training rows said. */
  static NumberTransform bind(FeatureSpec.Scaling scaling, NumberStats stats) {
    return switch (scaling) {
      case NONE -> new Affine(0, 1);
      case STANDARD -> new SmoothClip(stats.mean(), orOne(stats.deviation()));
      case ROBUST -> robust(stats);
      case QUANTILE -> Quantile.of(stats.distribution());
    };
  }

  private static NumberTransform robust(NumberStats stats) {
    Distribution values = stats.distribution();
    double spread = values.at(0.75) - values.at(0.25);
    return new SmoothClip(values.at(0.5), spread > 0 ? spread : orOne(stats.deviation()));
  }

  private static void check(double center, double scale) {
    if (!Double.isFinite(center) || !(scale > 0) || !Double.isFinite(scale)) {
      throw new InvalidInput(
          "center must be finite and scale positive, however: center="
              + center
              + " scale="
              + scale);
    }
  }

  private static double orOne(double scale) {
    return scale > 0 ? scale : 1;
  }

  /** {@code (x - center) / scale}. */
  record Affine(double center, double scale) implements NumberTransform {
    public Affine {
      check(center, scale);
    }

    @Override
    public float apply(double value) {
      return (float) ((value - center) / scale);
    }
  }

  /**
   * {@code y = u / √(1 + (u/3)²)} of {@code u = (x - center) / scale}: u itself around the centre,
   * and never beyond 3 however far out x is, so that one wild number moves no prediction far
   * (Holzmüller, Grinsztajn and Steinwart, Better by Default, 2024).
   */
  record SmoothClip(double center, double scale) implements NumberTransform {
    private static final double BOUND = 3;

    /** From here on y is the bound in double precision, and squares are still finite. */
    private static final double FAR = 1e100;

    public SmoothClip {
      check(center, scale);
    }

    @Override
    public float apply(double value) {
      double u = Math.max(-FAR, Math.min(FAR, (value - center) / scale));
      double part = u / BOUND;
      return (float) (u / Math.sqrt(1 + part * part));
    }
  }

  /**
   * The piecewise linear distribution function of the training rows, then the inverse normal:
   * {@code Φ⁻¹(F(x))}, kept in [-5.2, 5.2].
   *
   * <p>A number below all training rows gets half the share of the smallest, one above all half of
   * what the largest leaves: further out than all that was seen, and about as far as one more such
   * row would be. The distribution function itself would say 0 or 1, which no network was trained
   * on where a column has a few frequent numbers.
   *
   * @param values strictly increasing
   * @param shares the share of training rows below each value, half of those equal to it included
   */
  @SuppressWarnings("ArrayRecordComponent") // Equality is by content, below; nobody writes to them.
  record Quantile(double[] values, double[] shares) implements NumberTransform {
    private static final int KNOTS = 256;
    private static final double OUTERMOST = 1e-7;

    public Quantile {
      // -0.0 is 0.0.
      values = Arrays.stream(values).map(value -> value + 0.0).toArray();
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
     * A knot a number where these are few; otherwise knots at the numbers that stand at even
     * shares. The share of a knot is that of the training rows, whatever the other knots are.
     */
    static Quantile of(Distribution rows) {
      double[] values =
          rows.exact() && rows.buckets() <= KNOTS
              ? IntStream.range(0, rows.buckets()).mapToDouble(rows::smallest).toArray()
              : IntStream.range(0, KNOTS)
                  .mapToDouble(knot -> rows.at(knot / (KNOTS - 1.0)))
                  .distinct()
                  .toArray();
      return new Quantile(values, Arrays.stream(values).map(rows::share).toArray());
    }

    @Override
    public float apply(double value) {
      // Where numbers are looked up, -0.0 would stand before 0.0.
      double share = share(value + 0.0);
      return (float) Normal.quantile(Math.max(OUTERMOST, Math.min(1 - OUTERMOST, share)));
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
