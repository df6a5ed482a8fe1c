package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A table of the lake, and which of its rows and columns are meant.
 *
 * @param derive columns to add, name to SQL expression
 * @param where SQL condition that rows must meet, after the derived columns
 * @param clock that these expressions and a query ask; empty where none is asked
 */
public record TableSpec(
    Source source, Map<String, String> derive, Optional<String> where, Optional<Clock> clock) {
  /** Without a clock of its own. */
  public TableSpec(Source source, Map<String, String> derive, Optional<String> where) {
    this(source, derive, where, Optional.empty());
  }

  /** The same, of which expressions ask a clock. */
  public TableSpec at(Clock time) {
    return new TableSpec(source, derive, where, Optional.of(time));
  }

  /** Where rows come from. */
  public sealed interface Source {}

  /**
   * Files below a path.
   *
   * @param format empty to tell it from the file names
   * @param options of the reader
   * @param schema SQL column list, empty to take the files' own
   * @param corruptFiles what becomes of files that cannot be read
   * @param malformed what becomes of records and cells of text files that are not what they should
   * @param missing texts that mean a missing value; empty for the usual ones in text files
   */
  public record Files(
      List<String> paths,
      Optional<String> format,
      Map<String, String> options,
      Optional<String> schema,
      CorruptFiles corruptFiles,
      Malformed malformed,
      Optional<List<String>> missing)
      implements Source {
    /** What Spark would do without a word. */
    private static final List<String> SILENT = List.of("ignorecorruptfiles", "ignoremissingfiles");

    public Files {
      paths = List.copyOf(paths);
      options = new TreeMap<>(options);
      for (String option : options.keySet()) {
        if (SILENT.contains(option.toLowerCase(Locale.ROOT))) {
          throw new InvalidInput(
              "options must not have %s, however: it is there (corrupt_files: skip names and counts what is skipped)"
                  .formatted(option));
        }
      }
    }

    /** Of which every file must be readable. */
    public Files(
        List<String> paths,
        Optional<String> format,
        Map<String, String> options,
        Optional<String> schema) {
      this(paths, format, options, schema, CorruptFiles.REFUSE, Malformed.REFUSE, Optional.empty());
    }

    /** The same with other options. */
    public Files withOptions(Map<String, String> others) {
      return new Files(paths, format, others, schema, corruptFiles, malformed, missing);
    }
  }

  /**
   * What becomes of records of CSV and JSON files that have too few or too many fields or are no
   * JSON, and of cells that are none of their column's type.
   */
  public enum Malformed {
    /** The table is refused. */
    REFUSE,
    /** The records are left out and counted. */
    SKIP,
    /** What is there is read, the rest is missing; the cells are counted. */
    MISSING
  }

  /** What becomes of files that cannot be read from their first row to their last. */
  public enum CorruptFiles {
    /** The table is refused. */
    REFUSE,
    /** All of their rows are left out; they are named and counted. */
    SKIP
  }

  /** A table of the catalog. */
  public record Named(String name) implements Source {}

  /** The result of a query. */
  public record Query(String sql) implements Source {}

  /** The deterministic sample table, written to the path when it is not there yet. */
  public record Sample(String path, long rows) implements Source {}

  /** The texts that mean a missing value, where the spec lists them. */
  public Optional<List<String>> missing() {
    return source instanceof Files files ? files.missing() : Optional.empty();
  }

  /** The options of the reader of files; none of other tables. */
  public Map<String, String> options() {
    return source instanceof Files files ? files.options() : Map.of();
  }

  /** What messages call it. */
  public String describe() {
    if (source instanceof Files files) {
      return String.join(", ", files.paths());
    }
    if (source instanceof Named named) {
      return named.name();
    }
    return source instanceof Sample sample ? sample.path() : "the query's result";
  }
}
