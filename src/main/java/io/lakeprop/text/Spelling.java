package io.lakeprop.text;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Ways to write dates that are clear to a person, and texts to every parser. */
public enum Spelling {
  /** {@code 12/31/24}: the second number can be no month. */
  MONTH_FIRST(Words.DATES, date("M/d/[yyyy][yy]"), Words.MONTH_DAY_YEAR),
  /** {@code 31/12/2024}, {@code 31.12.24}, and {@code 1/2/2024}, whose order nobody can tell. */
  DAY_FIRST(Words.DATES, date("d/M/[yyyy][yy]"), Words.DAY_MONTH_YEAR),
  /** {@code 2024/12/31}. */
  YEAR_FIRST(Words.DATES, date("yyyy/M/d"), "\\d{4}[/.]\\d{1,2}[/.]\\d{1,2}"),
  /** {@code 12/31/24 10:00 PM}. */
  TIME_MONTH_FIRST(Words.TIMES, time("M/d/[yyyy][yy]"), Words.MONTH_DAY_YEAR + Words.HOURS),
  /** {@code 31.12.2024 22:00}. */
  TIME_DAY_FIRST(Words.TIMES, time("d/M/[yyyy][yy]"), Words.DAY_MONTH_YEAR + Words.HOURS),
  /** {@code 2024-12-31 10:00 PM}. */
  TIME_YEAR_FIRST(Words.TIMES, time("yyyy/M/d"), "\\d{4}[/.-]\\d{1,2}[/.-]\\d{1,2}" + Words.HOURS);

  /** What several spellings share; a constant of the enumeration itself would come too late. */
  private static final class Words {
    static final String DATES = "dates in another order than 2024-12-31";
    static final String TIMES = "times in another form than 2024-12-31 22:00:00";
    static final String MONTH_DAY_YEAR =
        "(0?[1-9]|1[0-2])[/.-](1[3-9]|2\\d|3[01])[/.-](\\d{4}|\\d{2})";
    static final String DAY_MONTH_YEAR = "\\d{1,2}[/.-]\\d{1,2}[/.-](\\d{4}|\\d{2})";
    static final String HOURS = " \\d{1,2}:\\d{2}(:\\d{2})?( [AaPp][Mm])?";
  }

  /** Reads a date whatever stands between its numbers. */
  private static String date(String format) {
    return "to_date(regexp_replace(NAME, '[.-]', '/'), '%s')".formatted(format);
  }

  /** Reads a time of 12 or of 24 hours. */
  private static String time(String format) {
    return "to_timestamp(regexp_replace(NAME, '[.-]', '/'), '%s[ h:mm[:ss] a][ H:mm[:ss]]')"
        .formatted(format);
  }

  private final String words;
  private final String mend;
  private final Pattern pattern;

  Spelling(String words, String mend, String pattern) {
    this.words = words;
    this.mend = mend;
    this.pattern = Pattern.compile(pattern);
  }

  /** The spelling of a text; empty for one that is plain or no date. */
  static Optional<Spelling> of(String text) {
    if (text.isEmpty() || text.length() > 40) {
      return Optional.empty();
    }
    return List.of(values()).stream()
        .filter(own -> own.pattern.matcher(text).matches())
        .findFirst();
  }

  /** For a person, such as {@code dates in another order than 2024-12-31}. */
  public String words() {
    return words;
  }

  /**
   * The SQL expression that reads such texts.
   *
   * @param sql of the text
   */
  public String mend(String sql) {
    return mend.replace("NAME", sql);
  }
}
