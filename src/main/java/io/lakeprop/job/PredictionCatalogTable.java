package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.SqlName;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.Failures;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A table of a catalog that {@code predict} writes in one commit: it is there as a whole, or as it
 * was.
 *
 * @param format empty for the catalog's own
 * @param partitionBy columns by whose values it is laid out
 * @param overwrite whether it may take the place of an earlier table
 */
record PredictionCatalogTable(
    SparkSession session,
    String name,
    Optional<String> format,
    List<String> partitionBy,
    boolean overwrite)
    implements PredictionTarget {
  @Override
  public void check(TableSpec table) {
    if (table.source() instanceof TableSpec.Named own && own.name().equalsIgnoreCase(name)) {
      throw new InvalidInput(
          "--output-table must not be the table that is read, however: both are " + name);
    }
    if (exists() && !overwrite) {
      throw new InvalidInput(
          "--output-table %s must not exist, however: it does (--overwrite replaces it)"
              .formatted(name));
    }
  }

  private boolean exists() {
    try {
      return session.catalog().tableExists(name);
    } catch (Exception e) {
      throw refused(e);
    }
  }

  @Override
  public Optional<OutputPlace> place() {
    return Optional.empty();
  }

  @Override
  public boolean isText() {
    return false;
  }

  @Override
  public String write(Dataset<Row> predicted, TableSpec table) {
    return Failures.naming(
        table,
        () -> {
          try {
            create(predicted);
          } catch (AnalysisException e) {
            throw refused(e);
          }
          return name;
        });
  }

  private void create(Dataset<Row> predicted) throws AnalysisException {
    CreateTableWriter<Row> writer = predicted.writeTo(name);
    format.ifPresent(writer::using);
    if (!partitionBy.isEmpty()) {
      Column[] columns =
          partitionBy.stream()
              .map(name -> functions.col(SqlName.quoted(name)))
              .toArray(Column[]::new);
      writer.partitionedBy(columns[0], Arrays.copyOfRange(columns, 1, columns.length));
    }
    if (overwrite) {
      writer.createOrReplace();
    } else {
      writer.create();
    }
  }

  private InvalidInput refused(Exception e) {
    return new InvalidInput(
        "--output-table must be a table that its catalog can write, however: %s: %s"
            .formatted(name, Failures.firstLine(e)),
        e);
  }
}
