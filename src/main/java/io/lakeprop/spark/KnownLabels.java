package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.MissingTexts;
import io.lakeprop.data.KnownValues;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableMeaning;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Labels of a table that need not be of the types that training's were: pandas writes classes 0 and
 * 1 as 0.0 and 1.0 where one is missing, and a table with types has texts such as {@code NA} that
 * readers of CSV and JSON take for missing ones.
 */
record KnownLabels(List<LabelEncoder> labels, TableMeaning meaning) {

  /**
   * Refuses a number of another unit than in training, since days are no seconds, and a column that
   * cannot hold the classes of training.
   *
   * @param table for the message
   */
  void check(StructType schema, String table) {
    for (LabelEncoder label : labels) {
      Optional<String> trained = meaning.typeOfValues(label.name());
      if (label instanceof LabelEncoder.Quantity && trained.isPresent()) {
        NumberUnits.check(DataType.fromDDL(trained.get()), schema, label.name(), table);
      } else if (label instanceof LabelEncoder.Classes classes) {
        List<String> values = new ArrayList<>(classes.values());
        if (classes.rare() == LabelSettings.Rare.OTHER) {
          values.remove(LabelEncoder.Classes.OTHER);
        }
        CategoryTypes.check(values, Optional.of(trained(classes)), schema, label.name(), table);
      }
    }
  }

  /** A model that does not know its table knows the type of its classes. */
  private String trained(LabelEncoder.Classes classes) {
    return meaning.typeOfValues(classes.name()).orElse(classes.type());
  }

  /** The table with the texts that classes had in training, and null for marks that are none. */
  Dataset<Row> in(Dataset<Row> table, String name) {
    Dataset<Row> rows = table;
    for (LabelEncoder label : labels) {
      if (label instanceof LabelEncoder.Classes classes) {
        StructField field = Columns.field(table.schema(), classes.name(), name);
        DataType trained = DataType.fromDDL(trained(classes));
        KnownValues known =
            new KnownValues(trained.sql(), meaning.zoneOfTexts(classes.name()), classes.values());
        // Values of the same type are written alike, and marks among them went as they were read.
        if (!known.isTyped() || !trained.equals(field.dataType())) {
          rows = rows.withColumn(field.name(), asKnown(field, known, classes));
        }
      }
    }
    return rows;
  }

  private Column asKnown(StructField field, KnownValues known, LabelEncoder.Classes classes) {
    AsKnown own =
        new AsKnown(
            classes.name(),
            known,
            new HashSet<>(classes.values()),
            meaning
                .missingIn(classes.name(), known.isTyped())
                .without(Set.copyOf(classes.values())),
            meaning.zoneOf(known.type()),
            known.type().equals("FLOAT"));
    return functions.udf(own, DataTypes.StringType).apply(Columns.text(field));
  }

  /**
   * The text of a class as training wrote it; what is none of its type would pass for a rare one,
   * and so would a mark.
   */
  private record AsKnown(
      String label,
      KnownValues known,
      HashSet<String> classes,
      MissingTexts missing,
      ZoneId clocks,
      boolean isSingle)
      implements UDF1<String, String> {
    @Override
    public String call(String text) {
      if (text == null) {
        return null;
      }
      if (!classes.contains(text) && known.isMissing(text, missing, clocks, isSingle)) {
        return null;
      }
      String own = known.of(text);
      if (!known.mayHold(text)) {
        throw new InvalidInput(
            "label \"%s\" must be of type %s, as in training, however: \"%s\""
                .formatted(label, known.type(), text));
      }
      return own;
    }
  }
}
