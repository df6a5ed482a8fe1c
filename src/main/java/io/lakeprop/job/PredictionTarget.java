package io.lakeprop.job;

import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where {@code predict} writes to: a folder, or a table of a catalog. */
interface PredictionTarget {
  /**
   * Refuses a target that must not be written to, before any row is scored.
   *
   * @param rows that are read
   */
  void check(Dataset<Row> rows) throws IOException;

  /** The folder that the table which is read must be apart from; empty where a catalog decides. */
  Optional<OutputPlace> place();

  /** Whether the files can hold texts and numbers only. */
  boolean isText();

  /**
   * Scores the rows and writes them, or leaves everything as it was.
   *
   * @return what a person calls the target
   */
  String write(Dataset<Row> predicted, TableSpec table) throws IOException;
}
