package io.lakeprop.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text of any encoding as UTF-8; bytes that are no text of it end in an error. */
public final class Utf8Stream extends InputStream {
  private final Reader reader;
  private final char[] characters = new char[8192];
  private byte[] bytes = new byte[0];
  private int next;

  /**
   * @param in closed with this
   */
  public Utf8Stream(InputStream in, Charset charset) {
    this.reader =
        new InputStreamReader(
            in,
            charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  @Override
  public int read() throws IOException {
    return next < bytes.length || fill() ? bytes[next++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (next == bytes.length && !fill()) {
      return -1;
    }
    int count = Math.min(length, bytes.length - next);
    System.arraycopy(bytes, next, into, offset, count);
    next += count;
    return count;
  }

  private boolean fill() throws IOException {
    int count = reader.read(characters, 0, characters.length - 1);
    if (count < 0) {
      return false;
    }
    if (Character.isHighSurrogate(characters[count - 1])) {
      int low = reader.read();
      if (low >= 0) {
        characters[count++] = (char) low;
      }
    }
    bytes = new String(characters, 0, count).getBytes(StandardCharsets.UTF_8);
    next = 0;
    return true;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
