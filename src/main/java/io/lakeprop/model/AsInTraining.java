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
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads rows so that every value is what it was in training, whatever the rows come from.
 *
 * <ul>
 *   <li>What stood for a missing value does so: texts that mean one and that training did not meet
 *       as a value, and the numbers, dates and texts that the job lists.
 *   <li>A missing category is the empty text where training had empty texts and none missing.
 *   <li>A category that is written otherwise than in training is the one that is meant, as far as
 *       the column's type in training tells ({@link KnownValues}); a text that cannot be a value of
 *       that type is refused, and so is a number but 0 and 1 in the place of a truth value.
 *   <li>A number of a column that was of 32 bits is one of 32 bits: 0.1 is not the nearest of them,
 *       and would lie beside the value that training met.
 * </ul>
 *
 * <p>Of values that expressions made in training none is a mark of the job's.
 */
public final class AsInTraining implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final ArrayList<Column> columns = new ArrayList<>();

  /** What is known of a feature's column. */
  private record Column(
      Feature feature,
      boolean isMade,
      String type,
      MissingTexts missing,
      KnownValues known,
      ZoneId zone)
      implements Serializable {
    /** Whether a number of the row is a mark at the width that it or training's column has. */
    boolean isMissing(TableRow row, int column, double number) {
      if (isMade) {
        return false;
      }
      NumberUnit unit = feature instanceof Feature.Numeric own ? own.unit() : NumberUnit.PLAIN;
      return switch (unit) {
        case DAYS -> missing.times().holdDay(number, zone);
        case SECONDS -> missing.times().holdSeconds(number, zone);
        case PLAIN -> areNumbersMarks() && missing.hold(number, isSingle() || row.isSingle(column));
      };
    }

    /** Refuses a number in the place of a truth value: which of them are true nobody has said. */
    void checkTruth(double number) {
      boolean isTruth = number == 0 || number == 1 || Double.isNaN(number);
      if (type.equals("BOOLEAN") && !isTruth) {
        throw new InvalidInput(
            "column \"%s\" must be BOOLEAN, as in training, however: %s (true and false, or 1 and 0)"
                .formatted(feature.name(), number));
      }
    }

    /** Whether plain numbers of the column may be marks. */
    boolean areNumbersMarks() {
      return !isMade && missing.hasNumbers() && !type.equals("BOOLEAN");
    }

    boolean isSingle() {
      return type.equals("FLOAT");
    }

    /** The text as training had it; null where it is missing. */
    String text(String text) {
      if (!(feature instanceof Feature.Categorical own)) {
        return text;
      }
      if (text == null) {
        // CSV writes an empty text and a missing one alike; training says which of them it is.
        return own.knows("") && !own.missing() ? "" : null;
      }
      if (own.knows(text)) {
        return text;
      }
      if (known.isMissing(text, missing, zone, isSingle())) {
        return null; // Also 0 among truth values, where the job says that it stands for none.
      }
      String meant = known.of(text);
      if (own.knows(meant)) {
        return meant;
      }
      if (!known.mayHold(text)) {
        throw refusal(text);
      }
      return text;
    }

    /** Of a text that would pass for a value that training did not see. */
    private InvalidInput refusal(String text) {
      return new InvalidInput(
          "column \"%s\" must be %s, as in training, however: \"%s\"%s"
              .formatted(feature.name(), known.type(), Printable.line(text), mend(known)));
    }
  }

  public AsInTraining(FeatureEncoder encoder, TableMeaning table) {
    Map<String, String> types = table.typesOfValues();
    for (Feature feature : encoder.features()) {
      String name = feature.name();
      boolean isMade = table.derive().containsKey(name);
      String type = types.getOrDefault(name, "");
      List<String> values = new ArrayList<>();
      if (feature instanceof Feature.Categorical categorical) {
        values.addAll(categorical.values());
        values.addAll(categorical.rareValues());
      }
      KnownValues known = new KnownValues(type, table.zoneOfTexts(name), values);
      MissingTexts missing = table.missingIn(name, known.isTyped()).without(Set.copyOf(values));
      columns.add(new Column(feature, isMade, type, missing, known, table.zoneOf(type)));
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
      double number = own.isSingle() ? (float) given : given;
      if (own.isMissing(row, column, given)) {
        return Double.NaN;
      }
      own.checkTruth(number);
      return number;
    }

    @Override
    public boolean isNull(int column) {
      return row.isNull(column) || columns.get(column).isMissing(row, column, row.number(column));
    }

    @Override
    public BitSet nulls(int column) {
      BitSet nulls = row.nulls(column);
      Column own = columns.get(column);
      if (own.areNumbersMarks()) {
        float[] vector = row.vector(column);
        for (int i = 0; i < vector.length; i++) {
          nulls.set(i, nulls.get(i) || own.missing.hold(vector[i], true));
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
      if (vector == null || !own.areNumbersMarks()) {
        return vector;
      }
      float[] read = vector.clone();
      for (int i = 0; i < read.length; i++) {
        read[i] = own.missing.hold(read[i], true) ? Float.NaN : read[i];
      }
      return read;
    }
  }
}
