package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.EditDistance;
import io.lakeprop.base.ShortDecimal;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What somebody meant who wrote a word that is none of those allowed. */
final class Guess {
  /** Words for a value that is not there, which is said by leaving the key out. */
  private static final String NOTHING = "none|null|nil|~|auto|default";

  private Guess() {}

  /** The constant by its name in another spelling, by another name, or by a slip. */
  static <E extends Enum<E>> Optional<String> constant(
      String text, Class<E> type, Collection<String> names) {
    return nearest(text, names, others(type));
  }

  /**
   * A key of a map, rather one that is not there yet.
   *
   * @param present keys of the map
   */
  static Optional<String> key(String text, Collection<String> known, Set<String> present) {
    List<String> absent = known.stream().filter(key -> !present.contains(key)).toList();
    return nearest(text, absent, Keys.OTHER_NAMES).or(() -> nearest(text, known, Keys.OTHER_NAMES));
  }

  /**
   * The same word in another spelling, the word for another name, or else the nearest by slips.
   *
   * @param others words by their other names
   */
  static Optional<String> nearest(
      String text, Collection<String> words, Map<String, String> others) {
    String plain = plain(text);
    Optional<String> same = words.stream().filter(word -> plain(word).equals(plain)).findFirst();
    Optional<String> other = Optional.ofNullable(others.get(plain)).filter(words::contains);
    // Of short words, any is near to any other.
    int farthest = Math.max(1, (text.length() + 1) / 3);
    return same.or(() -> other)
        .or(() -> EditDistance.nearest(text.toLowerCase(Locale.ROOT), words, farthest));
  }

  /** The constants of a type by their other names, as {@link #plain} has them. */
  static <E extends Enum<E>> Map<String, String> others(Class<E> type) {
    Map<String, String> others = new HashMap<>();
    for (E constant : type.getEnumConstants()) {
      names(constant).forEach(name -> others.put(plain(name), Section.name(constant)));
    }
    return others;
  }

  /** What others call a constant. */
  static Stream<String> names(Enum<?> constant) {
    try {
      Field field = constant.getDeclaringClass().getField(constant.name());
      AlsoCalled also = field.getAnnotation(AlsoCalled.class);
      return also == null ? Stream.of() : Stream.of(also.value());
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  /** A word without what spellings differ in. */
  static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_.: ]", "");
  }

  /** How a refusal goes on. */
  static String question(Optional<String> guess) {
    return guess.map(" (did you mean %s?)"::formatted).orElse("");
  }

  /** What a text that stands in the place of a number says of how to mend it. */
  static String number(String text) {
    if (text.toLowerCase(Locale.ROOT).matches(NOTHING)) {
      return " (the key left out has its default)";
    }
    Optional<String> number = asNumber(text);
    if (number.equals(Optional.of(text))) {
      return " (did you mean the number, without quotes?)";
    }
    return question(number);
  }

  /** The same for whole numbers, which have no fraction and no exponent. */
  static String whole(String text) {
    Optional<BigDecimal> number = asNumber(text).flatMap(ShortDecimal::of);
    if (number.isEmpty()) {
      return number(text);
    }
    if (number.get().precision() - number.get().scale() > 18
        || number.get().stripTrailingZeros().scale() > 0) {
      return "";
    }
    String whole = number.get().toBigInteger().toString();
    return whole.equals(text)
        ? " (did you mean the number, without quotes?)"
        : question(Optional.of(whole));
  }

  /** A number as YAML writes it, from other ways to write one. */
  static Optional<String> asNumber(String text) {
    String trimmed = text.strip().replace("_", "");
    boolean percent = trimmed.endsWith("%");
    String digits = (percent ? trimmed.substring(0, trimmed.length() - 1) : trimmed).strip();
    String point = digits.matches("[-+]?\\d+,\\d+") ? digits.replace(',', '.') : digits;
    if (!point.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?") || point.length() > 30) {
      return Optional.empty();
    }
    if (!percent && point.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")) {
      return Optional.of(point);
    }
    double value = percent ? Double.parseDouble(point) / 100 : Double.parseDouble(point);
    return Optional.of(value == Math.rint(value) ? "%.0f".formatted(value) : "" + value);
  }

  /** A flag, from the words for one that YAML 1.2 has no more. */
  static Optional<String> flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "y", "1" -> Optional.of("true");
      case "false", "no", "off", "n", "0" -> Optional.of("false");
      default -> Optional.empty();
    };
  }
}
