package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.MissingTexts;
import io.lakeprop.data.Feature;
import io.lakeprop.data.KnownValues;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableRow;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * A row given as column names and plain Java values.
 *
 * @param zone of the texts of timestamps
 * @param clock zone of timestamps that name none, but for those of a wall clock
 * @param types SQL types of columns in training, as far as they are known
 * @param marks texts that mean a missing value in columns that expressions made in training
 */
record MapRow(
    List<Feature> features,
    Map<String, ?> values,
    ZoneId zone,
    ZoneId clock,
    Map<String, String> types,
    Map<String, MissingTexts> marks)
    implements TableRow {
  /** Of columns of unknown types. */
  MapRow(List<Feature> features, Map<String, ?> values, ZoneId zone) {
    this(features, values, zone, zone, Map.of(), Map.of());
  }

  @Override
  public double number(int column) {
    NumberUnit unit =
        features.get(column) instanceof Feature.Numeric numeric ? numeric.unit() : NumberUnit.PLAIN;
    return number(features.get(column).name(), unit);
  }

  @Override
  public boolean isSingle(int column) {
    return isSingle(features.get(column).name());
  }

  /** The number of a column that is no feature. */
  double numberOf(String name) {
    return number(name, NumberUnit.PLAIN);
  }

  /** Whether it is one of 32 bits. */
  boolean isSingle(String name) {
    return values.get(name) instanceof Float;
  }

  private double number(String name, NumberUnit unit) {
    Object value = values.get(name);
    return value == null ? Double.NaN : JavaValue.number(name, unit, clockOf(name), value);
  }

  /** The zone of a column's timestamps that name none: those of a wall clock stay as they are. */
  private ZoneId clockOf(String name) {
    return types.getOrDefault(name, "").equals("TIMESTAMP_NTZ") ? zone : clock;
  }

  @Override
  public boolean isNull(int column) {
    return value(column) == null;
  }

  @Override
  public BitSet nulls(int column) {
    return JavaValue.nulls(value(column));
  }

  @Override
  public String text(int column) {
    Object value = value(column);
    if (value == null) {
      return null;
    }
    String name = features.get(column).name();
    String text = JavaValue.text(name, zone, clockOf(name), value);
    if (text != null && marks.getOrDefault(name, MissingTexts.NONE).hold(text)) {
      return null;
    }
    if (text != null
        && value instanceof Number number
        && features.get(column) instanceof Feature.Categorical feature) {
      checkSpelling(feature, number, text);
    }
    return text;
  }

  /**
   * Refuses 1.0 where training had a text 1, or the other way round, as a table of that type is
   * refused: it would be a value that nobody has seen. Readers of JSON make such numbers. Where
   * training had numbers, {@link AsInTraining} finds the one that is meant.
   */
  private void checkSpelling(Feature.Categorical feature, Number number, String text) {
    String type = types.getOrDefault(feature.name(), "");
    if (feature.knows(text) || KnownValues.areNumbers(type) || type.equals("BOOLEAN")) {
      return;
    }
    boolean fraction = number instanceof Double || number instanceof Float;
    double value = number.doubleValue();
    String other =
        fraction && value == Math.rint(value) && Math.abs(value) < 1e18
            ? BigDecimal.valueOf(value).setScale(0).toPlainString()
            : Double.toString(value);
    if (feature.knows(other)) {
      throw new InvalidInput(
          "column \"%s\" must hold values like \"%s\", as in training, however: %s (%s)"
              .formatted(feature.name(), other, text, number.getClass().getSimpleName()));
    }
  }

  @Override
  public float[] vector(int column) {
    Object value = value(column);
    return value == null ? null : JavaValue.vector(features.get(column).name(), value);
  }

  private Object value(int column) {
    return values.get(features.get(column).name());
  }
}
