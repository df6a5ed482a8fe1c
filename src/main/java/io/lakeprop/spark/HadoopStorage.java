package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.NotReadable;
import io.lakeprop.model.Storage;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;

/** Files wherever Hadoop's FileSystem reaches: local, HDFS, object stores. */
public final class HadoopStorage implements Storage {
  private final Configuration configuration;

  public HadoopStorage(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * A path as a person wrote it.
   *
   * @throws InvalidInput when it names nothing, or Hadoop takes the start of a name for a scheme
   */
  public static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput(
          text.isBlank()
              ? "a path must name a file or folder, however: it is empty"
              : "a path must have no colon in its first name but behind a scheme, however: %s (./%s is the name in this folder)"
                  .formatted(text, text),
          e);
    }
  }

  /** The file system of a path; the local one without its hidden checksum files. */
  private FileSystem of(Path path) throws IOException {
    return unsummed(system(path, configuration));
  }

  /**
   * The file system of a path.
   *
   * @throws InvalidInput when there is none of its scheme
   */
  public static FileSystem system(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (UnsupportedFileSystemException e) {
      throw new InvalidInput(
          "path %s must have a scheme that there is a file system for, however: %s"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  /** A file system; of the local one the files alone, without the sums that Hadoop hides. */
  private static FileSystem unsummed(FileSystem fs) {
    return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
  }

  /**
   * The file system to read a file of a table from. Hadoop cannot name the file of sums of a name
   * with a colon, which is therefore read as it is.
   */
  static FileSystem toRead(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    return path.getName().indexOf(':') < 0 ? fs : unsummed(fs);
  }

  @Override
  public byte[] read(String path) throws IOException {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    Path file = path(path);
    FileSystem fs = of(file);
    // Hadoop takes a pipe for a file: opening it would wait for a writer, perhaps for ever.
    if (fs instanceof RawLocalFileSystem local && isOddOne(local.pathToFile(file))) {
      throw Storage.notAFile(path);
    }
    try {
      return new Read(path, fs.open(file));
    } catch (FileNotFoundException e) {
      // The JDK says so of whatever it cannot open, be it there or not.
      if (fs instanceof RawLocalFileSystem local) {
        File there = local.pathToFile(file);
        if (LocalStorage.isThere(there.toPath())) {
          throw there.canRead() ? unread(path, e) : new NotReadable(path, e);
        }
      }
      throw e;
    } catch (IOException e) {
      throw unread(path, e);
    }
  }

  /** A failure that says nothing of the file's bytes. */
  private static IOException unread(String path, Throwable failure) {
    return isDenied(failure) ? new NotReadable(path, failure) : failed("reading " + path, failure);
  }

  private static boolean isDenied(Throwable failure) {
    return failure instanceof AccessDeniedException || failure instanceof AccessControlException;
  }

  /** A stream whose failures name the file, and are none of the JVM's kind. */
  private static final class Read extends FilterInputStream {
    private final String path;

    Read(String path, InputStream in) {
      super(in);
      this.path = path;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return in.read(into, offset, length);
      } catch (IOException | FSError e) {
        throw unread(path, e);
      }
    }
  }

  private static boolean isOddOne(File file) {
    return file.exists() && !file.isFile();
  }

  @Override
  public boolean createNew(String path, byte[] bytes) throws IOException {
    Path file = path(path);
    try (FSDataOutputStream out = of(file).create(file, false)) {
      out.write(bytes);
      return true;
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
      return false;
    } catch (IOException | FSError e) {
      if (isBeingCreated(e)) {
        return false;
      }
      throw unwritten(path, e);
    }
  }

  /** HDFS's words for a file that is there and that its writer has open, or died with. */
  private static boolean isBeingCreated(Throwable failure) {
    return failure instanceof RemoteException remote
        && remote.getClassName().endsWith(".AlreadyBeingCreatedException");
  }

  @Override
  public void write(String path, Content content) throws IOException {
    Path file = path(path);
    FileSystem fs = of(file);
    if (fs instanceof RawLocalFileSystem local && isOddOne(local.pathToFile(file))) {
      // Hadoop would change the rights of a pipe or a device, and cannot force it onto a disk.
      writeAsItIs(path, local.pathToFile(file), content);
      return;
    }
    try (FSDataOutputStream out = fs.create(file, true)) {
      content.write(out);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    } catch (IOException | FSError e) {
      throw unwritten(path, e);
    }
  }

  private static void writeAsItIs(String path, File file, Content content) throws IOException {
    try {
      new LocalStorage().write(file.getPath(), content);
    } catch (IOException e) {
      throw unwritten(path, e);
    }
  }

  private static IOException unwritten(String path, Throwable failure) {
    return failed("writing " + path, failure);
  }

  /**
   * A failure that names the file. Hadoop's local file system says of a full disk that it is an
   * error of the JVM's kind, which nobody would handle.
   */
  private static IOException failed(String doing, Throwable failure) {
    Throwable reason = failure instanceof FSError ? failure.getCause() : failure;
    return new IOException(doing + ": " + Failures.firstLine(reason), failure);
  }

  @Override
  public boolean showsClosedFilesOnly(String path) throws IOException {
    Path file = path(path);
    return !of(file).hasPathCapability(file, CommonPathCapabilities.FS_APPEND);
  }

  @Override
  public OutputStream create(String path) throws IOException {
    Path file = path(path);
    return new Named(path, of(file).create(file, true));
  }

  /** A stream whose failures name the file, and whose flushed bytes others see. */
  private static final class Named extends FilterOutputStream {
    private final String path;
    private final FSDataOutputStream file;

    Named(String path, FSDataOutputStream file) {
      super(file);
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      try {
        out.write(from, offset, length);
      } catch (IOException | FSError e) {
        throw unwritten(path, e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        if (file.hasCapability(StreamCapabilities.HSYNC)) {
          file.hflush(); // HDFS keeps in the process what is only flushed.
        } else {
          file.flush();
        }
      } catch (IOException | FSError e) {
        throw unwritten(path, e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } catch (IOException | FSError e) {
        throw unwritten(path, e);
      }
    }
  }

  @Override
  public boolean exists(String path) throws IOException {
    Path file = path(path);
    FileSystem fs = of(file);
    try {
      // The local one says no of what it may not look at, too.
      return fs.exists(file)
          || (fs instanceof RawLocalFileSystem local
              && LocalStorage.isThere(local.pathToFile(file).toPath()));
    } catch (AccessDeniedException | AccessControlException e) {
      throw new NotReadable(path, e);
    }
  }

  @Override
  public List<String> list(String folder) throws IOException {
    Path path = path(folder);
    FileSystem fs = of(path);
    try {
      FileStatus[] all = fs.listStatus(path);
      if (all.length == 0 && fs instanceof RawLocalFileSystem local) {
        // What may be listed but not entered is empty, says Hadoop.
        return new LocalStorage().list(local.pathToFile(path).toString());
      }
      return Arrays.stream(all).map(status -> status.getPath().getName()).sorted().toList();
    } catch (AccessDeniedException | AccessControlException e) {
      throw new NotReadable(folder, e);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path source = path(from);
    FileSystem fs = of(source);
    if (fs.exists(path(to))) {
      throw new IOException(to + " is already there");
    }
    if (!fs.rename(source, path(to))) {
      throw new IOException("renaming " + from + " to " + to + " failed");
    }
  }

  @Override
  public void deleteFile(String path) throws IOException {
    delete(path, false);
  }

  @Override
  public void delete(String path) throws IOException {
    delete(path, true);
  }

  private void delete(String path, boolean withAllBelow) throws IOException {
    Path file = path(path);
    FileSystem fs = of(file);
    try {
      if (!fs.delete(file, withAllBelow) && exists(path)) {
        throw new IOException("deleting " + path + " failed");
      }
    } catch (FileNotFoundException e) {
      // Some file systems say so instead of returning false; nothing is there, as wanted.
    }
  }
}
