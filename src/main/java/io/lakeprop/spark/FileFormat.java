package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The format of a table, told from what its folder holds.
 *
 * @param name as Spark knows it
 * @param separator of CSV files by their name: a tab for {@code .tsv}
 * @param ending of the files' names that told it
 */
record FileFormat(String name, String separator, String ending) {
  /** A format that the job names. */
  static FileFormat named(String name) {
    return name.equalsIgnoreCase("tsv")
        ? new FileFormat("csv", "\t", "tsv")
        : named(name.toLowerCase(Locale.ROOT), name);
  }

  private static FileFormat named(String name, String ending) {
    return new FileFormat(name, ",", ending);
  }

  /**
   * The lake format whose mark a folder has.
   *
   * @param root what a path names
   */
  static Optional<FileFormat> ofLake(FileStatus root, Configuration hadoop) {
    if (!root.isDirectory()) {
      return Optional.empty();
    }
    try {
      FileSystem fs = root.getPath().getFileSystem(hadoop);
      if (fs.exists(new Path(root.getPath(), "_delta_log"))) {
        return Optional.of(named("delta"));
      }
      return fs.exists(new Path(root.getPath(), "metadata/version-hint.text"))
          ? Optional.of(named("iceberg"))
          : Optional.empty();
    } catch (IOException e) {
      throw new InvalidInput("table %s: %s".formatted(root.getPath(), Failures.firstLine(e)), e);
    }
  }

  /** The end of a file's name from what tells the format on, or from the last point. */
  String endingOf(String file) {
    String small = file.toLowerCase(Locale.ROOT);
    int told =
        byName(file)
            .filter(own -> own.name().equals(name))
            .map(own -> small.lastIndexOf("." + own.ending()))
            .orElse(small.lastIndexOf('.'));
    return told < 0 ? "" : file.substring(told);
  }

  /**
   * The one format that the names of files tell.
   *
   * @param table for messages
   * @throws InvalidInput when they tell none or several, or some tell nothing
   */
  static FileFormat of(String table, TableFiles files) {
    Map<Optional<FileFormat>, String> firsts = new LinkedHashMap<>();
    files
        .files()
        .forEach(
            file -> {
              String name = new Path(file.path()).getName();
              firsts.putIfAbsent(byName(name), file.path());
            });
    if (firsts.size() == 1) {
      Optional<FileFormat> only = firsts.keySet().iterator().next();
      boolean single = files.roots().stream().noneMatch(FileStatus::isDirectory);
      if (only.isEmpty() && single) {
        throw new InvalidInput(
            "table %s must have a format, however: its name ends in none of parquet, orc, json, jsonl, csv, tsv (%s)"
                .formatted(table, mend(files.files().get(0).path())));
      }
      // Writers of Hive's kind give Parquet files no ending.
      return only.orElse(named("parquet"));
    }
    Map.Entry<Optional<FileFormat>, String> told =
        firsts.entrySet().stream()
            .filter(own -> own.getKey().isPresent())
            .findFirst()
            .orElseThrow();
    String stray =
        firsts.entrySet().stream()
            .filter(own -> !own.getKey().equals(told.getKey()))
            .findFirst()
            .orElseThrow()
            .getValue();
    String name = new Path(told.getValue()).getName();
    String ending =
        "*"
            + name.substring(
                name.toLowerCase(Locale.ROOT).lastIndexOf("." + told.getKey().get().ending()));
    throw new InvalidInput(
        "table %s must hold files of one format, however: %s lies beside %s (options: {pathGlobFilter: \"%s\"} leaves others out)"
            .formatted(table, stray, told.getValue(), ending));
  }

  /** What helps with a file whose name tells no format. */
  private static String mend(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return name.matches(".*\\.(xls[xmb]?|ods)")
        ? "save the spreadsheet as CSV"
        : name.matches(".*\\.(txt|dat|data|psv)")
            ? "say format; csv reads texts with any separator, which options: {sep: ...} says"
            : "say format";
  }

  private static Optional<FileFormat> byName(String name) {
    String[] parts = name.toLowerCase(Locale.ROOT).split("\\.", -1);
    for (int i = parts.length - 1; i > 0; i--) {
      switch (parts[i]) {
        case "parquet", "orc", "json", "csv", "avro" -> {
          return Optional.of(named(parts[i]));
        }
        case "tsv" -> {
          return Optional.of(named("tsv"));
        }
        case "jsonl", "ndjson" -> {
          return Optional.of(named("json", parts[i]));
        }
        default -> {
          // A compression or something that does not tell.
        }
      }
    }
    return Optional.empty();
  }
}
