package io.lakeprop.spark;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.model.Model;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.spark.ScoredColumns.Probabilities;
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

  private String probability(String value) {
    return "probability" + suffix + "_" + value;
  }

  /** The names of {@link #columns}, which a table must not have. */
  List<String> added(Probabilities form) {
    List<String> names = new ArrayList<>();
    if (loss instanceof QuantileLoss several) {
      several.quantiles().forEach(level -> names.add(quantile(level)));
    } else {
      names.add(prediction());
    }
    if (label instanceof LabelEncoder.Classes classes) {
      switch (form) {
        case MAP -> names.add(probabilities());
        case COLUMNS -> classes.values().forEach(value -> names.add(probability(value)));
      }
    }
    return names;
  }

  /** The schema with what {@link #likeliest} and {@link #values(float[], int)} give. */
  StructType addTo(StructType scored) {
    boolean ofClass = label instanceof LabelEncoder.Classes;
    return scored
        .add(raw(), ofClass ? DataTypes.StringType : DataTypes.DoubleType)
        .add(values(), DataTypes.createArrayType(DataTypes.DoubleType));
  }

  /** The columns of the result. */
  List<Column> columns(Probabilities form) {
    if (label instanceof LabelEncoder.Classes classes) {
      List<Column> columns = new ArrayList<>();
      columns.add(functions.col(raw()).cast(classes.predictedType()).as(prediction()));
      switch (form) {
        case MAP -> columns.add(map(classes.values()));
        case COLUMNS ->
            classes
                .values()
                .forEach(
                    value ->
                        columns.add(
                            functions
                                .col(values())
                                .getItem(columns.size() - 1)
                                .as(probability(value))));
      }
      return columns;
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

  private Column map(List<String> classes) {
    Column[] names = classes.stream().map(functions::lit).toArray(Column[]::new);
    return functions
        .map_from_arrays(functions.array(names), functions.col(values()))
        .as(probabilities());
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

  /**
   * Whether a value is no finite number, since the network's numbers became too large for 32 bits.
   */
  static boolean isNoNumber(Double[] values) {
    for (Double value : values) {
      if (value.isNaN() || value.isInfinite()) {
        return true;
      }
    }
    return false;
  }

  /** The likeliest class, null where a probability is no number; or the first estimate. */
  Object likeliest(Double[] values) {
    if (!(label instanceof LabelEncoder.Classes classes)) {
      return values[0];
    }
    if (isNoNumber(values)) {
      return null;
    }
    int best = 0;
    for (int j = 1; j < values.length; j++) {
      best = values[j] > values[best] ? j : best;
    }
    return classes.values().get(best);
  }
}
