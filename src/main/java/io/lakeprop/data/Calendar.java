package io.lakeprop.data;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What a calendar and a clock say of a date or a timestamp, as numbers beside the moment itself:
 *
 * <ul>
 *   <li>the year, as its distance from the middle of the training rows' years, over half of these;
 *   <li>the age, as the time from the moment to the latest of the training rows over the time that
 *       these span: 0 to 1 in training, below 0 later;
 *   <li>the month, 12 numbers of which one is 1;
 *   <li>the day of the week, 7 such numbers from Monday on;
 *   <li>of a timestamp the hour, 24 such numbers.
 * </ul>
 *
 * <p>Year and age are clipped smoothly ({@link NumberTransform.SmoothClip}), so that a date far
 * from training moves no prediction far.
 *
 * @param isRead whether there are such numbers at all
 * @param zone in which timestamps are read
 */
public record Calendar(boolean isRead, ZoneId zone) implements Serializable {
  /** The moment alone. */
  public static final Calendar NONE = new Calendar(false, ZoneOffset.UTC);

  private static final int MONTHS = 12;
  private static final int DAYS = 7;
  private static final int HOURS = 24;
  private static final int YEAR_AND_AGE = 2;

  /** Of a zone. */
  public static Calendar in(ZoneId zone) {
    return new Calendar(true, zone);
  }

  /** Numbers of a value. */
  int numbers(NumberUnit unit) {
    int hours = unit == NumberUnit.SECONDS ? HOURS : 0;
    return isRead ? YEAR_AND_AGE + MONTHS + DAYS + hours : 0;
  }

  /**
   * Writes the numbers of a value.
   *
   * @param value in the unit
   * @param range of the training rows, known
   * @param numbers overwritten from {@code at} on, where zeros must stand
   */
  void encode(double value, NumberUnit unit, TimeRange range, float[] numbers, int at) {
    LocalDateTime moment = moment(value, unit);
    double first = moment(range.smallest(), unit).getYear();
    double last = moment(range.largest(), unit).getYear();
    double half = Math.max(1, (last - first) / 2);
    numbers[at] = new NumberTransform.SmoothClip((first + last) / 2, half).apply(moment.getYear());
    double span = range.largest() - range.smallest();
    double age = span > 0 ? (range.largest() - value) / span : 0;
    numbers[at + 1] = new NumberTransform.SmoothClip(0, 1).apply(age);
    int place = at + YEAR_AND_AGE;
    numbers[place + moment.getMonthValue() - 1] = 1;
    place += MONTHS;
    numbers[place + moment.getDayOfWeek().getValue() - 1] = 1;
    if (unit == NumberUnit.SECONDS) {
      numbers[place + DAYS + moment.getHour()] = 1;
    }
  }

  /** Whether both ends of a range are on the calendar. */
  boolean holds(TimeRange range, NumberUnit unit) {
    try {
      return !moment(range.smallest(), unit).isAfter(moment(range.largest(), unit));
    } catch (DateTimeException e) {
      return false;
    }
  }

  private LocalDateTime moment(double value, NumberUnit unit) {
    long whole = (long) Math.floor(value);
    return unit == NumberUnit.DAYS
        ? LocalDate.ofEpochDay(whole).atStartOfDay()
        : LocalDateTime.ofInstant(Instant.ofEpochSecond(whole), zone);
  }
}
