package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.io.compress.CompressionCodec;

/**
 * The bytes of a packed file, unpacked. What a codec says of a file that is cut or is none of its
 * own names no file and comes as an error of any kind; failures to read the packed bytes, which a
 * cluster has at times, stay what they are.
 */
final class PackedFile extends InputStream {
  private final String name;
  private final String ending;
  private final Source source;
  private final InputStream unpacked;

  /**
   * @param name for messages
   * @param source the packed bytes, from the first one on
   */
  PackedFile(String name, FSDataInputStream source, CompressionCodec codec) throws IOException {
    this.name = name;
    this.ending = codec.getDefaultExtension();
    this.source = new Source(source);
    // Hadoop's bzip2 looks for its blocks anywhere, and finds none in a text: no row, no word.
    if (ending.equals(".bz2")
        && FileSignature.of(source.readNBytes(FileSignature.BYTES))
            .filter(FileSignature.BZIP2::equals)
            .isEmpty()) {
      throw refused(new IOException("it does not begin as such a file does"));
    }
    source.seek(0);
    this.unpacked = opened(codec);
  }

  private InputStream opened(CompressionCodec codec) throws IOException {
    try {
      return codec.createInputStream(source);
    } catch (IOException | RuntimeException | InternalError e) {
      throw refused(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return unpacked.read(bytes, offset, length);
    } catch (IOException | RuntimeException | InternalError e) {
      throw refused(e);
    }
  }

  private InvalidInput refused(Throwable failure) throws IOException {
    if (source.failed != null) {
      throw source.failed;
    }
    return new InvalidInput(
        "file %s must be whole and packed as its name says, however: %s (a copy that is whole, or a name without %s where it is not packed)"
            .formatted(name, Failures.firstLine(failure), ending),
        failure);
  }

  @Override
  public void close() throws IOException {
    unpacked.close();
  }

  /** The packed bytes, and whether reading these failed. */
  private static final class Source extends FilterInputStream {
    private IOException failed;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        failed = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        failed = e;
        throw e;
      }
    }
  }
}
