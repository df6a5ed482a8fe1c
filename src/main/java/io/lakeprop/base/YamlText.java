package io.lakeprop.base;

/** Texts as the maps of a job file have them, for mends that are pasted into one. */
public final class YamlText {
  private YamlText() {}

  /** A text between double quotes. */
  public static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  /** A key of a map, quoted where YAML would take it for something else. */
  public static String key(String name) {
    return name.matches("[\\p{L}_][\\p{L}\\p{M}\\p{N}_. -]*(?<! )") ? name : quoted(name);
  }
}
