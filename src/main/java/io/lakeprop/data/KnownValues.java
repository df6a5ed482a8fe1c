package io.lakeprop.data;

import io.lakeprop.base.IsoTime;
import io.lakeprop.base.MissingTexts;
import io.lakeprop.base.ShortDecimal;
import io.lakeprop.base.TruthText;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The texts of a column's values in training, found by other writings of the same values: where the
 * column was of whole numbers and {@code 7} is a value, {@code 7.0} and {@code 07} are it, too.
 * Readers of other formats, and callers in Java, write numbers, truth values and times otherwise.
 */
public final class KnownValues implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private static final Pattern WHOLE = Pattern.compile("TINYINT|SMALLINT|INT|BIGINT");

  /** Types besides numbers that texts are read as. */
  private static final Set<String> OTHERS = Set.of("BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMP_NTZ");

  private static final Pattern NOT_FINITE =
      Pattern.compile("nan|[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);

  /** Characters of the longest number that is looked at. */
  private static final int LONGEST = 400;

  private final String type;
  private final String zone;
  private final HashMap<Object, String> texts = new HashMap<>();

  /**
   * @param type SQL type of the column in training; empty where nobody knows it
   * @param zone of timestamps that name none
   * @param values their texts as training wrote them
   */
  public KnownValues(String type, ZoneId zone, Collection<String> values) {
    this.type = type;
    this.zone = zone.getId();
    for (String value : values) {
      meaning(value).ifPresent(own -> texts.putIfAbsent(own, value));
    }
  }

  /** The value's text in training; the text itself where it is none of the values. */
  public String of(String text) {
    return texts.isEmpty() ? text : meaning(text).map(texts::get).orElse(text);
  }

  /** Whether a text may be a value of the column's type; of texts, and where no type is known. */
  public boolean mayHold(String text) {
    return !isTyped()
        || meaning(text).isPresent()
        || (areNumbers() && NOT_FINITE.matcher(text.strip()).matches());
  }

  /** Whether the column was of numbers, dates or truth values. */
  public boolean isTyped() {
    return areNumbers() || OTHERS.contains(type);
  }

  /**
   * Whether a text stands for a missing value in a column of this type.
   *
   * @param clocks zone of the clocks whose times the marks are; texts may be of another
   * @param isSingle whether the column was of numbers of 32 bits
   */
  public boolean isMissing(String text, MissingTexts marks, ZoneId clocks, boolean isSingle) {
    if (marks.hold(text)) {
      return true;
    }
    if (areTimes()) {
      return !marks.times().isNone()
          && meaning(text)
              .filter(own -> marks.times().hold(on((LocalDateTime) own, clocks), clocks))
              .isPresent();
    }
    return isTyped() && marks.holdNumber(text, isSingle);
  }

  /** What clocks of another zone show at a time; days and clocks on the wall are as they are. */
  private LocalDateTime on(LocalDateTime shown, ZoneId clocks) {
    return type.equals("TIMESTAMP")
        ? shown.atZone(ZoneId.of(zone)).withZoneSameInstant(clocks).toLocalDateTime()
        : shown;
  }

  private boolean areTimes() {
    return OTHERS.contains(type) && !type.equals("BOOLEAN");
  }

  /** The column's SQL type in training; empty where nobody knows it. */
  public String type() {
    return type;
  }

  /** Whether the column was of numbers. */
  public boolean areNumbers() {
    return areNumbers(type);
  }

  /** Whether a SQL type is one of numbers. */
  public static boolean areNumbers(String type) {
    return areExact(type) || type.equals("FLOAT") || type.equals("DOUBLE");
  }

  /** Whether a SQL type is one of numbers of which every digit counts. */
  public static boolean areExact(String type) {
    return WHOLE.matcher(type).matches() || type.startsWith("DECIMAL");
  }

  /** What compares equal where two texts are one value; empty where a text is none of the type. */
  private Optional<Object> meaning(String text) {
    String bare = text.strip();
    try {
      if (areNumbers()) {
        return bare.length() > LONGEST ? Optional.empty() : number(bare);
      }
      return switch (type) {
        case "BOOLEAN" -> TruthText.of(bare).map(own -> own);
        case "DATE" ->
            time(bare)
                .filter(own -> IsoTime.beginsDay(own, ZoneId.of(zone)))
                .map(own -> own.toLocalDate().atStartOfDay());
        // Where clocks were put on, what they did not show is what Spark's cast makes of it.
        case "TIMESTAMP" -> time(bare).map(own -> own.atZone(ZoneId.of(zone)).toLocalDateTime());
        case "TIMESTAMP_NTZ" -> time(bare).map(own -> own);
        default -> Optional.empty();
      };
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private Optional<Object> number(String text) {
    if (areExact(type)) {
      return ShortDecimal.of(text).map(BigDecimal::stripTrailingZeros);
    }
    BigDecimal number = new BigDecimal(text);
    return Optional.of(
        type.equals("FLOAT") ? (Object) (0f + number.floatValue()) : 0.0 + number.doubleValue());
  }

  private Optional<LocalDateTime> time(String text) {
    return IsoTime.local(text, ZoneId.of(zone));
  }
}
