package io.lakeprop.spark;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code store:///folder/...}: a local folder as an object store would have it, in an {@link
 * Outage}. A file is there once its stream is closed, with what was written until then, even when a
 * write had failed. There is no appending and no reaching the disk before the end. A folder is
 * there as long as a file is below it. What is done to a folder is done file by file; a rename is a
 * copy and a deletion; a file that must be new is looked for when its stream is opened.
 */
public final class StoreFileSystem extends FileSystem {
  private static final URI ROOT = URI.create("store:///");

  private final RawLocalFileSystem files = new RawLocalFileSystem();

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    files.initialize(URI.create("file:///"), configuration);
  }

  private Outage outage() {
    return Outage.of(getConf());
  }

  private static java.nio.file.Path file(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  @Override
  public String getScheme() {
    return ROOT.getScheme();
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return outage().step("open " + path, () -> files.open(local(path), bufferSize));
  }

  private static Path local(Path path) {
    return new Path("file", null, path.toUri().getPath());
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return outage()
        .step(
            "create " + path,
            () -> {
              if (!overwrite && Files.exists(file(path))) {
                throw new FileAlreadyExistsException(path.toString());
              }
              return new FSDataOutputStream(new Upload(outage(), path), null);
            });
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("a store cannot append");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (isFolder(from)) {
      for (java.nio.file.Path below : below(from)) {
        String name = file(from).relativize(below).toString();
        move(new Path(from, name), new Path(to, name));
      }
    } else {
      move(from, to);
    }
    return true;
  }

  private void move(Path from, Path to) throws IOException {
    try (OutputStream out = create(to, true)) {
      out.write(Files.readAllBytes(file(from)));
    }
    delete(from, false);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    boolean there = outage().step("look for " + path, () -> Files.exists(file(path)));
    if (there) {
      if (isFolder(path) && !recursive) {
        throw new PathIsNotEmptyDirectoryException(path.toString());
      }
      for (java.nio.file.Path below : isFolder(path) ? below(path) : List.of(file(path))) {
        outage().step("delete " + below, () -> remove(below));
      }
    }
    return there;
  }

  /** Also the folders that are not there any more. */
  private static Void remove(java.nio.file.Path file) throws IOException {
    Files.delete(file);
    java.nio.file.Path folder = file.getParent();
    while (isEmpty(folder)) {
      Files.delete(folder);
      folder = folder.getParent();
    }
    return null;
  }

  private static boolean isEmpty(java.nio.file.Path folder) throws IOException {
    try (Stream<java.nio.file.Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(file(path));
  }

  private static List<java.nio.file.Path> below(Path folder) throws IOException {
    try (Stream<java.nio.file.Path> all = Files.walk(file(folder))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus[] statuses = outage().step("list " + path, () -> files.listStatus(local(path)));
    for (FileStatus status : statuses) {
      status.setPath(new Path(ROOT.getScheme(), null, status.getPath().toUri().getPath()));
    }
    Arrays.sort(statuses);
    return statuses;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return outage()
        .step(
            "look at " + path,
            () -> {
              if (!Files.exists(file(path))) {
                throw new FileNotFoundException(path.toString());
              }
              return new FileStatus(
                  Files.size(file(path)), isFolder(path), 1, 1, 0, makeQualified(path));
            });
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    return true; // There are no folders.
  }

  @Override
  public void setWorkingDirectory(Path folder) {
    throw new UnsupportedOperationException("a store has no working folder");
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(ROOT);
  }

  /** Keeps what is written until it is closed. */
  private static final class Upload extends OutputStream {
    private final Outage outage;
    private final Path path;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean closed;

    Upload(Outage outage, Path path) {
      this.outage = outage;
      this.path = path;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      outage.write(path.toString(), length, bytes -> kept.write(from, offset, bytes));
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        outage.step("close " + path, this::store);
        closed = true;
      }
    }

    private Void store() throws IOException {
      Files.createDirectories(file(path).getParent());
      Files.write(file(path), kept.toByteArray());
      return null;
    }
  }
}
