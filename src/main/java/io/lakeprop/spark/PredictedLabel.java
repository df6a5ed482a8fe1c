package io.lakeprop.spark;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.model.Model;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.QuantileLoss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A label's predictions on their way to columns: scored rows carry an estimate or likeliest class
 * and all values, which get their names and types afterwards.
 *
 * @param number of the label, from 0
 * @param first of its predictions in a row
 * @param suffix of its columns' names: empty for an only label
 */
record PredictedLabel(LabelEncoder label, OneLabelLoss loss, int number, int first, String suffix)
    implements Serializable {
  /** A model's labels, in their order. */
  static List<PredictedLabel> of(Model model) {
    List<PredictedLabel> labels = new ArrayList<>();
    int first = 0;
    for (LabelEncoder label : model.labels()) {
      OneLabelLoss loss = model.loss().byLabel().get(labels.size());
      String suffix = model.labels().size() == 1 ? "" : "_" + label.name();
      labels.add(new PredictedLabel(label, loss, labels.size(), first, suffix));
      first += loss.predictions();
    }
    return labels;
  }

  private String prediction() {
    return "prediction" + suffix;
  }

  private String probabilities() {
    return "probabilities" + suffix;
  }

  private String quantile(float level) {
    return prediction() + "_" + level;
  }

  private String raw() {
    return "raw" + number;
  }

  private String values() {
    return "values" + number;
  }

  /** The columns that a table must not have. */
  List<String> added() {
    return loss instanceof QuantileLoss several
        ? several.quantiles().stream().map(this::quantile).toList()
        : List.of(prediction(), probabilities());
  }

  /** The schema with what {@link #likeliest} and {@link #values(float[], int)} give. */
  StructType addTo(StructType scored) {
    boolean ofClass = label instanceof LabelEncoder.Classes;
    return scored
        .add(raw(), ofClass ? DataTypes.StringType : DataTypes.DoubleType)
        .add(values(), DataTypes.createArrayType(DataTypes.DoubleType));
  }

  /** The columns of the result. */
  List<Column> columns() {
    if (label instanceof LabelEncoder.Classes classes) {
      Column[] names = classes.values().stream().map(functions::lit).toArray(Column[]::new);
      return List.of(
          functions.col(raw()).cast(classes.type()).as(prediction()),
          functions
              .map_from_arrays(functions.array(names), functions.col(values()))
              .as(probabilities()));
    }
    if (loss instanceof QuantileLoss several) {
      List<Column> columns = new ArrayList<>();
      for (float level : several.quantiles()) {
        columns.add(functions.col(values()).getItem(columns.size()).as(quantile(level)));
      }
      return columns;
    }
    return List.of(functions.col(raw()).as(prediction()));
  }

  /**
   * Probabilities, or all estimates in the label's unit.
   *
   * @param row where the row's predictions start
   */
  Double[] values(float[] predictions, int row) {
    Double[] values = new Double[loss.predictions()];
    for (int j = 0; j < values.length; j++) {
      float value = predictions[row + first + j];
      values[j] =
          label instanceof LabelEncoder.Quantity number ? number.decode(value) : (double) value;
    }
    return values;
  }

  /** The likeliest class, or the first estimate. */
  Object likeliest(Double[] values) {
    if (!(label instanceof LabelEncoder.Classes classes)) {
      return values[0];
    }
    int best = 0;
    for (int j = 1; j < values.length; j++) {
      best = values[j] > values[best] ? j : best;
    }
    return classes.values().get(best);
  }
}
