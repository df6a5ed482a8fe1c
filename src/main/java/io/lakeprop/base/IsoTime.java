package io.lakeprop.base;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and timestamps as ISO 8601 and SQL write them. */
public final class IsoTime {
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4}|[+-]\\d{4,9})-(\\d{1,2})-(\\d{1,2})"
              + "(?:[ T](\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)?"
              + " ?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?");

  private IsoTime() {}

  /**
   * What a clock on the wall of a zone shows at a time; of a date the midnight at its begin.
   *
   * @return empty where a text is no date or timestamp
   * @throws DateTimeException where it looks like one and there is no such day, hour or zone
   */
  public static Optional<LocalDateTime> local(String text, ZoneId zone) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return Optional.empty();
    }
    String nanos = ((time.group(7) == null ? "" : time.group(7)) + "000000000").substring(0, 9);
    LocalDateTime local =
        LocalDateTime.of(
            part(time, 1),
            part(time, 2),
            part(time, 3),
            part(time, 4),
            part(time, 5),
            part(time, 6),
            Integer.parseInt(nanos));
    return Optional.of(
        time.group(8) == null
            ? local
            : OffsetDateTime.of(
                    local,
                    Character.isLetter(time.group(8).charAt(0))
                        ? ZoneOffset.UTC
                        : ZoneOffset.of(time.group(8)))
                .atZoneSameInstant(zone)
                .toLocalDateTime());
  }

  /** Whether a day begins in a zone when clocks there show a time: some skip midnight on a day. */
  public static boolean beginsDay(LocalDateTime shown, ZoneId zone) {
    LocalDateTime begin = shown.toLocalDate().atStartOfDay(zone).toLocalDateTime();
    return shown.atZone(zone).toLocalDateTime().equals(begin);
  }

  /** Whether a text that is a date or timestamp names a zone. */
  static boolean hasZone(String text) {
    Matcher time = TIME.matcher(text);
    return time.matches() && time.group(8) != null;
  }

  /** Whether a text that is a date or timestamp has an hour. */
  static boolean hasHour(String text) {
    Matcher time = TIME.matcher(text);
    return time.matches() && time.group(4) != null;
  }

  private static int part(Matcher time, int group) {
    return time.group(group) == null ? 0 : Integer.parseInt(time.group(group));
  }
}
