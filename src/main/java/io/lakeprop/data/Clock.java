package io.lakeprop.data;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one time that it is during a run: SQL texts ask it instead of the cluster's clock, which
 * shows another time to each pass over a table.
 *
 * @param now to the microsecond
 * @param zone in which days begin
 */
public record Clock(Instant now, String zone) {
  /** No letter of a longer name before, and no name that this is a part of. */
  private static final String STARTS = "(?<![\\w.$])";

  /** Literals that Spark reads a clock for, such as {@code date 'today'}. */
  private static final String LITERALS =
      STARTS
          + "(date|timestamp|timestamp_ltz|timestamp_ntz)\\s*"
          + "(['\"])\\s*(now|today|tomorrow|yesterday)\\s*([\\w/+:-]+)?\\s*\\2";

  /** Texts, quoted names and comments, in which no word is a function. */
  private static final String QUOTED =
      "'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"\\\\]|\\\\.|\"\")*\"|`(?:[^`]|``)*`|--[^\\n]*|/\\*.*?\\*/";

  private static final String FUNCTIONS =
      STARTS
          + "(current_timestamp|now|current_date|curdate|localtimestamp|unix_timestamp)\\b"
          + "(\\s*\\(\\s*\\))?(?!\\s*[.(])";

  private static final Pattern WORDS =
      Pattern.compile(
          LITERALS + "|" + QUOTED + "|" + FUNCTIONS, Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  /** Groups of the pattern. */
  private static final int TYPE = 1;

  private static final int SPECIAL = 3;
  private static final int ZONE = 4;
  private static final int WORD = 5;
  private static final int CALL = 6;

  public Clock {
    now = now.truncatedTo(ChronoUnit.MICROS);
  }

  /** A word without parentheses that is a clock or a column, which only a table tells. */
  public record Word(int start, int end) {}

  /**
   * An SQL text whose clocks are constants; {@code now} and {@code unix_timestamp} count with
   * parentheses alone, since columns have such names.
   *
   * @param isColumn whether a word without parentheses is a column, which SQL takes it for first
   */
  public String fixed(String sql, Predicate<Word> isColumn) {
    Matcher found = WORDS.matcher(sql);
    StringBuilder fixed = new StringBuilder();
    while (found.find()) {
      found.appendReplacement(
          fixed, Matcher.quoteReplacement(constant(found, isColumn).orElse(found.group())));
    }
    return found.appendTail(fixed).toString();
  }

  /** The words of an SQL text that may be columns. */
  public List<Word> words(String sql) {
    List<Word> words = new ArrayList<>();
    fixed(sql, word -> words.add(word));
    return words;
  }

  private Optional<String> constant(MatchResult found, Predicate<Word> isColumn) {
    if (found.group(TYPE) != null) {
      return special(
          found.group(TYPE).toLowerCase(Locale.ROOT),
          found.group(SPECIAL).toLowerCase(Locale.ROOT),
          Optional.ofNullable(found.group(ZONE)));
    }
    if (found.group(WORD) == null) {
      return Optional.empty();
    }
    boolean isCall = found.group(CALL) != null;
    Optional<String> constant = word(found.group(WORD).toLowerCase(Locale.ROOT), isCall);
    return isCall
            || constant.isEmpty()
            || !isColumn.test(new Word(found.start(WORD), found.end(WORD)))
        ? constant
        : Optional.empty();
  }

  private Optional<String> word(String word, boolean isCall) {
    LocalDateTime local = LocalDateTime.ofInstant(now, ZoneId.of(zone));
    return switch (word) {
      case "current_timestamp" -> Optional.of(timestamp(now));
      case "localtimestamp" -> Optional.of("TIMESTAMP_NTZ'" + time(local) + "'");
      case "current_date" -> Optional.of("DATE'" + day(local.toLocalDate()) + "'");
      case "curdate" -> Optional.of("DATE'" + day(local.toLocalDate()) + "'").filter(d -> isCall);
      case "now" -> Optional.of(timestamp(now)).filter(t -> isCall);
      default -> Optional.of(now.getEpochSecond() + "L").filter(t -> isCall);
    };
  }

  /**
   * As Spark reads them, in the session's zone, whatever zone they name; empty where Spark refuses
   * them.
   */
  private Optional<String> special(String type, String text, Optional<String> named) {
    boolean isNow = text.equals("now");
    if (named.isPresent() && (isNow || !isZone(named.get()))) {
      return Optional.empty();
    }
    LocalDateTime local = LocalDateTime.ofInstant(now, ZoneId.of(zone));
    LocalDate day =
        local
            .toLocalDate()
            .plusDays(text.equals("tomorrow") ? 1 : text.equals("yesterday") ? -1 : 0);
    return Optional.of(
        switch (type) {
          case "date" -> "DATE'" + day(day) + "'";
          case "timestamp_ntz" -> "TIMESTAMP_NTZ'" + time(isNow ? local : day.atStartOfDay()) + "'";
          default -> timestamp(isNow ? now : day.atStartOfDay(ZoneId.of(zone)).toInstant());
        });
  }

  private static boolean isZone(String text) {
    try {
      return ZoneId.of(text).getId() != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static String timestamp(Instant instant) {
    return "TIMESTAMP'" + time(LocalDateTime.ofInstant(instant, ZoneId.of("UTC"))) + " UTC'";
  }

  private static String time(LocalDateTime local) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT).format(local);
  }

  private static String day(LocalDate day) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).format(day);
  }

  /** Whether an SQL text of a table asks a clock, or has a column that is called like one. */
  public boolean isAskedBy(TableSpec spec) {
    List<String> texts = new ArrayList<>(spec.derive().values());
    spec.where().ifPresent(texts::add);
    if (spec.source() instanceof TableSpec.Query query) {
      texts.add(query.sql());
    }
    return texts.stream().anyMatch(sql -> !fixed(sql, word -> false).equals(sql));
  }
}
