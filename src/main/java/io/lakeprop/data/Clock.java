package io.lakeprop.data;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
  /** Texts, quoted names and comments, in which no word is a function; then words. */
  private static final Pattern WORDS =
      Pattern.compile(
          "'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"\\\\]|\\\\.|\"\")*\"|`(?:[^`]|``)*`|--[^\\n"
              + "]*|/\\*.*?\\*/"
              + "|(?<![\\w.$])(current_timestamp|now|current_date|curdate|localtimestamp|unix_timestamp)\\b"
              + "(\\s*\\(\\s*\\))?(?!\\s*[.(])",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  public Clock {
    now = now.truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * An SQL text whose clocks are constants; {@code now} and {@code unix_timestamp} count with
   * parentheses alone, since columns have such names.
   */
  public String fixed(String sql) {
    Matcher words = WORDS.matcher(sql);
    StringBuilder fixed = new StringBuilder();
    while (words.find()) {
      String word = words.group(1);
      String constant =
          word == null ? null : constant(word.toLowerCase(Locale.ROOT), words.group(2) != null);
      words.appendReplacement(
          fixed, Matcher.quoteReplacement(constant == null ? words.group() : constant));
    }
    return words.appendTail(fixed).toString();
  }

  private String constant(String word, boolean isCall) {
    LocalDateTime local = LocalDateTime.ofInstant(now, ZoneId.of(zone));
    return switch (word) {
      case "current_timestamp" -> timestamp();
      case "now" -> isCall ? timestamp() : null;
      case "unix_timestamp" -> isCall ? now.getEpochSecond() + "L" : null;
      case "localtimestamp" -> "TIMESTAMP_NTZ'" + time(local) + "'";
      default ->
          isCall || word.equals("current_date") ? "DATE'" + day(local.toLocalDate()) + "'" : null;
    };
  }

  private String timestamp() {
    return "TIMESTAMP'" + time(LocalDateTime.ofInstant(now, ZoneId.of("UTC"))) + " UTC'";
  }

  private static String time(LocalDateTime local) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT).format(local);
  }

  private static String day(LocalDate day) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).format(day);
  }

  /** A table whose SQL texts ask this clock. */
  public TableSpec fixed(TableSpec spec) {
    TableSpec.Source source =
        spec.source() instanceof TableSpec.Query query
            ? new TableSpec.Query(fixed(query.sql()))
            : spec.source();
    Map<String, String> derive = new LinkedHashMap<>();
    spec.derive().forEach((name, sql) -> derive.put(name, fixed(sql)));
    return new TableSpec(source, derive, spec.where().map(this::fixed));
  }
}
