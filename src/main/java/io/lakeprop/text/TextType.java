package io.lakeprop.text;

import io.lakeprop.base.ShortDecimal;
import io.lakeprop.base.TruthText;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the texts of a column stand for.
 *
 * @param kind of value
 * @param precision digits of a {@link Kind#DECIMAL}; 0 for others
 * @param scale of these behind the point
 * @param format how dates and timestamps are written, and in which zone they are without one
 */
public record TextType(Kind kind, int precision, int scale, TimeFormat format)
    implements Serializable {
  /** Values by the SQL type that they become. */
  public enum Kind {
    STRING,
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INT,
    BIGINT,
    FLOAT,
    DOUBLE,
    DECIMAL,
    DATE,
    TIMESTAMP,
    TIMESTAMP_NTZ;

    /** Whether the values are whole numbers. */
    public boolean isWhole() {
      return this == TINYINT || this == SMALLINT || this == INT || this == BIGINT;
    }

    /** Whether the values are numbers of which every digit counts. */
    public boolean isExact() {
      return isWhole() || this == DECIMAL;
    }

    /** Whether the values are numbers. */
    public boolean isNumber() {
      return isExact() || this == FLOAT || this == DOUBLE;
    }

    /** Whether the values are days or moments. */
    public boolean isTime() {
      return this == DATE || this == TIMESTAMP || this == TIMESTAMP_NTZ;
    }
  }

  /** A type without digits to say. */
  public static TextType of(Kind kind, TimeFormat format) {
    return new TextType(kind, 0, 0, format);
  }

  /** The type as SQL writes it. */
  public String sql() {
    return kind == Kind.DECIMAL ? "DECIMAL(%s,%s)".formatted(precision, scale) : kind.name();
  }

  /**
   * The value of a text; blanks around it do not count, but for texts.
   *
   * @return a String, Boolean, Byte, Short, Integer, Long, Float, Double or BigDecimal; an Integer
   *     of days since 1970 for a date, a Long of microseconds since then for a timestamp; empty
   *     where the text is none of the type
   */
  public Optional<Object> parse(String text) {
    String bare = text.strip();
    return switch (kind) {
      case STRING -> Optional.of(text);
      case BOOLEAN -> TruthText.of(bare).map(own -> own);
      case TINYINT -> whole(bare, Byte.MIN_VALUE, Byte.MAX_VALUE).map(Long::byteValue);
      case SMALLINT -> whole(bare, Short.MIN_VALUE, Short.MAX_VALUE).map(Long::shortValue);
      case INT -> whole(bare, Integer.MIN_VALUE, Integer.MAX_VALUE).map(Long::intValue);
      case BIGINT -> whole(bare, Long.MIN_VALUE, Long.MAX_VALUE).map(own -> own);
      case FLOAT -> single(bare);
      case DOUBLE -> NumberText.value(bare).map(Double::parseDouble);
      case DECIMAL -> decimal(bare);
      case DATE -> format.days(bare).or(() -> format.midnight(bare)).map(own -> own);
      case TIMESTAMP -> format.micros(bare).map(own -> own);
      case TIMESTAMP_NTZ -> format.localMicros(bare).map(own -> own);
    };
  }

  /** Also {@code 39.0}: a column of whole numbers with gaps is one of fractions to some writers. */
  private static Optional<Long> whole(String text, long least, long most) {
    if (!NumberText.isFinite(text)) {
      return Optional.empty();
    }
    OptionalLong value = NumberText.whole(text);
    return value.isEmpty() || value.getAsLong() < least || value.getAsLong() > most
        ? Optional.empty()
        : Optional.of(value.getAsLong());
  }

  /** A number that has no place among these must not become infinite. */
  private static Optional<Object> single(String text) {
    return NumberText.value(text)
        .map(Float::parseFloat)
        .filter(value -> !Float.isInfinite(value) || !NumberText.isFinite(text))
        .map(value -> value);
  }

  /** A number is never rounded: another one would be read than stands there. */
  private Optional<Object> decimal(String text) {
    if (!NumberText.isFinite(text)) {
      return Optional.empty();
    }
    return ShortDecimal.of(text).flatMap(this::unrounded);
  }

  private Optional<Object> unrounded(BigDecimal value) {
    BigDecimal own = value.setScale(scale, RoundingMode.DOWN);
    return own.precision() > precision || own.compareTo(value) != 0
        ? Optional.empty()
        : Optional.of(own);
  }
}
