package io.lakeprop.base;

import java.util.regex.Pattern;

/** Names of columns as SQL takes them. */
public final class SqlName {
  private SqlName() {}

  /** Whether a name stands in SQL, whatever the capitals; a text or a function may have it, too. */
  public static boolean standsIn(String name, String sql) {
    String whole = "(?<![\\p{L}\\p{N}_])%s(?![\\p{L}\\p{N}_])".formatted(Pattern.quote(name));
    return Pattern.compile(whole, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
        .matcher(sql.replace("``", "`"))
        .find();
  }

  /** A name between backticks: any name, dots, blanks and backticks included. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** A name for a person to write: between backticks only where it must be. */
  public static String of(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : quoted(name);
  }
}
