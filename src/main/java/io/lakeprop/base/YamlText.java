package io.lakeprop.base;

/** Texts as the maps of a job file have them, for mends that are pasted into one. */
public final class YamlText {
  private YamlText() {}

  /**
   * SQL between double quotes. A character by its number is left as it is: it means the same to
   * YAML and to SQL, and so does the expression where a person writes it without the quotes.
   */
  public static String quoted(String sql) {
    String own = sql.replaceAll("(?<!\\\\)\\\\(?=u[0-9a-fA-F]{4})", "\0");
    return '"'
        + own.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace('\0', '\\')
        + '"';
  }

  /** Any text between double quotes. */
  public static String text(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A key of a map, quoted where YAML would take it for something else. */
  public static String key(String name) {
    return name.matches("[\\p{L}_][\\p{L}\\p{M}\\p{N}_. -]*(?<! )") ? name : quoted(name);
  }
}
