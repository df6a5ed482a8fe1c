package io.lakeprop.base;

/** Names of columns as SQL takes them. */
public final class SqlName {
  private SqlName() {}

  /** A name between backticks: any name, dots, blanks and backticks included. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** A name for a person to write: between backticks only where it must be. */
  public static String of(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : quoted(name);
  }
}
