package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether a folder is a table and nothing else, so that another may take its place.
 *
 * <p>A table is an empty folder, or has {@code _SUCCESS} or {@code _delta_log}. All else in it must
 * have the names that writers of tables give: a note, a script or a second table in it is
 * somebody's who did not ask for its end.
 */
final class ReplaceableTable {
  /** Writers number their parts with five digits or more, behind m or r in Hadoop's own jobs. */
  private static final Pattern FILE =
      Pattern.compile(
          "_SUCCESS|_metadata|_common_metadata|_(committed|started)_\\d+|"
              + "part-([mr]-)?\\d{5,}([-._].*)?|deletion_vector_.*\\.bin|\\..*\\.crc");

  private static final Pattern PARTITION = Pattern.compile("[^=]+=.*");
  private static final Pattern OF_DELTA = Pattern.compile("_delta_log|_change_data");

  private ReplaceableTable() {}

  /**
   * Refuses a folder that may not be replaced.
   *
   * @param folder that is there
   * @param output what messages call it
   */
  static void check(FileSystem fs, Path folder, Path output) throws IOException {
    if (!fs.getFileStatus(folder).isDirectory()) {
      throw new InvalidInput(
          "output %s must be a new folder or an earlier table, however: it is a file"
              .formatted(output));
    }
    boolean empty = fs.listStatus(folder).length == 0;
    boolean table =
        fs.exists(new Path(folder, "_SUCCESS")) || fs.exists(new Path(folder, "_delta_log"));
    Optional<Path> foreign = foreign(fs, folder);
    if (foreign.isPresent() || !(empty || table)) {
      throw new InvalidInput(
          "output %s must be a new folder or an earlier table and nothing else, however: it holds %s"
              .formatted(
                  output,
                  foreign.map(Path::getName).orElse(fs.listStatus(folder)[0].getPath().getName())));
    }
  }

  /** Something that no writer of tables made. */
  private static Optional<Path> foreign(FileSystem fs, Path folder) throws IOException {
    for (FileStatus status : fs.listStatus(folder)) {
      String name = status.getPath().getName();
      if (Places.isLink(status.getPath())) {
        return Optional.of(status.getPath());
      }
      if (!status.isDirectory()) {
        if (!FILE.matcher(name).matches()) {
          return Optional.of(status.getPath());
        }
      } else if (!OF_DELTA.matcher(name).matches()) {
        Optional<Path> below =
            PARTITION.matcher(name).matches()
                ? foreign(fs, status.getPath())
                : Optional.of(status.getPath());
        if (below.isPresent()) {
          return below;
        }
      }
    }
    return Optional.empty();
  }
}
