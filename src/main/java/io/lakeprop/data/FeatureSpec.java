package io.lakeprop.data;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.Check;
import java.io.Serializable;

/** What the job wants of one input column, before any row was read. */
public sealed interface FeatureSpec extends Serializable {
  /** The column. */
  String name();

  /** How a number is centred and scaled. */
  enum Scaling {
    /** Minus the mean, divided by the standard deviation. */
    @AlsoCalled({
      "standardize",
      "standard_scaler",
      "zscore",
      "z_score",
      "mean_std",
      "normalize",
      "normal"
    })
    STANDARD,
    /** Minus the median, divided by the distance between the quartiles. */
    @AlsoCalled({"robust_scaler", "median", "iqr"})
    ROBUST,
    /** Through the training rows' distribution function to a standard normal number. */
    @AlsoCalled({"quantile_transformer", "quantile_normal", "rank", "rank_gauss", "gauss_rank"})
    QUANTILE,
    /** As it is. */
    NONE
  }

  /**
   * A column of numbers.
   *
   * @param log whether {@code sign(x) log(1 + |x|)} comes first
   * @param calendar whether year, month and the like of a date or timestamp are features, too
   */
  record Numeric(
      String name,
      Scaling scaling,
      boolean log,
      NotFinite notFinite,
      NumberUnit unit,
      boolean calendar)
      implements FeatureSpec {
    /** Of plain numbers. */
    public Numeric(String name, Scaling scaling, boolean log, NotFinite notFinite) {
      this(name, scaling, log, notFinite, NumberUnit.PLAIN, true);
    }

    /** Of plain numbers, with the usual treatment of what is not finite. */
    public Numeric(String name, Scaling scaling, boolean log) {
      this(name, scaling, log, NotFinite.DEFAULT);
    }

    /** The same of a column whose type says the unit. */
    public Numeric in(NumberUnit own) {
      return new Numeric(name, scaling, log, notFinite, own, calendar);
    }
  }

  /**
   * A column of number arrays, all of one length.
   *
   * @param shared whether all elements have one centre and scale, as the pixels of a picture
   */
  record Vector(String name, Scaling scaling, boolean log, boolean shared, NotFinite notFinite)
      implements FeatureSpec {
    /** With the usual treatment of what is not finite. */
    public Vector(String name, Scaling scaling, boolean log, boolean shared) {
      this(name, scaling, log, shared, NotFinite.DEFAULT);
    }
  }

  /**
   * A column of values without an order.
   *
   * @param minimumCount values with fewer training rows share one bucket
   * @param maximumValues the most frequent values that keep an id of their own
   * @param oneHotUpTo ids beyond this number make an embedding of the column
   * @param width the embedding's width; 0 for the rule {@link #widthFor}
   */
  record Categorical(String name, int minimumCount, int maximumValues, int oneHotUpTo, int width)
      implements FeatureSpec {
    public Categorical {
      Check.positive(minimumCount, "minimum_count");
      Check.positive(maximumValues, "maximum_values");
      Check.notNegative(oneHotUpTo, "one_hot_up_to");
      Check.notNegative(width, "width");
    }

    /** {@code min(50, round(1.6 n^0.56))}, the rule of thumb of fast.ai for n values. */
    public static int widthFor(int cardinality) {
      return (int) Math.min(50, Math.round(1.6 * StrictMath.pow(cardinality, 0.56)));
    }
  }
}
