package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/** From a label's value to the number that a loss reads, and from a prediction back. */
public sealed interface LabelEncoder extends Serializable {
  /** The label's column. */
  String name();

  /** What becomes of rows without the label, in training and wherever labels are read later. */
  LabelSettings.Missing missing();

  /** What one unit of a logit is in the unit of what is added to it. */
  default double logitUnit() {
    // An estimate is standardised, and what is added to it must be, too.
    return this instanceof Quantity number && number.range() == Range.ANY ? number.scale() : 1;
  }

  /** Which numbers a label may be. */
  enum Range {
    ANY(Double.NEGATIVE_INFINITY, "finite"),
    NOT_NEGATIVE(0, "finite and at least 0"),
    POSITIVE(Double.MIN_VALUE, "finite and above 0");

    private final double least;
    private final String rule;

    Range(double least, String rule) {
      this.least = least;
      this.rule = rule;
    }

    /** Whether a number lies in the range. */
    public boolean holds(double value) {
      return value >= least && !Double.isInfinite(value);
    }

    /** What a number must be. */
    public String rule() {
      return rule;
    }
  }

  /** A label that is one of some values of any type, as class numbers from 0. */
  final class Classes implements LabelEncoder {
    @Serial private static final long serialVersionUID = 1L;

    private final String name;

    /** The class in which rare ones are joined where the job says so. */
    public static final String OTHER = "other";

    private final String type;
    private final LabelSettings.Missing missing;
    private final LabelSettings.Rare rare;
    private final ArrayList<String> values;
    private final HashMap<String, Integer> numbers = new HashMap<>();

    /**
     * @param type the column's SQL type
     * @param values the classes as text, in the order of their numbers
     */
    public Classes(String name, String type, List<String> values) {
      this(name, type, values, LabelSettings.Missing.REFUSE, LabelSettings.Rare.REFUSE);
    }

    /**
     * @param type the column's SQL type
     * @param values the classes as text, in the order of their numbers
     * @param missing what becomes of rows without the label
     * @param rare what becomes of rows of other classes
     */
    public Classes(
        String name,
        String type,
        List<String> values,
        LabelSettings.Missing missing,
        LabelSettings.Rare rare) {
      this.name = name;
      this.type = type;
      this.missing = missing;
      this.rare = rare;
      this.values = new ArrayList<>(values);
      if (new HashSet<>(values).size() < 2 || new HashSet<>(values).size() != values.size()) {
        throw new InvalidInput(
            "label \"%s\" must have at least two different classes, however: %s"
                .formatted(name, values));
      }
      for (String value : values) {
        numbers.put(value, numbers.size());
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public LabelSettings.Missing missing() {
      return missing;
    }

    /** What becomes of rows of classes that are not among the values. */
    public LabelSettings.Rare rare() {
      return rare;
    }

    /** The column's SQL type. */
    public String type() {
      return type;
    }

    /** The SQL type of a predicted class: the column's, but only a text can be "other". */
    public String predictedType() {
      return rare == LabelSettings.Rare.OTHER && numbers.containsKey(OTHER) ? "STRING" : type;
    }

    /** The classes as text, in the order of their numbers. */
    public List<String> values() {
      return Collections.unmodifiableList(values);
    }

    /** The number of a class, that of the class of rare ones where it is one; -1 for no class. */
    public int find(String value) {
      Integer number = value == null ? null : numbers.get(value);
      if (number == null && value != null && rare == LabelSettings.Rare.OTHER) {
        number = numbers.get(OTHER);
      }
      return number == null ? -1 : number;
    }

    /** The number of a class. */
    public int encode(String value) {
      int number = find(value);
      if (number < 0) {
        throw new InvalidInput(
            "label \"%s\" must be one of the %d classes of the training rows, however: %s"
                .formatted(name, values.size(), value == null ? "null" : '"' + value + '"'));
      }
      return number;
    }
  }

  /**
   * A label that is a number, standardised for the loss; or, where the loss takes the logarithm of
   * the expectation, divided by the mean alone.
   *
   * @param center mean of the training rows, or 0 for a range with an end
   * @param scale their standard deviation, or their mean for a range with an end: either way the
   *     label's unit says nothing
   * @param missing what becomes of rows without the label
   * @param bounds within which predictions stay
   */
  record Quantity(
      String name,
      double center,
      double scale,
      Range range,
      LabelSettings.Missing missing,
      LabelBounds bounds)
      implements LabelEncoder {
    public Quantity {
      Feature.finite(center, name);
      if (!(scale > 0) || !Double.isFinite(scale)) {
        throw new InvalidInput(
            "label \"%s\" must vary in the training rows, however: its standard deviation is %s"
                .formatted(name, scale));
      }
    }

    /** A label of any range. */
    public Quantity(String name, double center, double scale) {
      this(name, center, scale, Range.ANY);
    }

    /** A label that no row lacks. */
    public Quantity(String name, double center, double scale, Range range) {
      this(name, center, scale, range, LabelSettings.Missing.REFUSE, LabelBounds.NONE);
    }

    /** The standardised label. */
    public float encode(double value) {
      if (!range.holds(value)) {
        throw new InvalidInput(
            "label \"%s\" must be a number, %s, however: %s".formatted(name, range.rule(), value));
      }
      float encoded = (float) standardised(value);
      if (Float.isInfinite(encoded)) {
        // An infinite error makes every metric infinite, and no epoch better than the first.
        throw new InvalidInput(
            "label \"%s\" must fit 32 bits when encoded, however: %s".formatted(name, value));
      }
      return encoded;
    }

    double standardised(double value) {
      return (value - center) / scale;
    }

    /** A standardised prediction in the label's own unit, within its bounds. */
    public double decode(double standardised) {
      // What stands at a bound in 32 bits is the bound.
      if (standardised == (float) standardised(bounds.smallest())) {
        return bounds.smallest();
      }
      return standardised == (float) standardised(bounds.largest())
          ? bounds.largest()
          : bounds.within(standardised * scale + center);
    }
  }
}
