package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The Parquet and ORC files that Spark reads for a query or a table of the catalog, by types of its
 * own: where a file stores another one, Spark's readers may take its values for those of the type
 * that they were told, without a word.
 */
final class QueriedFiles {
  /**
   * Formats of Spark's own, by their classes: Delta's, which is one of Parquet, minds its types.
   */
  private static final Map<String, String> FORMATS =
      Map.of("ParquetFileFormat", "parquet", "OrcFileFormat", "orc");

  private QueriedFiles() {}

  /**
   * Reads the footers of the files.
   *
   * @param plan as Spark has optimized it: without the partitions and columns that nobody reads
   * @throws InvalidInput when a file has a column that is read and of another type
   */
  static void check(SparkSession session, LogicalPlan plan, String table) {
    List<LogicalPlan> nodes = Repeatable.nodes(plan, List.of());
    Set<ExprId> read = new HashSet<>();
    CollectionConverters.asJava(plan.output()).forEach(own -> read.add(own.exprId()));
    for (LogicalPlan node : nodes) {
      CollectionConverters.asJava(node.references().toSeq()).forEach(own -> read.add(own.exprId()));
    }
    for (LogicalPlan node : nodes) {
      if (node instanceof LogicalRelation relation
          && relation.relation() instanceof HadoopFsRelation files) {
        check(session, files, columns(relation, files, read), table);
      }
    }
  }

  /** The columns of files that are read, with the types that Spark was told. */
  private static StructType columns(
      LogicalRelation relation, HadoopFsRelation files, Set<ExprId> read) {
    Set<String> folders = Set.of(files.partitionSchema().fieldNames());
    StructType columns = new StructType();
    for (Attribute own : CollectionConverters.asJava(relation.output())) {
      if (read.contains(own.exprId()) && !folders.contains(own.name())) {
        columns = columns.add(own.name(), own.dataType());
      }
    }
    return columns;
  }

  private static void check(
      SparkSession session, HadoopFsRelation files, StructType told, String table) {
    String format = FORMATS.get(files.fileFormat().getClass().getSimpleName());
    if (format == null || told.isEmpty()) {
      return;
    }
    List<String> paths =
        Arrays.stream(files.location().inputFiles())
            .map(file -> new Path(URI.create(file)).toString())
            .toList();
    FileColumns columns = FileColumns.of(FileFooters.read(session, format, Map.of(), paths));
    BiPredicate<String, String> same =
        ColumnNames.caseMatters(session) ? String::equals : String::equalsIgnoreCase;
    columns
        .kinds()
        .forEach(
            (kind, some) -> {
              StoredColumns stored = new StoredColumns(kind, same);
              for (StructField field : told.fields()) {
                stored
                    .misread(field)
                    .ifPresent(
                        has -> {
                          throw new InvalidInput(
                              "table %s: file %s must have %s in the column \"%s\", as Spark reads it, however: it has %s (path: in place of name or sql reads files of several types; a query without the column passes it over)"
                                  .formatted(
                                      table,
                                      some.get(0),
                                      field.dataType().sql(),
                                      field.name(),
                                      has));
                        });
              }
            });
  }
}
