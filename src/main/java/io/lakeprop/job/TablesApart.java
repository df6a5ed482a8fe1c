package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.LakeTable;
import io.lakeprop.spark.TablePaths;
import io.lakeprop.spark.TrainingData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Whether tables that are read are apart from what is written: they may not lie in the output,
 * which is replaced, nor the output where a table's next reader would take its files for rows.
 */
record TablesApart(OutputPlace output) {
  /** Refuses tables in the output, and an output in a table. */
  void check(SparkSession session, TrainingData.Request tables) throws IOException {
    List<TableSpec> specs = new ArrayList<>(List.of(tables.train()));
    Stream.of(tables.validation(), tables.test()).forEach(spec -> spec.ifPresent(specs::add));
    Configuration its = session.sparkContext().hadoopConfiguration();
    for (TableSpec spec : specs) {
      checkNamed(spec, its);
      if (spec.source() instanceof TableSpec.Named || spec.source() instanceof TableSpec.Query) {
        checkFiles(spec, files(session, spec), its);
      }
    }
  }

  /**
   * Refuses a table that names what lies in the output, or will name the output once it is there.
   *
   * @param its how the table's paths are read
   */
  void checkNamed(TableSpec spec, Configuration its) throws IOException {
    if (spec.source() instanceof TableSpec.Files files) {
      for (String path : files.paths()) {
        checkPath(path, its);
      }
    } else if (spec.source() instanceof TableSpec.Sample sample) {
      output.checkFolder("table " + sample.path(), Places.of(TablePaths.path(sample.path()), its));
    }
  }

  private void checkPath(String path, Configuration its) throws IOException {
    List<FileStatus> found;
    try {
      found = TablePaths.named(path, its);
    } catch (InvalidInput e) {
      return; // Whoever opens the table says what is wrong with its path.
    }
    for (FileStatus status : found) {
      String own = Places.of(status.getPath(), its);
      if (status.isDirectory()) {
        output.checkFolder("table " + path, own);
      } else if (output.holds(own)) {
        throw output.inside("table " + path, own);
      }
    }
    for (FileStatus status : TablePaths.named(path, folder -> output.comingIn(folder, its), its)) {
      String own = Places.of(status.getPath(), its);
      if (output.isComingIn(own)) {
        throw output.outside("table " + path);
      }
    }
  }

  private static String[] files(SparkSession session, TableSpec spec) {
    try {
      return LakeTable.open(session, spec).inputFiles();
    } catch (RuntimeException e) {
      return new String[0]; // Whoever opens the table to read it says what is wrong.
    }
  }

  /**
   * Refuses files of a table in the output, and an output in the folder that a table of the catalog
   * or a query reads as a whole.
   *
   * @param files that Spark reads
   */
  void checkFiles(TableSpec spec, String[] files, Configuration its) throws IOException {
    String table = "table " + spec.describe();
    for (String file : files) {
      Path path = Places.ofUri(file);
      String own = Places.of(path, its);
      if (output.holds(own)) {
        throw output.inside(table, own);
      }
      if (isOfFolder(spec, path) && output.liesIn(Places.of(root(path), its))) {
        throw output.outside(table);
      }
    }
  }

  /** Whether a file is read because of its folder: a query may name it itself. */
  private static boolean isOfFolder(TableSpec spec, Path file) {
    return spec.source() instanceof TableSpec.Named
        || (spec.source() instanceof TableSpec.Query query
            && !query.sql().contains(file.getName()));
  }

  /** The folder of a table's file, above its partitions. */
  private static Path root(Path file) {
    Path folder = file.getParent();
    while (folder.getName().indexOf('=') > 0) {
      folder = folder.getParent();
    }
    return folder;
  }
}
