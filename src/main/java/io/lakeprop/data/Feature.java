package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;

/** An input column bound to what the training rows said: how its values become numbers or an id. */
public sealed interface Feature extends Serializable {
  /** The column. */
  String name();

  /** Encoded numbers a row gets. */
  int numbers();

  /** {@code sign(x) log(1 + |x|)}: compresses long tails on both sides of 0. */
  static double signedLog(double value) {
    return Math.copySign(StrictMath.log1p(Math.abs(value)), value);
  }

  /** The elements without a value among those that are NaN: a row tells them all at once. */
  static BitSet nulls(float[] values, TableRow row, int column) {
    for (int i = 0; values != null && i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        return row.nulls(column);
      }
    }
    return new BitSet();
  }

  static double finite(double value, String column) {
    if (Double.isInfinite(value)) {
      throw new InvalidInput(
          "column \"" + column + "\" must hold finite numbers, however: " + value);
    }
    return value;
  }

  private static float encoded(
      NumberTransform transform, boolean log, double value, String column) {
    float encoded = transform.apply(log ? signedLog(value) : value);
    if (Float.isInfinite(encoded)) {
      throw new InvalidInput(
          "column \"%s\" must hold numbers that fit 32 bits when encoded, however: %s"
              .formatted(column, value));
    }
    return encoded;
  }

  /**
   * A number: transformed, 0 when missing (the centre of the training rows), with a column that
   * says so when training had missing values.
   *
   * @param range of the training rows' dates or timestamps
   * @param calendar what else is read of a date or a timestamp whose range is known
   */
  record Numeric(
      String name,
      boolean log,
      NumberTransform transform,
      boolean indicator,
      NotFinite notFinite,
      NumberUnit unit,
      TimeRange range,
      Calendar calendar)
      implements Feature {
    public Numeric {
      if (calendar.isRead() && (unit == NumberUnit.PLAIN || !range.isKnown())) {
        throw new InvalidInput(
            "column \"%s\" must be of dates or timestamps whose range is known to have a calendar, however: unit=%s"
                .formatted(name, unit));
      }
      if (calendar.isRead() && !calendar.holds(range, unit)) {
        throw new InvalidInput(
            "column \"%s\" must have a range of dates or timestamps, however: from %s to %s"
                .formatted(name, range.smallest(), range.largest()));
      }
    }

    /** Without a calendar. */
    public Numeric(
        String name,
        boolean log,
        NumberTransform transform,
        boolean indicator,
        NotFinite notFinite,
        NumberUnit unit,
        TimeRange range) {
      this(name, log, transform, indicator, notFinite, unit, range, Calendar.NONE);
    }

    /** Of any range. */
    public Numeric(
        String name,
        boolean log,
        NumberTransform transform,
        boolean indicator,
        NotFinite notFinite,
        NumberUnit unit) {
      this(name, log, transform, indicator, notFinite, unit, TimeRange.UNKNOWN);
    }

    /** Of plain numbers, with the usual treatment of what is not finite. */
    public Numeric(String name, boolean log, NumberTransform transform, boolean indicator) {
      this(name, log, transform, indicator, NotFinite.DEFAULT, NumberUnit.PLAIN);
    }

    @Override
    public int numbers() {
      return 1 + (indicator ? 1 : 0) + calendar.numbers(unit);
    }

    void encode(TableRow row, int column, float[] numbers, int at) {
      double given = row.number(column);
      // -0.0 is 0.0.
      double value = 0.0 + notFinite.read(given, Double.isNaN(given) && row.isNull(column), name);
      boolean missing = Double.isNaN(value);
      if (!missing) {
        range.check(value, unit, name);
      }
      numbers[at] = missing ? 0 : encoded(transform, log, value, name);
      int next = at + 1;
      if (indicator) {
        numbers[next++] = missing ? 1 : 0;
      }
      Arrays.fill(numbers, next, next + calendar.numbers(unit), 0);
      if (calendar.isRead() && !missing) {
        calendar.encode(value, unit, range, numbers, next);
      }
    }
  }

  /**
   * An array of numbers, element by element; a missing array or element is 0.
   *
   * @param transforms one for all elements, or one each
   */
  record Vector(
      String name,
      int length,
      boolean log,
      List<NumberTransform> transforms,
      boolean indicator,
      NotFinite notFinite)
      implements Feature {
    public Vector {
      transforms = List.copyOf(transforms);
      if (length < 1 || (transforms.size() != 1 && transforms.size() != length)) {
        throw new InvalidInput(
            "column \"%s\" must have one transform or one an element, however: length=%d transforms=%d"
                .formatted(name, length, transforms.size()));
      }
    }

    @Override
    public int numbers() {
      return length + (indicator ? 1 : 0);
    }

    /** With the usual treatment of what is not finite. */
    public Vector(
        String name, int length, boolean log, List<NumberTransform> transforms, boolean indicator) {
      this(name, length, log, transforms, indicator, NotFinite.DEFAULT);
    }

    void encode(TableRow row, int column, float[] numbers, int at) {
      float[] values = row.vector(column);
      if (values != null && values.length != length) {
        throw new InvalidInput(
            "column \"%s\" must hold arrays of %d numbers, however: length=%d"
                .formatted(name, length, values.length));
      }
      BitSet nulls = nulls(values, row, column);
      for (int i = 0; i < length; i++) {
        double value =
            values == null ? Double.NaN : 0.0 + notFinite.read(values[i], nulls.get(i), name);
        numbers[at + i] = Double.isNaN(value) ? 0 : transform(i, value);
      }
      if (indicator) {
        numbers[at + length] = values == null ? 1 : 0;
      }
    }

    private float transform(int element, double value) {
      NumberTransform own = transforms.get(transforms.size() == 1 ? 0 : element);
      return encoded(own, log, value, name);
    }
  }

  /** What becomes of training values that are too rare for an id of their own. */
  enum Rare {
    /** There were none: a value that is not listed was never seen. */
    NONE,
    /** They share an id and are listed: a value that is not listed was never seen. */
    LISTED,
    /** They share an id and are too many to list: every value that is not listed counts as rare. */
    REST
  }

  /**
   * A value without an order, as an id: 0 for a value that training never saw, then missing and
   * rare where training had any, then the values.
   */
  final class Categorical implements Feature {
    @Serial private static final long serialVersionUID = 1L;

    private final String name;
    private final ArrayList<String> values;
    private final boolean missing;
    private final Rare rare;
    private final ArrayList<String> rareValues;
    private final int width;
    private final HashMap<String, Integer> ids = new HashMap<>();

    /**
     * @param values the values with an id of their own, in the order of their ids
     * @param missing whether missing has an id; otherwise it counts as never seen
     * @param rareValues training values that share the rare id: all where rare is LISTED, those
     *     that usually mean a missing one where it is REST
     * @param width the embedding's width, 0 for one-hot
     */
    public Categorical(
        String name,
        List<String> values,
        boolean missing,
        Rare rare,
        List<String> rareValues,
        int width) {
      this.name = name;
      this.values = new ArrayList<>(values);
      this.missing = missing;
      this.rare = rare;
      this.rareValues = new ArrayList<>(rareValues);
      this.width = width;
      int next = firstValueId();
      for (String value : values) {
        put(value, next++);
      }
      for (String value : rareValues) {
        put(value, rareId());
      }
    }

    private void put(String value, int id) {
      if (ids.put(value, id) != null) {
        throw new InvalidInput(
            "column \"%s\": a value must be listed once, however: \"%s\" comes twice"
                .formatted(name, value));
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int numbers() {
      return 0;
    }

    /** Values with an id of their own, in the order of their ids. */
    public List<String> values() {
      return Collections.unmodifiableList(values);
    }

    /** Whether missing has an id of its own. */
    public boolean missing() {
      return missing;
    }

    /** What becomes of rare values. */
    public Rare rare() {
      return rare;
    }

    /** Training values behind the rare id, when they are listed. */
    public List<String> rareValues() {
      return Collections.unmodifiableList(rareValues);
    }

    /** The embedding's width; 0 for one-hot. */
    public int width() {
      return width;
    }

    /** Number of ids, id 0 included. */
    public int cardinality() {
      return firstValueId() + values.size();
    }

    /** Whether training saw the value, as far as the model lists them. */
    public boolean knows(String value) {
      return ids.containsKey(value);
    }

    /** Whether an id is that of rare values and of any other, of which none is listed. */
    public boolean isAnyRare(int id) {
      return rare == Rare.REST && id == rareId();
    }

    /** The id of a value; null is missing. */
    public int encode(String value) {
      if (value == null) {
        return missing ? 1 : 0;
      }
      return ids.getOrDefault(value, rare == Rare.REST ? rareId() : 0);
    }

    private int rareId() {
      return missing ? 2 : 1;
    }

    private int firstValueId() {
      return 1 + (missing ? 1 : 0) + (rare == Rare.NONE ? 0 : 1);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Categorical that
          && name.equals(that.name)
          && values.equals(that.values)
          && missing == that.missing
          && rare == that.rare
          && rareValues.equals(that.rareValues)
          && width == that.width;
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, values, rareValues);
    }

    @Override
    public String toString() {
      return "Categorical[" + name + ", " + cardinality() + " ids]";
    }
  }
}
