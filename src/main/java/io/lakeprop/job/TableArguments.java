package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;

/** The options that name a table on the command line; the same as a job file's keys. */
final class TableArguments {
  @CommandLine.Option(
      names = "--table",
      paramLabel = "PATH",
      split = ",",
      description = "files or folder of the table; several with commas")
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
  private Map<String, String> options = new TreeMap<>();

  @CommandLine.Option(names = "--schema", description = "SQL column list of the files")
  private Optional<String> schema = Optional.empty();

  @CommandLine.Option(
      names = "--derive",
      paramLabel = "NAME=EXPRESSION",
      description = "adds a column by an SQL expression")
  private Map<String, String> derive = new TreeMap<>();

  @CommandLine.Option(names = "--where", description = "SQL condition that rows must meet")
  private Optional<String> where = Optional.empty();

  TableSpec spec() {
    int sources =
        (paths.isEmpty() ? 0 : 1) + (name.isPresent() ? 1 : 0) + (sql.isPresent() ? 1 : 0);
    if (sources != 1) {
      throw new InvalidInput(
          "a table must be named by one of --table, --catalog-table and --sql, however: there are "
              + sources);
    }
    TableSpec.Source source =
        name.isPresent()
            ? new TableSpec.Named(name.get())
            : sql.isPresent()
                ? new TableSpec.Query(sql.get())
                : new TableSpec.Files(paths, TableFormat.checked(format), options, schema);
    return new TableSpec(source, derive, where);
  }
}
