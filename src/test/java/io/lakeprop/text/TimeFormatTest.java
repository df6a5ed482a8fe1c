package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of dates and times: what they read, what they do not, and which are refused. */
final class TimeFormatTest {
  private static TimeFormat dates(String pattern) {
    return new TimeFormat("UTC", pattern, "").checked();
  }

  private static TimeFormat times(String pattern) {
    return new TimeFormat("UTC", "", pattern).checked();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dd/MM/yyyy|29/02/2024|2024-02-29",
        "dd/MM/yyyy|31/02/2024|",
        "dd/MM/yyyy|29/02/2023|",
        "dd/MM/yyyy|31/04/2024|",
        "dd/MM/yyyy|1/2/2024|",
        "d/M/yyyy|1/2/2024|2024-02-01",
        "d/M/[yyyy][yy]|1/2/24|2024-02-01",
        "d/M/[yyyy][yy]|1/2/1999|1999-02-01",
        "yyyy-MM|2024-03|2024-03-01",
        "yyyy|2024|2024-01-01",
        "yyyy-DDD|2024-060|2024-02-29",
        "yyyyMMdd|20240105|2024-01-05",
        "uuuu-MM-dd|2024-01-05|2024-01-05",
        "dd-MMM-yyyy|05-JAN-2024|2024-01-05",
        "dd-MMM-yyyy|05-Jan-2024|2024-01-05",
        "dd-MMM-yyyy|05-jan-2024|2024-01-05",
        "'MMM d, yyyy'|'Jan 5, 2024'|2024-01-05",
        "'EEE, d MMM yyyy'|'Fri, 5 Jan 2024'|2024-01-05",
        "'EEE, d MMM yyyy'|'Mon, 5 Jan 2024'|",
        "yyyy-MM-dd HH:mm:ss|2024-01-05 00:00:00|2024-01-05",
        "yyyy-MM-dd HH:mm:ss|2024-01-05 05:30:00|"
      })
  void datesByPattern(String pattern, String text, String day) {
    assertEquals(
        Optional.ofNullable(day).map(own -> (int) LocalDate.parse(own).toEpochDay()),
        dates(pattern).days(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MM/dd/yyyy hh:mm:ss a|02/17/2024 11:00:00 pm|2024-02-17T23:00:00Z",
        "MM/dd/yyyy hh:mm:ss a|02/17/2024 12:00:00 AM|2024-02-17T00:00:00Z",
        "MM/dd/yyyy hh:mm:ss a|02/17/2024 13:00:00 AM|",
        "yyyy-MM-dd HH:mm:ss|2024-01-05 05:30:00|2024-01-05T05:30:00Z",
        "yyyy-MM-dd HH:mm:ss|2024-01-05 24:00:00|",
        "yyyy-MM-dd HH:mm:ss|2024-02-30 05:30:00|",
        "yyyy-MM-dd HH:mm:ss|2024-01-05|",
        "yyyy-MM-dd[ HH:mm]|2024-01-05|2024-01-05T00:00:00Z",
        "yyyy-MM-dd[ hh:mm][ a]|2024-01-05 05:30 PM|2024-01-05T17:30:00Z",
        "yyyy-MM-dd[ hh:mm][ a]|2024-01-05 05:30|",
        "yyyy-MM-dd HH|2024-01-05 07|2024-01-05T07:00:00Z",
        "yyyyMMddHHmmss|20240105053001|2024-01-05T05:30:01Z",
        "\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"|2024-01-05T05:30:00.25+01:00|",
        "\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"|2024-01-05T05:30:00.250+01:00|2024-01-05T04:30:00.250Z",
        "yyyy-MM-dd HH:mm z|2024-01-05 05:30 CET|2024-01-05T04:30:00Z",
        "yyyy-MM-dd HH:mm VV|2024-07-05 05:30 Europe/Paris|2024-07-05T03:30:00Z",
        "dd.MM.yyyy|05.01.2024|2024-01-05T00:00:00Z"
      })
  void timesByPattern(String pattern, String text, String instant) {
    assertEquals(
        Optional.ofNullable(instant).map(own -> Instant.parse(own).toEpochMilli() * 1000),
        times(pattern.replace("\"", "")).micros(text));
  }

  /** Patterns of dates and times, a text, and what it is in a column of timestamps. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "''|''|2024-12-31|2024-12-31T00:00:00Z",
        "dd/MM/yyyy|''|31/12/2024|2024-12-31T00:00:00Z",
        "dd/MM/yyyy|''|2024-12-31|none",
        "dd/MM/yyyy|''|2024-12-31 10:00:00|2024-12-31T10:00:00Z",
        "dd/MM/yyyy|yyyy-MM-dd HH:mm|31/12/2024|2024-12-31T00:00:00Z",
        "dd/MM/yyyy|MM/dd/yyyy|05/06/2024|2024-05-06T00:00:00Z",
        "yyyy-MM-ddXXX|''|2024-12-31+01:00|2024-12-30T23:00:00Z",
        "yyyy-MM-dd HH:mm|''|2024-12-31 00:00|2024-12-31T00:00:00Z",
        "yyyy-dd-MM HH:mm|''|2024-05-01 00:00|2024-01-05T00:00:00Z",
        "y|''|999999999|none",
        "''|yyyy-MM-dd HH:mm|2024-12-31|none"
      })
  void datesAmongTimestamps(String date, String time, String text, String instant) {
    assertEquals(
        Optional.ofNullable(instant).map(own -> Instant.parse(own).toEpochMilli() * 1000),
        new TimeFormat("UTC", date, time).checked().micros(text));
  }

  @Test
  void aWallClockHasNoZone() {
    assertTrue(dates("yyyy-MM-ddXXX").localMicros("2024-12-31+01:00").isEmpty());
    assertTrue(dates("dd/MM/yyyy").localMicros("31/12/2024").isPresent());
    assertTrue(times("yyyy-MM-dd HH:mm z").localMicros("2024-01-05 05:30 CET").isEmpty());
    assertTrue(times("yyyy-MM-dd HH:mm").localMicros("2024-01-05 05:30").isPresent());
  }

  /** A pattern that does not read what it writes, and the one that the refusal offers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "YYYY-MM-DD|yyyy-MM-dd",
        "YYYY-MM-dd|yyyy-MM-dd",
        "yyyy-MM-DD|yyyy-MM-dd",
        "yyyy-mm-dd|yyyy-MM-dd",
        "dd/mm/yyyy|dd/MM/yyyy",
        "d.m.yy|d.M.yy",
        "DD.MM.YYYY|dd.MM.yyyy",
        "DD-MON-YYYY|dd-MMM-yyyy",
        "dd-mmm-yyyy|dd-MMM-yyyy",
        "yyyy-MM-dd hh:mm:ss|yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:MM:ss|yyyy-MM-dd HH:mm:ss",
        "yyyy-mm-dd HH:MM:SS|yyyy-MM-dd HH:mm:ss",
        "YYYY-MM-DD HH24:MI:SS|yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-ddTHH:mm:ss|yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-mm-ddThh:mm:ss|yyyy-MM-dd'T'HH:mm:ss",
        "YYYY-MM-DDTHH:mm:ssXXX|yyyy-MM-dd'T'HH:mm:ssXXX",
        "%Y-%m-%d|yyyy-MM-dd",
        "%d/%m/%Y %H:%M:%S|dd/MM/yyyy HH:mm:ss"
      })
  void aPatternThatDoesNotReadWhatItWritesIsRefused(String pattern, String mended) {
    String refusal = assertThrows(InvalidInput.class, () -> dates(pattern)).getMessage();
    assertEquals(
        "options.dateFormat must read the dates and times that it writes, however: %s (options: {dateFormat: \"%s\"})"
            .formatted(pattern, mended),
        refusal);
    dates(mended);
    times(mended);
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "HH:mm", "dd/MM", "yyyy-'Q'Q", "yyyy-MM-dd'", "w/YYYY", "foo bar"})
  void otherPatternsAreRefusedWithTheLettersThereAre(String pattern) {
    String refusal = assertThrows(InvalidInput.class, () -> times(pattern)).getMessage();
    assertTrue(refusal.startsWith("options.timestampFormat must read"), refusal);
    assertTrue(refusal.contains("(yyyy is a year, MM a month"), refusal);
  }

  @Test
  void aZoneThatIsNoneIsRefused() {
    String refusal =
        assertThrows(InvalidInput.class, () -> new TimeFormat("Paris", "", "").checked())
            .getMessage();
    assertEquals("options.timeZone must be a time zone, however: Paris", refusal);
  }
}
