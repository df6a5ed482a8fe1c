package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShortDecimal;
import io.lakeprop.data.NumberUnit;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a plain Java value is to a column: the number, the text or the vector that Spark makes of
 * the same value in a table.
 *
 * <p>A value that stands for none of them is refused. As a text its address or its class's own
 * wording would be a category that training never saw, and nobody would be told.
 */
final class JavaValue {
  private JavaValue() {}

  /**
   * The number of a value.
   *
   * @param unit of the column in training
   * @param zone of a timestamp that names none
   * @param value not null
   */
  static double number(String column, NumberUnit unit, ZoneId zone, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return switch (unit) {
      case PLAIN -> {
        if (value instanceof Boolean flag) {
          yield flag ? 1 : 0;
        }
        throw refusal(column, "a number", value);
      }
      case DAYS ->
          JavaTime.days(value)
              .orElseThrow(
                  () ->
                      refusal(
                          column,
                          "a date (LocalDate, java.sql.Date or days since 1970), as in training",
                          value));
      case SECONDS ->
          JavaTime.seconds(value, zone)
              .orElseThrow(
                  () ->
                      refusal(
                          column,
                          "a timestamp (Instant, LocalDateTime, java.util.Date or seconds"
                              + " since 1970), as in training",
                          value));
    };
  }

  /**
   * The text of a value as Spark casts it in a zone; null where the value is missing.
   *
   * @param clock zone of a timestamp that names none
   */
  static String text(String column, ZoneId zone, ZoneId clock, Object value) {
    if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
      return value.toString();
    }
    if (value instanceof Enum<?> constant) {
      // Its text may be anything, its name is what others write.
      return constant.name();
    }
    if (value instanceof Boolean || value instanceof AtomicBoolean) {
      return value.toString();
    }
    if (value instanceof Number number) {
      return text(number);
    }
    return JavaTime.text(value, zone, clock)
        .orElseThrow(() -> refusal(column, "a text or another plain value", value));
  }

  private static String text(Number number) {
    if (Double.isNaN(number.doubleValue())) {
      // As in a table: a missing value, not a category.
      return null;
    }
    if (number instanceof Double || number instanceof Float) {
      // 0.0 and -0.0 are one number.
      return number.doubleValue() == 0 ? "0.0" : number.toString();
    }
    // No table has a longer decimal: written with its exponent, it is none of training's values.
    return number instanceof BigDecimal decimal && ShortDecimal.isShort(decimal)
        ? decimal.toPlainString()
        : number.toString();
  }

  /** The elements of an array or a list of numbers; a null is NaN. */
  static float[] vector(String column, Object value) {
    if (value instanceof float[] vector) {
      return vector;
    }
    if (value instanceof double[] numbers) {
      float[] vector = new float[numbers.length];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) numbers[i];
      }
      return vector;
    }
    int length = length(value);
    if (length < 0) {
      throw refusal(column, "an array or a list of numbers", value);
    }
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      Object element = element(value, i);
      if (element != null && !(element instanceof Number)) {
        throw refusal(column, "an array or a list of numbers", element);
      }
      vector[i] = element == null ? Float.NaN : ((Number) element).floatValue();
    }
    return vector;
  }

  /** The elements of an array or a list that are null. */
  static BitSet nulls(Object vector) {
    BitSet nulls = new BitSet();
    if (vector instanceof float[] || vector instanceof double[]) {
      return nulls;
    }
    for (int i = 0; i < length(vector); i++) {
      nulls.set(i, element(vector, i) == null);
    }
    return nulls;
  }

  /** The elements there are; -1 of what has none. Bytes are a text or a picture, not numbers. */
  private static int length(Object value) {
    if (value instanceof List<?> list) {
      return list.size();
    }
    return value.getClass().isArray() && !(value instanceof byte[]) ? Array.getLength(value) : -1;
  }

  private static Object element(Object value, int element) {
    return value instanceof List<?> list ? list.get(element) : Array.get(value, element);
  }

  static InvalidInput refusal(String column, String wanted, Object value) {
    boolean optional =
        value instanceof Optional
            || value instanceof OptionalDouble
            || value instanceof OptionalInt
            || value instanceof OptionalLong;
    return new InvalidInput(
        "column \"%s\" must be %s, however: %s%s"
            .formatted(
                column,
                wanted,
                value.getClass().getSimpleName(),
                optional ? " (give its value, or null)" : ""));
  }
}
