package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.text.CsvDialect;
import io.lakeprop.text.CsvRecords;
import io.lakeprop.text.Utf8Stream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Opens chunks of CSV files, packed or not, and sees to it that a file is still the listed one. */
final class CsvFile {
  private CsvFile() {}

  /** Whether a file can be read from the middle on. */
  static boolean splits(String path, CsvDialect dialect, Configuration hadoop) {
    return dialect.splits() && new CompressionCodecFactory(hadoop).getCodec(new Path(path)) == null;
  }

  /**
   * The records of a chunk.
   *
   * @throws InvalidInput when the file has changed since it was listed
   */
  static CsvRecords open(CsvChunk chunk, CsvDialect dialect, Configuration hadoop)
      throws IOException {
    InputStream bytes =
        stream(chunk.path, chunk.length, chunk.modified, Math.max(0, chunk.start - 1), hadoop);
    boolean ascii = dialect.isAscii();
    return new CsvRecords(
        ascii ? bytes : new Utf8Stream(bytes, dialect.charset(), chunk.path),
        ascii ? dialect : dialect.inUtf8(),
        chunk.start,
        chunk.end,
        chunk.before);
  }

  /** The first bytes of a file as they are stored, fewer where it is shorter. */
  static byte[] start(String file, int bytes, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    try (InputStream in = HadoopStorage.toRead(path, hadoop).open(path)) {
      return in.readNBytes(bytes);
    }
  }

  private static FileStatus status(FileSystem fs, Path path) throws IOException {
    try {
      return fs.getFileStatus(path);
    } catch (FileNotFoundException e) {
      throw new InvalidInput(
          "file %s must stay while the table is read, however: it is gone".formatted(path), e);
    }
  }

  /**
   * The bytes of a file, unpacked.
   *
   * @param length as it was listed, in bytes
   * @param modified as it was listed
   * @param from offset of the first byte
   * @throws InvalidInput when the file has changed since it was listed; and the stream throws it
   *     where the file is not packed as its name says, or ends too early
   */
  static InputStream stream(
      String name, long length, long modified, long from, Configuration hadoop) throws IOException {
    Path path = new Path(name);
    FileSystem fs = HadoopStorage.toRead(path, hadoop);
    FileStatus now = status(fs, path);
    if (now.getLen() != length || now.getModificationTime() != modified) {
      throw new InvalidInput(
          "file %s must stay as it is while the table is read, however: it had %d bytes, and was written again (%d bytes now)"
              .formatted(name, length, now.getLen()));
    }
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    FSDataInputStream file = fs.open(path);
    boolean opened = false;
    try {
      if (from > 0) {
        file.seek(from);
      }
      InputStream stream = codec == null ? file : new PackedFile(name, file, codec);
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }
}
