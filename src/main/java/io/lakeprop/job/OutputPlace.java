package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.LakeTable;
import io.lakeprop.spark.TablePaths;
import io.lakeprop.spark.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Where a run's folder lies. The job file and the tables may not be in it, since a run replaces
 * what it finds there, and it may not be in a table, whose next reader would take its files for
 * rows. Places are compared behind all links.
 */
final class OutputPlace {
  private final Configuration hadoop;
  private final String output;
  private final String place;

  OutputPlace(Configuration hadoop, String output) throws IOException {
    this.hadoop = hadoop;
    this.output = output;
    this.place = Places.of(HadoopStorage.path(output), hadoop);
  }

  /** Refuses a job file that lies in the output; what is no file, such as a pipe, does not. */
  void checkJobFile(String file) throws IOException {
    java.nio.file.Path path = java.nio.file.Path.of(file);
    if (Files.isRegularFile(path) && Places.holds(place, path.toRealPath().toString())) {
      throw inside("job file " + file);
    }
  }

  /** Refuses tables in the output, and an output in a table. */
  void checkTables(SparkSession session, TrainingData.Request tables) throws IOException {
    List<TableSpec> specs = new ArrayList<>(List.of(tables.train()));
    Stream.of(tables.validation(), tables.test()).forEach(spec -> spec.ifPresent(specs::add));
    for (TableSpec spec : specs) {
      if (spec.source() instanceof TableSpec.Files files) {
        for (String path : files.paths()) {
          checkPath(path);
        }
      } else if (spec.source() instanceof TableSpec.Sample sample) {
        checkFolder(sample.path(), Places.of(new Path(sample.path()), hadoop));
      } else {
        checkFiles(session, spec);
      }
    }
  }

  private void checkPath(String path) throws IOException {
    List<FileStatus> found;
    try {
      found = TablePaths.named(path, hadoop);
    } catch (InvalidInput e) {
      return; // Whoever opens the table says what is wrong with its path.
    }
    if (!isItself(path, found) && matches(TablePaths.path(path))) {
      throw outside(path);
    }
    for (FileStatus status : found) {
      String own = Places.of(status.getPath(), hadoop);
      if (status.isDirectory()) {
        checkFolder(path, own);
      } else if (Places.holds(place, own)) {
        throw inside("table " + path);
      }
    }
  }

  /** Whether a path names what is there under its own characters, and is no pattern. */
  private boolean isItself(String path, List<FileStatus> found) throws IOException {
    return found.size() == 1
        && Places.of(found.get(0).getPath(), hadoop)
            .equals(Places.of(TablePaths.path(path), hadoop));
  }

  private void checkFolder(String path, String own) {
    if (Places.holds(place, own)) {
      throw inside("table " + path);
    }
    if (Places.holds(own, place)) {
      throw outside(path);
    }
  }

  /** Whether the output, once it is there, or a folder around it is among a pattern's files. */
  private boolean matches(Path glob) throws IOException {
    if (!glob.toString().matches(".*[*?\\[{].*") || glob.toString().matches(".*\\{[^}]*/.*")) {
      return false;
    }
    List<String> pattern = names(glob.getFileSystem(hadoop).makeQualified(glob));
    Path out = new Path(output);
    List<String> names = names(out.getFileSystem(hadoop).makeQualified(out));
    if (names.size() < pattern.size()) {
      return false;
    }
    for (int i = 0; i < pattern.size(); i++) {
      if (!new GlobPattern(pattern.get(i)).matches(names.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> names(Path path) {
    List<String> names = new ArrayList<>();
    for (Path at = path; at.getParent() != null; at = at.getParent()) {
      names.add(at.getName());
    }
    names.add(path.toUri().getScheme() + path.toUri().getAuthority());
    Collections.reverse(names);
    return names;
  }

  /** Of a table whose files only Spark knows: a catalog's, or a query's. */
  private void checkFiles(SparkSession session, TableSpec spec) throws IOException {
    String[] files;
    try {
      files = LakeTable.open(session, spec).inputFiles();
    } catch (RuntimeException e) {
      return; // Whoever opens the table to read it says what is wrong.
    }
    for (String file : files) {
      if (Places.holds(place, Places.of(Places.ofUri(file), hadoop))) {
        throw inside("table " + spec.describe());
      }
    }
  }

  private InvalidInput inside(String what) {
    return new InvalidInput(
        "output %s must be a folder of the run's own, however: %s lies in it (name another folder)"
            .formatted(output, what));
  }

  private InvalidInput outside(String table) {
    return new InvalidInput(
        "output %s must be outside of the tables, however: it lies in table %s (name another folder)"
            .formatted(output, table));
  }
}
