package io.lakeprop.model;

import io.lakeprop.base.MissingTexts;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableRow;
import java.util.List;

/**
 * Reads rows so that what stood for a missing value in training does so, too, whatever they come
 * from: texts that mean one and that training did not meet as a value, and the numbers that the job
 * lists. Values that expressions made in training are left as they are.
 */
final class AsInTraining {
  private final List<Feature> features;
  private final MissingTexts missing;

  /** Of each feature, whether such values are looked for. */
  private final boolean[] concerned;

  AsInTraining(FeatureEncoder encoder, TableMeaning table) {
    this.features = encoder.features();
    this.missing = MissingTexts.of(table.missing());
    this.concerned = new boolean[features.size()];
    boolean isListed = table.missing().isPresent();
    for (int i = 0; i < concerned.length; i++) {
      Feature feature = features.get(i);
      // Of rare values that the model does not list, the usual texts may have been some.
      boolean knownApart =
          isListed
              || (feature instanceof Feature.Categorical categorical
                  && categorical.rare() != Feature.Rare.REST);
      concerned[i] = knownApart && !table.derive().containsKey(feature.name());
    }
  }

  TableRow read(TableRow row) {
    return new Row(row);
  }

  private boolean isMissing(int column, double number) {
    return concerned[column] && missing.hold(number);
  }

  private boolean isMissing(int column, String text) {
    return concerned[column]
        && missing.hold(text)
        && features.get(column) instanceof Feature.Categorical categorical
        && !categorical.knows(text);
  }

  private final class Row implements TableRow {
    private final TableRow row;

    Row(TableRow row) {
      this.row = row;
    }

    @Override
    public double number(int column) {
      double number = row.number(column);
      return isMissing(column, number) ? Double.NaN : number;
    }

    @Override
    public boolean isNull(int column) {
      return row.isNull(column) || isMissing(column, row.number(column));
    }

    @Override
    public boolean isNull(int column, int element) {
      return row.isNull(column, element);
    }

    @Override
    public String text(int column) {
      String text = row.text(column);
      return text == null || isMissing(column, text) ? null : text;
    }

    @Override
    public float[] vector(int column) {
      return row.vector(column);
    }
  }
}
