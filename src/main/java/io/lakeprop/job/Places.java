package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where paths lead, whatever they are written like: relative, through links, with a scheme. */
final class Places {
  private Places() {}

  /** A set-up by which paths without a scheme are those of the local disk. */
  static Configuration local() {
    Configuration hadoop = new Configuration();
    hadoop.set(CommonConfigurationKeysPublic.FS_DEFAULT_NAME_KEY, "file:///");
    return hadoop;
  }

  /** A path with its file system and all folders above it. */
  static Path absolute(String path, Configuration hadoop) throws IOException {
    Path given = HadoopStorage.path(path);
    return HadoopStorage.system(given, hadoop).makeQualified(given);
  }

  /**
   * The place behind a link, which stays as it is when the place is given something new.
   *
   * @param path absolute
   * @throws InvalidInput when the link leads nowhere
   */
  static Path behindLink(Path path) {
    if (!isLink(path)) {
      return path;
    }
    java.nio.file.Path link = java.nio.file.Path.of(path.toUri().getPath());
    if (!Files.exists(link)) {
      throw new InvalidInput(
          "output %s must be a new folder or an earlier one, however: it is a link to what is not there (make the folder, or name it itself)"
              .formatted(path));
    }
    return new Path(path.toUri().getScheme(), path.toUri().getAuthority(), real(link).toString());
  }

  /** Whether a path is a link of the local disk. */
  static boolean isLink(Path path) {
    return isLocal(path) && Files.isSymbolicLink(java.nio.file.Path.of(path.toUri().getPath()));
  }

  /** Whether a path is one of the local disk. */
  static boolean isLocal(Path path) {
    String scheme = path.toUri().getScheme();
    return scheme == null || scheme.equals("file");
  }

  /** A file as Spark lists it: as a URI, or as it is where a format does not care. */
  static Path ofUri(String file) {
    try {
      return new Path(URI.create(file));
    } catch (IllegalArgumentException e) {
      return new Path(file);
    }
  }

  /** One text for each place, so that places that hold each other begin alike. */
  static String of(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = HadoopStorage.system(path, hadoop);
    Path whole = fs.makeQualified(path);
    // Not as a URI: it is read as a path again, which would quote its signs of per cent once more.
    return "file".equals(whole.toUri().getScheme())
        ? real(java.nio.file.Path.of(whole.toUri().getPath())).toString()
        : whole.toString();
  }

  /** Links are followed as far as there are files. */
  private static java.nio.file.Path real(java.nio.file.Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      java.nio.file.Path parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }

  /** Whether the second place is the first or below it. */
  static boolean holds(String folder, String place) {
    return place.equals(folder) || place.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }
}
