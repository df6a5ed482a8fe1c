package io.lakeprop.text;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text of any encoding as UTF-8; a file with bytes that are no text of it is refused. */
public final class Utf8Stream extends InputStream {
  private static final int BUFFER = 8192;

  private final InputStream in;
  private final String file;
  private final CharsetDecoder decoder;
  private final ByteBuffer source = ByteBuffer.allocate(BUFFER).flip();
  private final CharBuffer characters = CharBuffer.allocate(BUFFER);
  private boolean isEnded;
  private long line = 1;
  private byte[] bytes = new byte[0];
  private int next;

  /**
   * @param in closed with this
   * @param file for messages, read from its first byte on
   */
  public Utf8Stream(InputStream in, Charset charset, String file) {
    this.in = in;
    this.file = file;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
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

  /**
   * Decodes on.
   *
   * @return false at the end
   * @throws InvalidInput at bytes that are no text, once all before them are given
   */
  private boolean fill() throws IOException {
    while (true) {
      CoderResult result = decoder.decode(source, characters, isEnded);
      if (characters.position() > 0) {
        give();
        return true;
      }
      if (result.isError()) {
        throw new InvalidInput(
            "%s line %d: its bytes are no %s text (options: {encoding: ...} says another)"
                .formatted(file, line, decoder.charset().name()));
      }
      if (isEnded) {
        return false;
      }
      source.compact();
      int count = in.read(source.array(), source.position(), source.remaining());
      isEnded = count < 0;
      source.position(source.position() + Math.max(0, count)).flip();
    }
  }

  private void give() {
    String text = characters.flip().toString();
    line += text.chars().filter(c -> c == '\n').count();
    bytes = text.getBytes(StandardCharsets.UTF_8);
    next = 0;
    characters.clear();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
