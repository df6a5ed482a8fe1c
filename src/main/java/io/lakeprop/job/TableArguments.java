package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShellWord;
import io.lakeprop.data.Clock;
import io.lakeprop.data.TableSpec;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.TablePaths;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The options that name a table on the command line; the same as a job file's keys. */
final class TableArguments {
  @CommandLine.Option(
      names = "--table",
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "files or folder of the table; several behind one another (or with commas outside braces,"
              + " where no file has that name)")
  private List<String> paths = List.of();

  @CommandLine.Option(
      names = "--catalog-table",
      description = "a table of the catalog instead of files")
  private Optional<String> name = Optional.empty();

  @CommandLine.Option(names = "--sql", description = "a query instead of files")
  private Optional<String> sql = Optional.empty();

  @CommandLine.Option(
      names = "--format",
      description = "parquet, orc, json, csv, delta, ...; told from the file names when absent")
  private Optional<String> format = Optional.empty();

  @CommandLine.Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "an option of the reader, such as header=false")
  private List<String> options = List.of();

  @CommandLine.Option(names = "--schema", description = "SQL column list of the files")
  private Optional<String> schema = Optional.empty();

  @CommandLine.Option(
      names = "--malformed",
      description =
          "what becomes of malformed records and cells of CSV and JSON: refuse, skip, missing")
  private Optional<TableSpec.Malformed> malformed = Optional.empty();

  @CommandLine.Option(
      names = "--missing",
      paramLabel = "TEXT",
      arity = "0..*",
      description = "texts that mean a missing value, instead of those of the training")
  private List<String> missing;

  @CommandLine.Option(
      names = "--derive",
      paramLabel = "NAME=EXPRESSION",
      description = "adds a column by an SQL expression")
  private List<String> derive = List.of();

  @CommandLine.Option(names = "--where", description = "SQL condition that rows must meet")
  private Optional<String> where = Optional.empty();

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  /** Takes note of columns, whose names are no secrets. */
  void learnColumns(Collection<String> names) {
    secrets().learnColumns(names);
  }

  /** What the command must not tell. */
  Secrets secrets() {
    return ((Main) command.root().userObject()).secrets();
  }

  /**
   * The table that the options name, its clocks at one time.
   *
   * @param zone of the session
   */
  TableSpec spec(Storage storage, String zone) throws IOException {
    return spec(separate(storage)).at(new Clock(Instant.now(), zone));
  }

  /** The options that derive columns, and what is to be filled in first, where that is a secret. */
  static String deriving(Map<String, String> columns) {
    String options =
        columns.entrySet().stream()
            .map(column -> "--derive " + ShellWord.of(column.getKey() + "=" + column.getValue()))
            .collect(Collectors.joining(" "));
    Set<String> untold = new LinkedHashSet<>();
    columns.values().forEach(sql -> untold.addAll(RedactedJob.untold(sql)));
    return untold.isEmpty()
        ? options
        : options + " with the job's own value in the place of " + String.join(" and ", untold);
  }

  /** A path with commas is several, but where it is there as it stands. */
  private List<String> separate(Storage storage) throws IOException {
    List<String> all = new ArrayList<>();
    for (String path : paths) {
      if (path.indexOf(',') < 0 || isThere(path, storage)) {
        all.add(path);
      } else {
        all.addAll(parts(path));
      }
    }
    return all;
  }

  private static boolean isThere(String path, Storage storage) throws IOException {
    try {
      return storage.exists(TablePaths.path(path).toString());
    } catch (InvalidInput e) {
      return false; // Several paths are perhaps none of a file system's.
    }
  }

  /** What commas separate, but for those in the braces of a pattern. */
  private static List<String> parts(String paths) {
    List<String> parts = new ArrayList<>();
    int open = 0;
    int from = 0;
    for (int at = 0; at < paths.length(); at++) {
      switch (paths.charAt(at)) {
        case '{' -> open++;
        case '}' -> open--;
        case ',' -> {
          if (open == 0) {
            parts.add(paths.substring(from, at));
            from = at + 1;
          }
        }
        default -> {}
      }
    }
    parts.add(paths.substring(from));
    return open == 0 ? parts : List.of(paths.split(",", -1));
  }

  private TableSpec spec(List<String> paths) {
    int sources =
        (paths.isEmpty() ? 0 : 1) + (name.isPresent() ? 1 : 0) + (sql.isPresent() ? 1 : 0);
    if (sources != 1) {
      throw new InvalidInput(
          "a table must be named by one of --table, --catalog-table and --sql, however: there are "
              + sources);
    }
    if (paths.isEmpty()) {
      checkNoneOfFiles();
    }
    TableSpec.Source source =
        name.isPresent()
            ? new TableSpec.Named(name.get())
            : sql.isPresent()
                ? new TableSpec.Query(sql.get())
                : new TableSpec.Files(
                    paths,
                    TableFormat.checked(format),
                    readerOptions(),
                    schema,
                    TableSpec.CorruptFiles.REFUSE,
                    malformed.orElse(TableSpec.Malformed.REFUSE),
                    Optional.ofNullable(missing));
    Map<String, String> derived = pairs("--derive", "NAME=EXPRESSION", derive);
    derived.forEach((column, text) -> RedactedJob.requireWhole("--derive " + column, text));
    where.ifPresent(text -> RedactedJob.requireWhole("--where", text));
    sql.ifPresent(text -> RedactedJob.requireWhole("--sql", text));
    return new TableSpec(source, derived, where);
  }

  /** What would have no effect must not be there. */
  private void checkNoneOfFiles() {
    List<String> given = new ArrayList<>();
    format.ifPresent(own -> given.add("--format"));
    schema.ifPresent(own -> given.add("--schema"));
    malformed.ifPresent(own -> given.add("--malformed"));
    Optional.ofNullable(missing).ifPresent(own -> given.add("--missing"));
    if (!options.isEmpty()) {
      given.add("--option");
    }
    if (!given.isEmpty()) {
      throw new InvalidInput(
          "%s must go with --table, however: the table is named by %s"
              .formatted(String.join(", ", given), sql.isPresent() ? "--sql" : "--catalog-table"));
    }
  }

  private Map<String, String> readerOptions() {
    Map<String, String> pairs = pairs("--option", "KEY=VALUE", options);
    pairs.forEach((key, text) -> RedactedJob.requireWhole("--option " + key, text));
    return pairs;
  }

  /** What a repeated option says, each name once, in the order of the command line. */
  private static Map<String, String> pairs(String option, String form, List<String> arguments) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new InvalidInput("%s must be %s, however: %s".formatted(option, form, argument));
      }
      String name = argument.substring(0, equals);
      String value = argument.substring(equals + 1);
      String other = pairs.put(name, value);
      if (other != null) {
        throw new InvalidInput(
            "%s must name %s once, however: it is %s, then %s"
                .formatted(option, name, other, value));
      }
    }
    return pairs;
  }
}
