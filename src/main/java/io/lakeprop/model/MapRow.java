package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.TableRow;
import java.util.List;
import java.util.Map;

/** A row given as column names and plain Java values. */
record MapRow(List<Feature> features, Map<String, ?> values) implements TableRow {
  @Override
  public double number(int column) {
    return numberOf(features.get(column).name());
  }

  /** The number of a column, which may be no feature. */
  double numberOf(String name) {
    Object value = values.get(name);
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    throw wrongType(name, "a number", value);
  }

  @Override
  public boolean isNull(int column) {
    return values.get(features.get(column).name()) == null;
  }

  @Override
  public boolean isNull(int column, int element) {
    return values.get(features.get(column).name()) instanceof List<?> list
        && list.get(element) == null;
  }

  @Override
  public String text(int column) {
    Object value = values.get(features.get(column).name());
    if (value instanceof Number number && Double.isNaN(number.doubleValue())) {
      // As in a table: a missing value, not a category.
      return null;
    }
    if (value instanceof Iterable
        || value instanceof Map
        || (value != null && value.getClass().isArray())) {
      throw wrongType(features.get(column).name(), "a text or another plain value", value);
    }
    if ((value instanceof Double || value instanceof Float)
        && ((Number) value).doubleValue() == 0) {
      // As in a table: -0.0 is 0.0.
      return "0.0";
    }
    return value == null ? null : value.toString();
  }

  @Override
  public float[] vector(int column) {
    Object value = values.get(features.get(column).name());
    if (value == null || value instanceof float[]) {
      return (float[]) value;
    }
    if (value instanceof List<?> list
        && list.stream().allMatch(element -> element == null || element instanceof Number)) {
      float[] vector = new float[list.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = list.get(i) instanceof Number number ? number.floatValue() : Float.NaN;
      }
      return vector;
    }
    throw wrongType(features.get(column).name(), "a float[] or a list of numbers", value);
  }

  private InvalidInput wrongType(String name, String wanted, Object value) {
    return new InvalidInput(
        "column \"%s\" must be %s, however: %s"
            .formatted(name, wanted, value.getClass().getSimpleName()));
  }
}
