package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.MissingTexts;
import io.lakeprop.base.Printable;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.KnownValues;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableRow;
import java.io.Serial;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads rows so that every value is what it was in training, whatever the rows come from.
 *
 * <ul>
 *   <li>What stood for a missing value does so: texts that mean one and that training did not meet
 *       as a value, and the numbers, dates and texts that the job lists.
 *   <li>A missing category is the empty text where training had empty texts and none missing.
 *   <li>A category that is written otherwise than in training is the one that is meant, as far as
 *       the column's type in training tells ({@link KnownValues}).
 *   <li>A number of a column that was of 32 bits is one of 32 bits: 0.1 is not the nearest of them,
 *       and would lie beside the value that training met.
 * </ul>
 *
 * <p>Values that expressions made in training are left as they are.
 */
public final class AsInTraining implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final ArrayList<Column> columns = new ArrayList<>();

  /** What is known of a feature's column. */
  private record Column(
      Feature feature,
      boolean isMade,
      boolean isSingle,
      MissingTexts missing,
      MissingTexts marks,
      KnownValues known)
      implements Serializable {
    /** Whether a number of the row is a mark at the width that it or training's column has. */
    boolean isMissing(TableRow row, int column, double number) {
      return marks.hold(number, isSingle || (marks.hasNumbers() && row.isSingle(column)));
    }

    /** The text as training had it; null where it is missing. */
    String text(String text) {
      if (isMade || !(feature instanceof Feature.Categorical own)) {
        return text;
      }
      if (text == null) {
        // CSV writes an empty text and a missing one alike; training says which of them it is.
        return own.knows("") && !own.missing() ? "" : null;
      }
      if (own.knows(text)) {
        return text;
      }
      String meant = known.of(text);
      return own.knows(meant) ? meant : isMissing(text) ? null : text;
    }

    private boolean isMissing(String text) {
      return missing.hold(text) || (known.areNumbers() && missing.holdNumber(text, isSingle));
    }
  }

  public AsInTraining(FeatureEncoder encoder, TableMeaning table) {
    MissingTexts anywhere = table.missingTexts();
    MissingTexts amongNumbers = table.missingAmongNumbers();
    Map<String, String> types = table.typesAsRead();
    for (Feature feature : encoder.features()) {
      boolean isMade = table.derive().containsKey(feature.name());
      String type = types.getOrDefault(feature.name(), "");
      List<String> values = new ArrayList<>();
      if (feature instanceof Feature.Categorical categorical) {
        values.addAll(categorical.values());
        values.addAll(categorical.rareValues());
      }
      ZoneId zone = ZoneId.of(table.timeZone());
      KnownValues known = new KnownValues(type, zone, values);
      MissingTexts missing = known.isTyped() ? amongNumbers : anywhere;
      columns.add(
          new Column(
              feature,
              isMade,
              type.equals("FLOAT"),
              missing,
              isMade ? MissingTexts.NONE : marks(feature, type, missing, zone),
              known));
    }
  }

  /** The numbers that mean a missing value: of a date its days, of a timestamp its seconds. */
  private static MissingTexts marks(
      Feature feature, String type, MissingTexts missing, ZoneId zone) {
    NumberUnit unit =
        feature instanceof Feature.Numeric numeric ? numeric.unit() : NumberUnit.PLAIN;
    if (unit == NumberUnit.PLAIN) {
      return type.equals("BOOLEAN") ? MissingTexts.NONE : missing;
    }
    List<String> marks = new ArrayList<>();
    for (String text : missing.texts()) {
      day(text)
          .map(
              day ->
                  unit == NumberUnit.DAYS
                      ? day.toEpochDay()
                      : day.atStartOfDay(zone).toEpochSecond())
          .ifPresent(mark -> marks.add(mark.toString()));
    }
    return new MissingTexts(marks);
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Refuses a text that cannot be a value of a category's type in training: it would pass for a
   * value that training did not see.
   *
   * @throws InvalidInput with the column, its type and the text
   */
  void check(int column, String text) {
    Column own = columns.get(column);
    if (!own.isMade
        && text != null
        && own.feature instanceof Feature.Categorical feature
        && !feature.knows(text)
        && !own.known.mayHold(text)
        && !own.isMissing(text)) {
      throw new InvalidInput(
          "column \"%s\" must be %s, as in training, however: \"%s\"%s"
              .formatted(
                  own.feature.name(), own.known.type(), Printable.line(text), mend(own.known)));
    }
  }

  private static String mend(KnownValues known) {
    return switch (known.type()) {
      case "DATE" -> " (a LocalDate, or a text such as 2024-12-31)";
      case "TIMESTAMP", "TIMESTAMP_NTZ" ->
          " (an Instant, a LocalDateTime, or a text such as 2024-12-31 23:59:59)";
      case "BOOLEAN" -> " (true or false)";
      default -> "";
    };
  }

  /** The row as training would have read it. */
  public TableRow read(TableRow row) {
    return new Row(row);
  }

  private final class Row implements TableRow {
    private final TableRow row;

    Row(TableRow row) {
      this.row = row;
    }

    @Override
    public double number(int column) {
      Column own = columns.get(column);
      double given = row.number(column);
      double number = own.isSingle ? (float) given : given;
      return own.isMissing(row, column, given) ? Double.NaN : number;
    }

    @Override
    public boolean isNull(int column) {
      return row.isNull(column) || columns.get(column).isMissing(row, column, row.number(column));
    }

    @Override
    public boolean isBare(int column) {
      return row.isBare(column);
    }

    @Override
    public BitSet nulls(int column) {
      BitSet nulls = row.nulls(column);
      MissingTexts marks = columns.get(column).marks;
      if (marks.hasNumbers()) {
        float[] vector = row.vector(column);
        for (int i = 0; i < vector.length; i++) {
          nulls.set(i, nulls.get(i) || marks.hold(vector[i], true));
        }
      }
      return nulls;
    }

    @Override
    public String text(int column) {
      return columns.get(column).text(row.text(column));
    }

    @Override
    public float[] vector(int column) {
      float[] vector = row.vector(column);
      Column own = columns.get(column);
      if (vector == null || !own.marks.hasNumbers()) {
        return vector;
      }
      float[] read = vector.clone();
      for (int i = 0; i < read.length; i++) {
        read[i] = own.marks.hold(read[i], true) ? Float.NaN : read[i];
      }
      return read;
    }
  }
}
