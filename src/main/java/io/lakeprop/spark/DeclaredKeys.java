package io.lakeprop.spark;

import io.lakeprop.base.EditDistance;
import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Whether the objects of JSON files have the keys that a job's schema declares. */
final class DeclaredKeys {
  private DeclaredKeys() {}

  /**
   * Refuses columns of the schema that no object has, where objects have one like them.
   *
   * @param inferred types of all keys, which takes a pass over the table
   */
  static void check(
      Dataset<Row> rows, List<String> declared, Supplier<StructType> inferred, String name) {
    List<String> empty = withoutValues(rows, declared);
    if (empty.isEmpty()) {
      return;
    }
    List<String> others = new ArrayList<>(List.of(inferred.get().fieldNames()));
    empty.removeAll(others); // Their values are null.
    others.removeAll(declared);
    for (String column : empty) {
      Optional<String> near =
          others.stream()
              .filter(own -> ColumnNames.alike(column, List.of(own)).isPresent())
              .findFirst()
              .or(() -> EditDistance.nearest(column, others));
      if (near.isPresent()) {
        throw new InvalidInput(
            "table %s must have values in the column \"%s\" of the schema, however: no object has that key, and there is \"%s\" (schema with that name reads it)"
                .formatted(name, column, near.get()));
      }
    }
  }

  /** The columns in which all values are missing; none where there are no rows. */
  private static List<String> withoutValues(Dataset<Row> rows, List<String> columns) {
    List<Column> counts = new ArrayList<>();
    for (String column : columns) {
      counts.add(functions.count(functions.col(TypedColumns.quoted(column))));
    }
    Row counted = rows.agg(functions.count(functions.lit(1)), counts.toArray(Column[]::new)).head();
    List<String> empty = new ArrayList<>();
    for (int i = 0; i < columns.size() && counted.getLong(0) > 0; i++) {
      if (counted.getLong(i + 1) == 0) {
        empty.add(columns.get(i));
      }
    }
    return empty;
  }
}
