package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.LakeTable;
import io.lakeprop.spark.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.LocalFileSystem;
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
    this.place = place(new Path(output));
  }

  /** Refuses a job file that lies in the output; what is no file, such as a pipe, does not. */
  void checkJobFile(String file) throws IOException {
    java.nio.file.Path path = java.nio.file.Path.of(file);
    if (Files.isRegularFile(path) && isIn(real(path), place)) {
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
        checkFolder(sample.path(), place(new Path(sample.path())));
      } else {
        checkFiles(session, spec);
      }
    }
  }

  private void checkPath(String path) throws IOException {
    FileStatus[] found;
    try {
      Path glob = new Path(path);
      if (matches(glob)) {
        throw outside(path);
      }
      found = glob.getFileSystem(hadoop).globStatus(glob);
    } catch (IOException | IllegalArgumentException e) {
      if (e instanceof InvalidInput refusal) {
        throw refusal;
      }
      return; // Whoever opens the table says what is wrong with its path.
    }
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      String own = place(status.getPath());
      if (status.isDirectory()) {
        checkFolder(path, own);
      } else if (isIn(own, place)) {
        throw inside("table " + path);
      }
    }
  }

  private void checkFolder(String path, String own) {
    if (isIn(own, place)) {
      throw inside("table " + path);
    }
    if (isIn(place, own)) {
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
      if (isIn(place(new Path(java.net.URI.create(file))), place)) {
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

  /** A path as text that is equal where the place is. */
  private String place(Path path) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    Path whole = fs.makeQualified(path);
    return fs instanceof LocalFileSystem
        ? real(java.nio.file.Path.of(whole.toUri().getPath()))
        : whole.toUri().normalize().toString();
  }

  /** Behind all links, also of a file that is not there yet. */
  private static String real(java.nio.file.Path path) throws IOException {
    java.nio.file.Path there = path.toAbsolutePath().normalize();
    java.nio.file.Path rest = java.nio.file.Path.of("");
    while (!Files.exists(there)) {
      rest = there.getFileName().resolve(rest);
      there = there.getParent();
    }
    return there.toRealPath().resolve(rest).normalize().toString();
  }

  private static boolean isIn(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }
}
