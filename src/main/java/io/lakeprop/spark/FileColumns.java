package io.lakeprop.spark;

import io.lakeprop.base.EditDistance;
import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The columns of a table's Parquet or ORC files, as the files' footers have them. Spark itself
 * looks at the first file alone; of what the others lack, and of types that it does not read, it
 * says nothing or does not say where they are.
 *
 * @param files the columns of each file, by its path; files without a footer that can be read are
 *     not among them
 */
record FileColumns(Map<Path, List<FileColumn>> files) {
  private static final int FILES_A_TASK = 16;

  /** Columns that a note names. */
  private static final int NAMED = 5;

  /** What Hive calls the columns of its ORC files, which are found by their places. */
  private static final String BY_PLACE = "_col\\d+";

  /** What Spark's reader makes of a column. */
  enum Kind {
    READ,
    /** Nanoseconds since 1970 in UTC, which Spark knows as numbers only. */
    NANOS,
    /** Nanoseconds since 1970 of a clock on the wall. */
    LOCAL_NANOS,
    UNREAD
  }

  /**
   * A column of a file.
   *
   * @param type in Parquet's words, of columns that are not simply read
   */
  record FileColumn(String name, Kind kind, String type) {}

  /**
   * Reads the footers on the executors.
   *
   * @param format parquet or orc
   * @param options of the reader
   */
  static FileColumns of(
      SparkSession session, String format, Map<String, String> options, List<TableFile> files) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Configuration hadoop = new Configuration(session.sparkContext().hadoopConfiguration());
    options.forEach(hadoop::set);
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    try {
      List<String> paths = files.stream().map(TableFile::path).toList();
      int tasks = Math.max(1, (paths.size() + FILES_A_TASK - 1) / FILES_A_TASK);
      Map<Path, List<FileColumn>> all = new LinkedHashMap<>();
      context
          .parallelize(paths, tasks)
          .mapPartitions(new ReadColumns(format, conf))
          .collect()
          .forEach(message -> add(all, message));
      return new FileColumns(all);
    } finally {
      conf.destroy();
    }
  }

  /**
   * A message has a number of columns, name, kind and type of each, and the files that have them.
   */
  private static void add(Map<Path, List<FileColumn>> all, String[] message) {
    List<FileColumn> columns = new ArrayList<>();
    int behind = 1 + 3 * Integer.parseInt(message[0]);
    for (int i = 1; i < behind; i += 3) {
      columns.add(new FileColumn(message[i], Kind.valueOf(message[i + 1]), message[i + 2]));
    }
    if (columns.isEmpty() || !columns.stream().allMatch(own -> own.name().matches(BY_PLACE))) {
      for (int i = behind; i < message.length; i++) {
        all.put(new Path(message[i]), columns);
      }
    }
  }

  /** The first file with a column; empty where there is none. */
  Optional<Path> first(Predicate<FileColumn> column) {
    return files.entrySet().stream()
        .filter(file -> file.getValue().stream().anyMatch(column))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** How many files have a column. */
  long count(Predicate<FileColumn> column) {
    return files.values().stream().filter(own -> own.stream().anyMatch(column)).count();
  }

  /** The names of the columns of all files, in their order. */
  List<String> names() {
    return files.values().stream()
        .distinct()
        .flatMap(List::stream)
        .map(FileColumn::name)
        .distinct()
        .toList();
  }

  /** Files by their columns of nanoseconds. */
  Map<List<FileColumn>, List<Path>> byNanos(Collection<Path> some) {
    Map<List<FileColumn>, List<Path>> groups = new LinkedHashMap<>();
    for (Path file : some) {
      List<FileColumn> nanos =
          files.getOrDefault(file, List.of()).stream().filter(FileColumns::isNanos).toList();
      groups.computeIfAbsent(nanos, key -> new ArrayList<>()).add(file);
    }
    return groups;
  }

  /**
   * Checks the files that tell the schema for types that Spark does not read.
   *
   * @throws InvalidInput with the first such column
   */
  void checkRead(String table, Collection<Path> telling) {
    for (Path file : telling) {
      for (FileColumn column : files.get(file)) {
        if (column.kind() == Kind.UNREAD) {
          throw new InvalidInput(
              "table %s: file %s must have columns of types that Spark reads, however: \"%s\" is of %s (a schema with other columns leaves it out)"
                  .formatted(table, file, column.name(), column.type()));
        }
      }
    }
  }

  /**
   * Checks that files have what a job's schema names.
   *
   * @param same whether two names are one
   * @throws InvalidInput with the first column that no file has
   */
  void checkDeclared(String table, List<String> declared, BiPredicate<String, String> same) {
    for (String column : declared) {
      if (!files.isEmpty() && count(own -> same.test(own.name(), column)) == 0) {
        List<String> others = new ArrayList<>(names());
        others.removeAll(declared);
        Optional<String> near =
            ColumnNames.alike(column, others).or(() -> EditDistance.nearest(column, others));
        throw new InvalidInput(
            "table %s must have the column \"%s\" of the schema, however: no file has it%s"
                .formatted(
                    table,
                    column,
                    near.map(", and there is \"%s\" (schema with that name reads it)"::formatted)
                        .orElse(" but " + others + " besides those of the schema")));
      }
    }
  }

  /**
   * What a person should know of columns that only some files have, and of those that folders
   * spell, too.
   *
   * @param read columns of the files that are read
   * @param folders columns that folders spell
   * @param isDeclared whether a schema says which columns are read
   * @param same whether two names are one
   */
  List<String> notes(
      String table,
      List<String> read,
      List<String> folders,
      boolean isDeclared,
      BiPredicate<String, String> same) {
    List<String> lacked =
        read.stream()
            .filter(name -> count(own -> same.test(own.name(), name)) < files.size())
            .toList();
    List<String> others =
        names().stream()
            .filter(own -> !isDeclared)
            .filter(own -> read.stream().noneMatch(name -> same.test(name, own)))
            .filter(own -> folders.stream().noneMatch(name -> same.test(name, own)))
            .toList();
    List<String> hidden =
        names().stream()
            .filter(own -> folders.stream().anyMatch(name -> same.test(name, own)))
            .toList();
    List<String> notes = new ArrayList<>();
    if (!lacked.isEmpty()) {
      notes.add(
          "%s: of %,d files some lack columns, which are missing in all their rows: %s"
              .formatted(table, files.size(), counted(lacked, same, true)));
    }
    if (!others.isEmpty()) {
      notes.add(
          "%s: columns that the first of %,d files has not are not read (options: {mergeSchema: true} reads them): %s"
              .formatted(table, files.size(), counted(others, same, false)));
    }
    if (!hidden.isEmpty()) {
      notes.add(hidden(table, hidden));
    }
    return notes;
  }

  /** That what folders say is read in place of what files have. */
  static String hidden(String table, List<String> columns) {
    return "%s: folders' names say %s, so the column%s of that name in the files %s not read"
        .formatted(
            table,
            String.join(", ", columns),
            columns.size() > 1 ? "s" : "",
            columns.size() > 1 ? "are" : "is");
  }

  /** Columns with how many files lack or have them. */
  private String counted(List<String> columns, BiPredicate<String, String> same, boolean lacking) {
    String named =
        columns.stream()
            .limit(NAMED)
            .map(
                column -> {
                  long with = count(own -> same.test(own.name(), column));
                  return "%s (%,d %s it)"
                      .formatted(
                          column, lacking ? files.size() - with : with, lacking ? "lack" : "have");
                })
            .collect(Collectors.joining(", "));
    return named
        + (columns.size() > NAMED ? " and %,d more".formatted(columns.size() - NAMED) : "");
  }

  static boolean isNanos(FileColumn column) {
    return column.kind() == Kind.NANOS || column.kind() == Kind.LOCAL_NANOS;
  }

  /** Reads the footers of a task's files; those that are alike are one message. */
  private record ReadColumns(String format, Broadcast<SerializableConfiguration> conf)
      implements FlatMapFunction<Iterator<String>, String[]> {
    @Override
    public Iterator<String[]> call(Iterator<String> files) {
      Map<List<String>, List<String>> byColumns = new LinkedHashMap<>();
      while (files.hasNext()) {
        String file = files.next();
        try {
          byColumns.computeIfAbsent(columns(new Path(file)), key -> new ArrayList<>()).add(file);
        } catch (IOException | RuntimeException e) {
          // The reader says what is wrong with it.
        }
      }
      List<String[]> messages = new ArrayList<>();
      byColumns.forEach(
          (columns, own) -> {
            List<String> message = new ArrayList<>();
            message.add(Integer.toString(columns.size() / 3));
            message.addAll(columns);
            message.addAll(own);
            messages.add(message.toArray(String[]::new));
          });
      return messages.iterator();
    }

    private List<String> columns(Path file) throws IOException {
      Configuration hadoop = conf.value().value();
      List<String> columns = new ArrayList<>();
      if (format.equals("orc")) {
        try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
          reader
              .getSchema()
              .getFieldNames()
              .forEach(name -> columns.addAll(List.of(name, Kind.READ.name(), "")));
        }
        return columns;
      }
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
        for (Type field : reader.getFileMetaData().getSchema().getFields()) {
          Optional<Type> odd = odd(field);
          columns.addAll(
              List.of(
                  field.getName(),
                  odd.map(own -> kind(field, own)).orElse(Kind.READ).name(),
                  odd.map(own -> own.getLogicalTypeAnnotation().toString()).orElse("")));
        }
      }
      return columns;
    }

    private static Kind kind(Type field, Type odd) {
      return field.isPrimitive()
              && !field.isRepetition(Type.Repetition.REPEATED)
              && odd.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation time
          ? (time.isAdjustedToUTC() ? Kind.NANOS : Kind.LOCAL_NANOS)
          : Kind.UNREAD;
    }

    /** The first value in a field that Spark does not read; empty where it reads all. */
    private static Optional<Type> odd(Type field) {
      if (!field.isPrimitive()) {
        return field.asGroupType().getFields().stream()
            .map(ReadColumns::odd)
            .flatMap(Optional::stream)
            .findFirst();
      }
      LogicalTypeAnnotation type = field.getLogicalTypeAnnotation();
      boolean nanos =
          type instanceof TimestampLogicalTypeAnnotation time && time.getUnit() == TimeUnit.NANOS;
      boolean other =
          type instanceof LogicalTypeAnnotation.TimeLogicalTypeAnnotation
              || type instanceof LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
      return nanos || other ? Optional.of(field) : Optional.empty();
    }
  }
}
