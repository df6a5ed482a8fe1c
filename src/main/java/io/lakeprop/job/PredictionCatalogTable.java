package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.SqlName;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.Failures;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.StagingTableCatalog;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SessionState;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

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
  public void check(Dataset<Row> rows) {
    try {
      SessionState state = ((org.apache.spark.sql.classic.SparkSession) session).sessionState();
      Seq<String> parts = state.sqlParser().parseMultipartIdentifier(name);
      CatalogPlugin catalog = catalog(state.catalogManager(), parts);
      boolean exists = session.catalog().tableExists(name);
      if (exists && !overwrite) {
        throw new InvalidInput(
            "--output-table %s must not exist, however: it does (--overwrite replaces it, where its catalog can)"
                .formatted(name));
      }
      if (exists && !(catalog instanceof StagingTableCatalog)) {
        throw new InvalidInput(
            "--overwrite must have a catalog that replaces a table in one step, as Iceberg's and Delta's do, however: %s is of catalog %s (write to another name)"
                .formatted(name, catalog.name()));
      }
      String table = inCatalog(state.catalogManager(), parts);
      if (exists
          && reads(
              ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed(),
              table)) {
        throw new InvalidInput(
            "--output-table must not be a table that is read, however: one of the name %s is read"
                .formatted(table));
      }
    } catch (InvalidInput e) {
      throw e;
    } catch (Exception e) {
      throw refused(e);
    }
  }

  private static CatalogPlugin catalog(CatalogManager catalogs, Seq<String> parts) {
    return parts.size() > 1 && catalogs.isCatalogRegistered(parts.head())
        ? catalogs.catalog(parts.head())
        : catalogs.currentCatalog();
  }

  /** The name without the catalog's. */
  private static String inCatalog(CatalogManager catalogs, Seq<String> parts) {
    List<String> names = CollectionConverters.asJava(parts);
    boolean hasCatalog = names.size() > 1 && catalogs.isCatalogRegistered(names.get(0));
    return String.join(".", names.subList(hasCatalog ? 1 : 0, names.size()));
  }

  private static boolean isOf(String whole, String table) {
    String own = whole.replace("`", "").toLowerCase(Locale.ROOT);
    String other = table.toLowerCase(Locale.ROOT);
    return own.equals(other) || own.endsWith("." + other);
  }

  /** Whether a query reads a table of this name, in whatever catalog, also through a view. */
  private static boolean reads(LogicalPlan query, String table) {
    for (LogicalPlan leaf : CollectionConverters.asJava(query.collectLeaves())) {
      if (leaf instanceof DataSourceV2Relation relation
          && relation.identifier().exists(own -> isOf(own.toString(), table))) {
        return true;
      }
      if (leaf instanceof LogicalRelation relation
          && relation
              .catalogTable()
              .exists(own -> isOf(own.identifier().unquotedString(), table))) {
        return true;
      }
    }
    return false;
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
