package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Tables of files that Spark's own readers open: Parquet and ORC, whose folders' names may be
 * columns, and whatever else a cluster has a reader for.
 */
final class SparkFiles {
  /** Whether Spark makes numbers of what the names of folders say, and so loses their writing. */
  private static final String INFER_FOLDERS =
      "spark.sql.sources.partitionColumnTypeInference.enabled";

  private final SparkSession session;
  private final TableSpec.Files spec;
  private final String name;
  private final String format;
  private final TableFiles files;
  private final Map<String, String> options;

  /**
   * @param options of the reader, strict ones among them
   */
  SparkFiles(
      SparkSession session,
      TableSpec.Files spec,
      String format,
      TableFiles files,
      Map<String, String> options) {
    this.session = session;
    this.spec = spec;
    this.name = String.join(", ", spec.paths());
    this.format = format;
    this.files = files;
    this.options = options;
    if (files.files().isEmpty()) {
      throw new InvalidInput(
          "table %s must have files, however: it has none (options: {recursiveFileLookup: true} reads folders below it, too)"
              .formatted(name));
    }
  }

  /** The rows, with the columns that folders spell as texts. */
  Dataset<Row> rows() {
    return load(reader -> spec.schema().map(reader::schema).orElse(reader));
  }

  /**
   * The rows by a reader that is told more; every root with the columns that its folders spell.
   *
   * @param more what the reader is told
   */
  Dataset<Row> load(UnaryOperator<DataFrameReader> more) {
    return withoutInference(
        session,
        () -> {
          Dataset<Row> all = null;
          for (Map.Entry<Optional<Path>, List<String>> group : byBase().entrySet()) {
            DataFrameReader reader = session.read().format(format).options(options);
            group.getKey().ifPresent(base -> reader.option(TableFiles.BASE, base.toString()));
            Dataset<Row> some = more.apply(reader).load(group.getValue().toArray(String[]::new));
            all = all == null ? some : all.unionByName(some);
          }
          return all;
        });
  }

  /** The roots below each base; where no folder spells a column, all of them below none. */
  private Map<Optional<Path>, List<String>> byBase() {
    boolean plain = files.partitionColumns().isEmpty();
    Map<Optional<Path>, List<String>> groups = new LinkedHashMap<>();
    for (int i = 0; i < files.roots().size(); i++) {
      Optional<Path> base = plain ? Optional.empty() : Optional.of(files.bases().get(i));
      groups
          .computeIfAbsent(base, key -> new ArrayList<>())
          .add(TablePaths.escaped(files.roots().get(i).getPath()));
    }
    return groups;
  }

  /** Reads names of folders as the texts that they are. */
  static <T> T withoutInference(SparkSession session, Supplier<T> work) {
    Optional<String> before = Optional.ofNullable(session.conf().get(INFER_FOLDERS, null));
    session.conf().set(INFER_FOLDERS, "false");
    try {
      return work.get();
    } finally {
      before.ifPresentOrElse(
          value -> session.conf().set(INFER_FOLDERS, value),
          () -> session.conf().unset(INFER_FOLDERS));
    }
  }

  /** Rows whose folders' columns are typed, by the training table's types or by their texts. */
  LakeTable.Opened typed(LakeTable.Opened opened, TableMeaning meaning, CsvOptions texts) {
    List<String> folders =
        files.partitionColumns().stream()
            .filter(Set.of(opened.rows().columns())::contains)
            .filter(column -> !isDeclared(column))
            .toList();
    if (folders.isEmpty()) {
      return opened;
    }
    TextColumns columns = new TextColumns(name, folders, meaning, texts);
    columns.check(columns.scan(files.files()), spec.malformed());
    return new LakeTable.Opened(
        columns.typed(opened.rows(), spec.malformed()),
        opened.unreadable(),
        columns.reading(0).and(opened.reading()),
        opened.absent());
  }

  private boolean isDeclared(String column) {
    return spec.schema()
        .map(StructType::fromDDL)
        .filter(schema -> List.of(schema.fieldNames()).contains(column))
        .isPresent();
  }
}
