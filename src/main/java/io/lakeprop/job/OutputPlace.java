package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.NotReadable;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.TablePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Where a command writes: a run's folder, a table of predictions, a report. What is read may not be
 * in it, since it is replaced, and it may not be in what is read, whose next reader would take its
 * files for rows, nor in the place of what a run or a model has or will have. Places are compared
 * behind all links.
 */
final class OutputPlace {
  private static final String TABLES = "what is read";

  /** Of a run's folder, as far as a pattern could mean them. */
  private static final List<String> OF_RUN =
      List.of(
          RunMark.FILE,
          RunFolder.JOB,
          RoundsLog.FILE,
          RunFolder.REPORT,
          RunFolder.DONE,
          RunLock.FILE,
          RunFolder.MODEL + "/model.json",
          RunFolder.MODEL + "/theta.safetensors",
          RunFolder.MODEL + "/SHA256SUMS");

  /** As Spark names the files of a table. */
  private static final String PART = "part-00000-00000000-0000-4000-8000-000000000000-c000";

  private final Configuration hadoop;
  private final String name;
  private final String kind;
  private final String place;

  /** The place and what will be in it, as far as its names are known. */
  private final List<String> coming;

  /**
   * @param name as messages say it: the option or key, and its value
   * @param kind what it is: a folder or a file
   */
  private OutputPlace(
      Configuration hadoop, String name, String kind, Path output, List<String> files)
      throws IOException {
    this.hadoop = hadoop;
    this.name = name;
    this.kind = kind;
    this.place = Places.of(output, hadoop);
    this.coming =
        Stream.concat(Stream.of(place), files.stream().map(file -> place + "/" + file)).toList();
  }

  /** A run's folder. */
  static OutputPlace ofRun(Configuration hadoop, String output) throws IOException {
    return new OutputPlace(
        hadoop, "output " + output, "folder", HadoopStorage.path(output), OF_RUN);
  }

  /**
   * A table's folder.
   *
   * @param format that Spark writes
   * @param partitionBy columns whose values name folders
   */
  static OutputPlace ofTable(
      Configuration hadoop, String output, String format, List<String> partitionBy)
      throws IOException {
    String ending = format.toLowerCase(Locale.ROOT);
    String folders =
        partitionBy.stream().map(column -> column + "=1/").collect(Collectors.joining());
    String part =
        folders
            + PART
            + switch (ending) {
              case "csv", "json" -> "." + ending;
              case "orc" -> ".snappy.orc";
              default -> ".snappy.parquet";
            };
    return new OutputPlace(
        hadoop, "output " + output, "folder", HadoopStorage.path(output), List.of(part));
  }

  /** A file that {@code --json} names. */
  static OutputPlace ofReport(Configuration hadoop, String file) throws IOException {
    // A colon in a file's own name is no scheme's.
    Path path = file.isBlank() ? HadoopStorage.path(file) : TablePaths.path(file);
    return new OutputPlace(hadoop, "--json " + file, "file", path, List.of());
  }

  /** What lies there is read and written with it, by {@link #path}. */
  Storage storage() {
    return place.startsWith("/") ? new LocalStorage() : new HadoopStorage(hadoop);
  }

  /** Behind all links. */
  String path() {
    return place;
  }

  /** Refuses a job file that lies in the output; what is no file, such as a pipe, does not. */
  void checkJobFile(String file) throws IOException {
    java.nio.file.Path path = java.nio.file.Path.of(file);
    if (Files.isRegularFile(path) && Places.holds(place, path.toRealPath().toString())) {
      throw inside("job file " + file, path.toRealPath().toString());
    }
  }

  /**
   * Refuses a place in a model's folder, and the name or folder of a run's own files, whether they
   * are there yet or not.
   */
  void checkRuns() throws IOException {
    Storage storage = storage();
    Path path = place.startsWith("/") ? new Path(place) : HadoopStorage.path(place);
    for (Path at = path; at.getParent() != null; at = at.getParent()) {
      Path above = at.getParent();
      // Of a root, too: "store:/" and a slash more would be an address.
      String folder = above.toString().replaceFirst("/$", "");
      boolean model;
      try {
        model = ModelFiles.isIn(storage, folder);
      } catch (NotReadable e) {
        if (at.equals(path)) {
          throw e;
        }
        return; // A store may be open to this user below some folder alone.
      }
      if (model
          || (OutputFolder.isOfRun(at.getName()) && RunMark.read(storage, folder).isPresent())) {
        throw outside(
            model ? "models" : "a run's own files and folders",
            model ? above.toString() : "the place of " + at.getName() + " of run " + above);
      }
    }
  }

  /** Refuses a model's folder, or a run's that has one, in the output, and the output in it. */
  void checkModel(String folder) throws IOException {
    checkFolder("model " + folder, Places.of(HadoopStorage.path(folder), hadoop));
  }

  /** Refuses a folder that is read in the output, and the output in it. */
  void checkFolder(String what, String own) {
    if (Places.holds(place, own)) {
      throw inside(what, own);
    }
    if (Places.holds(own, place)) {
      throw outside(what);
    }
  }

  /** The names in a folder that lead to the output and to its files. */
  Set<String> comingIn(Path folder, Configuration its) throws IOException {
    String own = Places.of(folder, its);
    int start = own.endsWith("/") ? own.length() : own.length() + 1;
    Set<String> names = new TreeSet<>();
    for (String file : coming) {
      if (Places.holds(own, file) && file.length() > start) {
        names.add(file.substring(start).split("/", 2)[0]);
      }
    }
    return names;
  }

  /** Whether what is to come lies in a file or folder. */
  boolean isComingIn(String own) {
    return coming.stream().anyMatch(file -> Places.holds(own, file));
  }

  /** Whether the output lies in a folder. */
  boolean liesIn(String folder) {
    return Places.holds(folder, place);
  }

  /** Whether a file lies in the output. */
  boolean holds(String own) {
    return Places.holds(place, own);
  }

  /** A refusal of what lies in the output. */
  InvalidInput inside(String what, String own) {
    return new InvalidInput(
        "%s must be a %s of its own, however: %s (name another %s)"
            .formatted(
                name, kind, own.equals(place) ? "it is " + what : what + " lies in it", kind));
  }

  /** A refusal of the output, which lies in a table. */
  InvalidInput outside(String what) {
    return outside(TABLES, what);
  }

  private InvalidInput outside(String whom, String what) {
    return new InvalidInput(
        "%s must be outside of %s, however: it lies in %s (name another %s)"
            .formatted(name, whom, what, kind));
  }
}
