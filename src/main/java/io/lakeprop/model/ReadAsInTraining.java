package io.lakeprop.model;

import io.lakeprop.data.MissingTexts;
import io.lakeprop.data.TableRow;

/** A row in which what stood for a missing value in training does so, too. */
final class ReadAsInTraining implements TableRow {
  private final TableRow row;
  private final boolean[] concerned;
  private final MissingTexts missing;

  /**
   * @param concerned whether such values are looked for, of each feature; not changed
   */
  ReadAsInTraining(TableRow row, boolean[] concerned, MissingTexts missing) {
    this.row = row;
    this.concerned = concerned;
    this.missing = missing;
  }

  @Override
  public double number(int column) {
    double number = row.number(column);
    return concerned[column] && missing.hold(number) ? Double.NaN : number;
  }

  @Override
  public boolean isNull(int column) {
    return row.isNull(column) || (concerned[column] && missing.hold(row.number(column)));
  }

  @Override
  public boolean isNull(int column, int element) {
    return row.isNull(column, element);
  }

  @Override
  public String text(int column) {
    String text = row.text(column);
    return text != null && concerned[column] && missing.hold(text) ? null : text;
  }

  @Override
  public float[] vector(int column) {
    return row.vector(column);
  }
}
