package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableRow;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of column by each kind of value: what a row gives is what training would have read. */
final class AsInTrainingTest {
  private static final NumberTransform ANY = new NumberTransform.Affine(0, 1);
  private static final Map<String, String> TYPES =
      Stream.of(
              "n INT",
              "f FLOAT",
              "d DATE",
              "t TIMESTAMP",
              "b BOOLEAN",
              "made INT",
              "v ARRAY<DOUBLE>",
              "k INT",
              "s STRING",
              "day DATE",
              "flag BOOLEAN")
          .map(column -> column.split(" "))
          .collect(Collectors.toMap(column -> column[0], column -> column[1]));
  private static final TableMeaning TABLE =
      new TableMeaning(
          TYPES,
          Optional.of(List.of("-999", "-99.9", "9999-12-31", "1", "soon")),
          Map.of(
              "made",
              "coalesce(made, -999)",
              "label",
              "'soon'",
              "hour",
              "hour(t)",
              "weekend",
              "dayofweek(d) in (1, 7)",
              "month",
              "date_trunc('month', t)"),
          "Europe/Berlin",
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of(
              "made",
              "INT",
              "label",
              "STRING",
              "hour",
              "INT",
              "weekend",
              "BOOLEAN",
              "month",
              "TIMESTAMP"));

  private static Feature.Categorical categorical(String name, boolean missing, String... values) {
    return new Feature.Categorical(
        name, List.of(values), missing, Feature.Rare.LISTED, List.of("8"), 2);
  }

  private static Feature.Numeric numeric(String name, NumberUnit unit) {
    return new Feature.Numeric(name, false, ANY, true, NotFinite.DEFAULT, unit);
  }

  /** In the order of their names, as an encoder has them. */
  private static final FeatureEncoder ENCODER =
      new FeatureEncoder(
          List.of(
              numeric("b", NumberUnit.PLAIN),
              numeric("d", NumberUnit.DAYS),
              numeric("f", NumberUnit.PLAIN),
              numeric("made", NumberUnit.PLAIN),
              numeric("n", NumberUnit.PLAIN),
              numeric("t", NumberUnit.SECONDS),
              new Feature.Vector("v", 3, false, List.of(ANY), true),
              categorical("day", true, "2024-01-05"),
              categorical("flag", true, "false", "true"),
              categorical("hour", true, "5", "-999"),
              categorical("k", true, "7", "1"),
              categorical("label", false, "soon", ""),
              categorical("month", false, "2024-07-01 00:00:00"),
              categorical("s", false, "", "red"),
              categorical("weekend", true, "false", "true")));

  private static int place(String column) {
    for (int i = 0; i < ENCODER.features().size(); i++) {
      if (ENCODER.features().get(i).name().equals(column)) {
        return i;
      }
    }
    throw new AssertionError(column);
  }

  /** One value, whatever column is asked for. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Value(double number, String text, float[] vector, boolean isSingle)
      implements TableRow {
    @Override
    public double number(int column) {
      return number;
    }

    @Override
    public boolean isSingle(int column) {
      return isSingle;
    }

    @Override
    public boolean isNull(int column) {
      return false;
    }

    @Override
    public BitSet nulls(int column) {
      BitSet nulls = new BitSet();
      nulls.set(0);
      return nulls;
    }

    @Override
    public String text(int column) {
      return text;
    }

    @Override
    public float[] vector(int column) {
      return vector;
    }
  }

  private static TableRow read(Value value) {
    return new AsInTraining(ENCODER, TABLE).read(value);
  }

  private static final long MARKED_DAY = 2_932_896;
  private static final long MARKED_SECOND = 253_402_210_800L; // Midnight in Berlin.

  /** A mark is missing in a column of its kind; what is none is the number at its width. */
  @ParameterizedTest
  @CsvSource({
    "n, -999, false, NaN",
    "n, -998, false, -998",
    "n, 2932896, false, 2932896",
    "n, 0.1, false, 0.1",
    "f, 0.1, false, 0.10000000149011612",
    "f, -99.9, false, NaN",
    "f, -99.9000015258789, true, NaN",
    "n, -99.9000015258789, true, NaN",
    "n, -99.9000015258789, false, -99.9000015258789",
    "b, 1, false, 1",
    "d, 2932896, false, NaN",
    "d, 2932895, false, 2932895",
    "d, -999, false, -999",
    "t, 253402210800, false, NaN",
    "t, 253402297199.5, false, NaN",
    "t, 253402297200.5, false, 253402297200.5",
    "t, 253402210799.5, false, 253402210799.5",
    "made, -999, false, -999"
  })
  void numbers(String column, double number, boolean isSingle, double expected) {
    TableRow row = read(new Value(number, null, null, isSingle));
    assertEquals(expected, row.number(place(column)));
    assertEquals(Double.isNaN(expected), row.isNull(place(column)));
  }

  @Test
  void theMarksOfAboveAreThoseOfTheList() {
    assertEquals(MARKED_DAY, LocalDate.of(9999, 12, 31).toEpochDay());
    assertEquals(
        MARKED_SECOND,
        ZonedDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneId.of("Europe/Berlin")).toEpochSecond());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "k, 7, 7",
        "k, 7.0, 7",
        "k, 07, 7",
        "k, 8.0, 8",
        "k, 9, 9",
        "k, 1, 1", // A mark that training knows as a value.
        "k, -999, null",
        "k, -999.0, null",
        "k, null, null",
        "day, 2024-1-5, 2024-01-05",
        "day, 9999-12-31, null",
        "s, red, red",
        "s, soon, null",
        "s, -999.0, -999.0",
        "s, null, ''",
        "label, soon, soon",
        "label, -999, -999",
        "label, null, ''",
        "label, 1.10, 1.10",
        "hour, 5.0, 5",
        "hour, 05, 5",
        "hour, 7, 7",
        "hour, -999, -999", // A result, and no mark of the job's.
        "hour, -999.0, -999",
        "hour, unknown, null",
        "weekend, True, true",
        "weekend, FALSE, false",
        "weekend, t, true",
        "weekend, 0, false",
        "weekend, -, null",
        "flag, 1, null", // The job's mark, although 1 is true elsewhere.
        "flag, 1.0, null",
        "flag, 0, false",
        "flag, 0.00, false",
        "k, 1.0, 1",
        "month, 2024-07-01, 2024-07-01 00:00:00", // The session's midnight, not the reader's.
        "month, 2024-06-30T22:00:00Z, 2024-07-01 00:00:00",
      })
  void texts(String column, String text, String expected) {
    assertEquals(expected, read(new Value(0, text, null, false)).text(place(column)));
  }

  /** What cannot be a value of training's type would pass for one that training did not see. */
  @ParameterizedTest
  @CsvSource({
    "k, many, must be INT",
    "day, 05.01.2024, a LocalDate",
    "hour, 9999-12-31, must be INT",
    "weekend, soon, (true or false)",
    "day, many, must be DATE, as in training"
  })
  void textsOfAnotherTypeAreRefused(String column, String text, String words) {
    TableRow row = read(new Value(0, text, null, false));
    String refusal = assertThrows(InvalidInput.class, () -> row.text(place(column))).getMessage();
    assertTrue(refusal.contains(words) && refusal.contains('"' + text + '"'), refusal);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, -1, 0.5, Double.POSITIVE_INFINITY})
  void numbersAreNoTruthValues(double number) {
    TableRow row = read(new Value(number, null, null, false));
    String refusal = assertThrows(InvalidInput.class, () -> row.number(place("b"))).getMessage();
    assertTrue(refusal.contains("\"b\" must be BOOLEAN, as in training"), refusal);
    assertEquals(number, row.number(place("n")));
  }

  @Test
  void vectors() {
    float[] given = {Float.NaN, -999, 2};
    TableRow row = read(new Value(0, null, given, false));
    assertArrayEquals(new float[] {Float.NaN, Float.NaN, 2}, row.vector(place("v")));
    assertArrayEquals(new float[] {Float.NaN, -999, 2}, given, "the row's own is left as it is");
    BitSet nulls = row.nulls(place("v"));
    assertEquals("{0, 1}", nulls.toString());
    assertNull(read(new Value(0, null, null, false)).vector(place("v")));
  }
}
