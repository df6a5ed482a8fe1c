package io.lakeprop.text;

import java.util.regex.Pattern;

/**
 * Dates and times in forms of which each has a pattern of its own: those of SAS, Oracle, logs,
 * mails, JavaScript and clocks, and the weeks of ISO 8601. {@link DateTrait} knows the others.
 */
final class OwnFormTime {
  /** Characters of the longest one, with a zone's name in brackets. */
  private static final int LONGEST = 80;

  private static final String SECONDS = ":[0-5]\\d(?:[.,]\\d{1,9})?";
  private static final String HOUR = "(?:[01]?\\d|2[0-3]):[0-5]\\d";

  /** Behind a date: as a clock shows it, or as Oracle writes it. */
  private static final String TIME =
      "(?:HOUR(?:SECONDS)?|\\d{1,2}(?:\\.\\d{2}){2}(?:\\.\\d{1,9})?)(?: ?[ap]m)?"
          + "(?: ?(?:(?:GMT|UTC)?[+-]\\d{2}:?\\d{2}|GMT|UTC|Z))?(?: \\([^)]*\\))?";

  /** Of a clock alone: without seconds, 1:40 may be a ratio. */
  private static final String CLOCK =
      "HOURSECONDS(?: ?[ap]m)?|HOUR ?[ap]m|(?:[01]\\d|2[0-3]):[0-5]\\d";

  private static final Pattern FORMS =
      Pattern.compile(
          ("(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[ ,]{1,2})?(?:DAYNAMEYEAR(?::TIME)?"
                  + "|DAY[ /-]NAME[ /-]YEAR(?:[: ]TIME)?|NAME {1,2}DAY,? \\d{4}(?: TIME)?"
                  + "|NAME {1,2}DAY TIME (?:[A-Z]{3,4} )?\\d{4}|\\d{4}-W[0-5]\\d(?:-[1-7])?"
                  + "|CLOCK)")
              .replace("TIME", TIME)
              .replace("CLOCK", CLOCK)
              .replace("HOUR", HOUR)
              .replace("SECONDS", SECONDS)
              .replace("DAY", "(?:0?[1-9]|[12]\\d|3[01])")
              .replace("YEAR", "(?:\\d{4}|\\d{2})")
              .replace("NAME", DateTrait.NAME),
          Pattern.CASE_INSENSITIVE);

  private OwnFormTime() {}

  /** Whether a text looks like one; whether there is such a day nobody asks. */
  static boolean is(String text) {
    return text.length() <= LONGEST && FORMS.matcher(text).matches();
  }
}
