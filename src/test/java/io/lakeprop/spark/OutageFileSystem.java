package io.lakeprop.spark;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Hadoop's local file system in an {@link Outage}. What is written is in the file at once, and
 * folders are deleted file by file, the last name first.
 */
public final class OutageFileSystem extends RawLocalFileSystem {
  private Outage outage() {
    return Outage.of(getConf());
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return outage().step("open " + path, () -> super.open(path, bufferSize));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return outage()
        .step(
            "create " + path,
            () ->
                wrapped(
                    path,
                    super.create(path, overwrite, bufferSize, replication, blockSize, progress)));
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
    return create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  private FSDataOutputStream wrapped(Path path, FSDataOutputStream out) throws IOException {
    return new FSDataOutputStream(new Stepping(outage(), path.toString(), out), null);
  }

  /** Would start a process for each file. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return outage().step("rename " + from, () -> super.rename(from, to));
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    if (outage()
        .step(
            "delete " + path,
            () -> super.exists(path) && super.getFileStatus(path).isDirectory())) {
      FileStatus[] files = listStatus(path);
      java.util.Arrays.sort(files, java.util.Comparator.reverseOrder());
      for (FileStatus file : files) {
        delete(file.getPath(), recursive);
      }
    }
    return outage().step("delete " + path, () -> super.delete(path, false));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return outage().step("list " + path, () -> super.listStatus(path));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return outage().step("look at " + path, () -> super.getFileStatus(path));
  }

  /** A stream without a buffer. */
  private static final class Stepping extends FilterOutputStream
      implements Syncable, StreamCapabilities {
    private final Outage outage;
    private final String path;
    private final FSDataOutputStream to;

    Stepping(Outage outage, String path, FSDataOutputStream to) {
      super(to);
      this.outage = outage;
      this.path = path;
      this.to = to;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      try {
        outage.write(
            path,
            length,
            bytes -> {
              to.write(from, offset, bytes);
              to.flush();
            });
      } catch (IOException e) {
        throw asTheFileSystemDoes(e);
      }
    }

    private static FSError asTheFileSystemDoes(IOException e) {
      try {
        Constructor<FSError> constructor = FSError.class.getDeclaredConstructor(Throwable.class);
        constructor.setAccessible(true);
        return constructor.newInstance(e);
      } catch (ReflectiveOperationException missing) {
        throw new LinkageError("Hadoop has another FSError", missing);
      }
    }

    @Override
    public void close() throws IOException {
      outage.step("close " + path, () -> closed());
    }

    private Void closed() throws IOException {
      to.close();
      return null;
    }

    @Override
    public void hflush() throws IOException {
      to.hflush();
    }

    @Override
    public void hsync() throws IOException {
      // Nothing in a test outlives the machine.
      outage.step("sync " + path, () -> null);
    }

    @Override
    public boolean hasCapability(String capability) {
      return to.hasCapability(capability);
    }
  }
}
