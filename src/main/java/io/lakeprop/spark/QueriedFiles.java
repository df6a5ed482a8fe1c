package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The Parquet and ORC files that Spark reads for a query or a table of the catalog, by types of its
 * own: where a file stores another one, Spark's readers may take its values for those of the type
 * that they were told, without a word.
 *
 * @param table for messages
 * @param passed columns that the query hands on as they are, which are refused once somebody reads
 *     them
 * @param alone names that only one of the columns has which are handed on
 * @param used other columns that the query reads
 * @param footers that are read already: a query may read a table several times
 */
record QueriedFiles(
    SparkSession session,
    String table,
    Map<ExprId, String> passed,
    Set<String> alone,
    Set<ExprId> used,
    Map<Path, FileFooters.Footer> footers) {
  /**
   * Formats of Spark's own, by their classes: Delta's, which is one of Parquet, minds its types.
   */
  private static final Map<String, String> FORMATS =
      Map.of("ParquetFileFormat", "parquet", "OrcFileFormat", "orc");

  /** The same of formats of texts. */
  private static final Map<String, String> TEXTS =
      Map.of("CSVFileFormat", "CSV", "JsonFileFormat", "JSON");

  /**
   * What a person should know of files of texts that Spark's own readers read; empty where there
   * are none. These readers do not know quotes that are doubled, and make nulls of what they cannot
   * read.
   */
  static Optional<String> ofTexts(LogicalPlan plan, String table) {
    for (LogicalPlan node : Repeatable.nodes(plan, List.of())) {
      if (node instanceof LogicalRelation relation
          && relation.relation() instanceof HadoopFsRelation read) {
        String format = TEXTS.get(read.fileFormat().getClass().getSimpleName());
        if (format != null) {
          return Optional.of(
              "table %s: its %s files, such as %s, are read by Spark's own reader, by which %s (path: in place of name or sql reads them as other programs write them)"
                  .formatted(
                      table,
                      format,
                      paths(read).stream().findFirst().orElse("none"),
                      format.equals("CSV")
                          ? "quotes that are doubled, line breaks in quotes and cells of another"
                              + " type become other values or null without a word, unless its"
                              + " options say otherwise"
                          : "lines that are no JSON and values of another type become null without"
                              + " a word, unless its options say otherwise"));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The rows, which end in a refusal where a value is read that a file stores as another type.
   *
   * @param plan of the rows as Spark has optimized it: without the partitions that nobody reads
   * @throws InvalidInput when the query itself reads such a column
   */
  static Dataset<Row> checked(Dataset<Row> rows, LogicalPlan plan, String table) {
    List<LogicalPlan> nodes = Repeatable.nodes(plan, List.of());
    Map<ExprId, String> passed = new HashMap<>();
    CollectionConverters.asJava(plan.output()).forEach(own -> passed.put(own.exprId(), own.name()));
    QueriedFiles files =
        new QueriedFiles(
            rows.sparkSession(),
            table,
            passed,
            alone(passed.values(), ColumnNames.key(rows.sparkSession())),
            used(nodes),
            new HashMap<>());
    Map<String, String> refusals = new LinkedHashMap<>();
    for (LogicalPlan node : nodes) {
      if (node instanceof LogicalRelation relation
          && relation.relation() instanceof HadoopFsRelation read) {
        files.check(relation, read, refusals);
      }
    }
    Map<String, Column> refused = new LinkedHashMap<>();
    refusals.forEach(
        (name, message) ->
            refused.put(
                name,
                StoredColumns.refused(
                    functions.col(TypedColumns.quoted(name)),
                    rows.schema().apply(name).dataType(),
                    message)));
    return refused.isEmpty() ? rows : rows.withColumns(refused);
  }

  private static Set<String> alone(Collection<String> names, UnaryOperator<String> key) {
    Map<String, Long> times =
        names.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
    return names.stream()
        .filter(name -> times.get(key.apply(name)) == 1)
        .collect(Collectors.toSet());
  }

  /** Columns from which something is computed, or which have another identity above. */
  private static Set<ExprId> used(List<LogicalPlan> nodes) {
    Set<ExprId> used = new HashSet<>();
    for (LogicalPlan node : nodes) {
      for (Expression expression : CollectionConverters.asJava(node.expressions())) {
        boolean isHandedOn = expression instanceof Attribute && node instanceof Project;
        if (!isHandedOn && !(node instanceof LogicalRelation)) {
          add(expression.references().toSeq(), used);
        }
      }
      // A union gives its columns the names of the first table's.
      if (node.children().size() > 1 && !(node instanceof Join)) {
        CollectionConverters.asJava(node.children()).forEach(own -> add(own.output(), used));
      }
      CollectionConverters.asJava(node.subqueries()).forEach(own -> add(own.output(), used));
    }
    return used;
  }

  private static void add(scala.collection.Iterable<Attribute> some, Set<ExprId> used) {
    CollectionConverters.asJava(some).forEach(own -> used.add(own.exprId()));
  }

  private void check(
      LogicalRelation relation, HadoopFsRelation read, Map<String, String> refusals) {
    String format = FORMATS.get(read.fileFormat().getClass().getSimpleName());
    List<Attribute> columns =
        CollectionConverters.asJava(relation.output()).stream()
            .map(Attribute.class::cast)
            .filter(own -> passed.containsKey(own.exprId()) || used.contains(own.exprId()))
            .toList();
    if (format == null || columns.isEmpty()) {
      return;
    }
    FileColumns stored = FileColumns.of(footers(format, paths(read)));
    Set<String> folders = Set.of(read.partitionSchema().fieldNames());
    stored
        .kinds()
        .forEach(
            (kind, some) -> {
              StoredColumns own = new StoredColumns(kind, ColumnNames.same(session));
              columns.stream()
                  .filter(column -> !folders.contains(column.name()))
                  .forEach(column -> check(column, own, some.get(0), format, refusals));
            });
  }

  private List<FileFooters.Footer> footers(String format, List<String> paths) {
    List<String> unread =
        paths.stream().filter(path -> !footers.containsKey(new Path(path))).toList();
    if (!unread.isEmpty()) {
      FileFooters.read(session, format, Map.of(), unread)
          .forEach(footer -> footers.put(footer.file(), footer));
    }
    return paths.stream().map(path -> footers.get(new Path(path))).toList();
  }

  private static List<String> paths(HadoopFsRelation read) {
    return Arrays.stream(read.location().inputFiles())
        .map(file -> new Path(URI.create(file)).toString())
        .toList();
  }

  private void check(
      Attribute column,
      StoredColumns stored,
      Path first,
      String format,
      Map<String, String> refusals) {
    StructField told = new StructField(column.name(), column.dataType(), true, null);
    // Spark's reader of Parquet takes a wall clock's times for those of UTC.
    String zone = session.conf().get(LakeTable.ZONE);
    stored
        .misread(told, format.equals("parquet") && LakeTable.isUtc(zone))
        .ifPresent(has -> refuse(column, refusal(told, first, has), refusals));
  }

  private void refuse(Attribute column, String message, Map<String, String> refusals) {
    String name = passed.get(column.exprId());
    if (used.contains(column.exprId()) || !alone.contains(name)) {
      throw new InvalidInput(message);
    }
    refusals.putIfAbsent(name, message);
  }

  private String refusal(StructField told, Path file, String has) {
    return "table %s: file %s must have, as Spark reads it, %s in the column \"%s\", however: it has %s (path: in place of name or sql reads files of several types)"
        .formatted(table, file, told.dataType().sql(), told.name(), has);
  }
}
