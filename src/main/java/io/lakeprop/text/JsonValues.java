package io.lakeprop.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The values of a JSON text one after another: each value at the top, and in place of an array at
 * the top each of its elements. Only where a value begins and ends is found; what is in an object
 * is its parser's matter. The bytes are UTF-8.
 */
public final class JsonValues implements AutoCloseable {
  /** The problem of marks that belong to no value, such as a comma behind an object. */
  public static final String STRAY = "a mark without a value";

  /** What the problem of a value ends with that its line leaves open. */
  public static final String ON_ITS_LINE = " on its line";

  /** What the problem of a value begins with that is too long to be held. */
  public static final String TOO_LONG = "a value of more than ";

  private static final int LONGEST = 1 << 28;

  /** Bytes of a value that is too long that are shown. */
  private static final int SHOWN = 1 << 10;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** Where the reader stands in an array at the top. */
  private enum Place {
    OUTSIDE,
    AT_FIRST,
    BEHIND_COMMA,
    BEHIND_VALUE
  }

  private final InputStream in;
  private final boolean lines;
  private final JsonSyntax syntax;

  /** Whether a line's end ends a text. */
  private final boolean endsTexts;

  private final long end;
  private final int longest;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;
  private long position;
  private Place place = Place.OUTSIDE;
  private long arrayAt;
  private byte[] value = new byte[SHOWN];
  private int length;
  private long offset;
  private String text = "";
  private String problem = "";
  private boolean ended;
  private boolean isTooLong;

  /**
   * Values of a file, or of those of its lines that begin in a range of its bytes.
   *
   * @param in from the byte before {@code start} on, or from the file's first byte
   * @param lines whether a line's end ends whatever is open
   * @param start offset of the range
   * @param end offset behind the range
   */
  public JsonValues(InputStream in, boolean lines, long start, long end, JsonSyntax syntax)
      throws IOException {
    this(in, lines, start, end, syntax, LONGEST);
  }

  /**
   * The same with values of other lengths.
   *
   * @param longest bytes of a value, at most; from 1,024
   */
  JsonValues(InputStream in, boolean lines, long start, long end, JsonSyntax syntax, int longest)
      throws IOException {
    this.longest = longest;
    this.syntax = syntax;
    this.endsTexts = lines || !syntax.has(JsonSyntax.Liberty.CONTROL_CHARACTERS);
    this.in = in;
    this.lines = lines;
    this.end = end;
    this.position = Math.max(0, start - 1);
    if (start == 0) {
      skipByteOrderMark();
    } else {
      for (int c = read(); c >= 0 && c != '\n'; c = read()) {
        // The line belongs to the range before.
      }
      ended = position >= end;
    }
  }

  /**
   * Whether values go over several lines: the first line of a text leaves an array or object open.
   *
   * @param start the first bytes; an array whose line does not end in them counts as one over lines
   */
  public static boolean isOverLines(byte[] start, JsonSyntax syntax) {
    int depth = 0;
    int quote = 0;
    boolean isArray = false;
    boolean any = false;
    int first = Arrays.mismatch(start, BYTE_ORDER_MARK) == 3 ? 3 : 0;
    for (int i = first; i < start.length; i++) {
      int c = start[i];
      if (c == '\n' && any) {
        return depth > 0;
      }
      isArray |= !any && c == '[';
      any |= !isBlank(c);
      if (quote != 0) {
        i += c == '\\' ? 1 : 0;
        quote = c == quote ? 0 : quote;
      } else {
        quote = syntax.isQuote(c) ? c : 0;
        depth += opens(c) ? 1 : closes(c) ? -1 : 0;
      }
    }
    return isArray && depth > 0;
  }

  /** Goes to the next value; false when there is none. */
  public boolean next() throws IOException {
    while (!ended) {
      int c = peek();
      if (c < 0 || (c == '\n' && lines)) {
        if (place != Place.OUTSIDE) {
          return openArray();
        }
        read();
        ended = c < 0 || position >= end;
      } else if (isBlank(c)) {
        read();
      } else if (c == '[' && place == Place.OUTSIDE) {
        arrayAt = position;
        place = Place.AT_FIRST;
        read();
      } else if (c == ',' && place == Place.BEHIND_VALUE) {
        place = Place.BEHIND_COMMA;
        read();
      } else if (c == ']' && (place == Place.AT_FIRST || place == Place.BEHIND_VALUE)) {
        place = Place.OUTSIDE;
        read();
      } else {
        take(c);
        return true;
      }
    }
    return false;
  }

  private boolean openArray() throws IOException {
    place = Place.OUTSIDE;
    offset = arrayAt;
    text = "[";
    problem = "an array that is never closed" + (peek() < 0 ? "" : ON_ITS_LINE);
    return true;
  }

  /** Takes what begins with a byte. */
  private void take(int first) throws IOException {
    offset = position;
    length = 0;
    if (first == ',' || first == ':' || closes(first)) {
      append(read());
      place = first == ']' ? Place.OUTSIDE : place;
      text = String.valueOf((char) first);
      problem = STRAY;
      return;
    }
    boolean closed = opens(first) ? takeNested() : takeWord();
    problem =
        isTooLong ? tooLong() : decoded() ? problem(first, closed) : "bytes that are no UTF-8";
    place = place == Place.OUTSIDE || !closed ? Place.OUTSIDE : Place.BEHIND_VALUE;
  }

  private String tooLong() {
    text = new String(value, 0, SHOWN, StandardCharsets.UTF_8);
    value = new byte[SHOWN];
    isTooLong = false;
    return "%s%,d bytes".formatted(TOO_LONG, longest);
  }

  private String problem(int first, boolean closed) throws IOException {
    if (first != '{') {
      return "no object";
    }
    return !closed
        ? "an object that is never closed" + (peek() < 0 ? "" : ON_ITS_LINE)
        : place == Place.BEHIND_VALUE ? "no comma before it" : "";
  }

  /** An object or array to its end; false where there is none. */
  private boolean takeNested() throws IOException {
    int depth = 0;
    do {
      int c = peek();
      if (c < 0 || (c == '\n' && lines)) {
        return false;
      }
      append(read());
      if (syntax.isQuote(c)) {
        takeText(c);
      } else {
        depth += opens(c) ? 1 : closes(c) ? -1 : 0;
      }
    } while (depth > 0);
    return true;
  }

  /** A text behind its first quote; by the standard it has no end of a line in it. */
  private void takeText(int quote) throws IOException {
    for (int c = peek(); isInText(c); c = peek()) {
      append(read());
      if (c == quote) {
        return;
      }
      if (c == '\\' && isInText(peek())) {
        append(read());
      }
    }
  }

  private boolean isInText(int c) {
    return c >= 0 && (c != '\n' || !endsTexts);
  }

  /** A number, a text, true, false, null, or what is no JSON. */
  private boolean takeWord() throws IOException {
    for (int c = peek(); c >= 0 && !isBlank(c) && c != ',' && !opens(c) && !closes(c); c = peek()) {
      append(read());
      if (syntax.isQuote(c)) {
        takeText(c);
      }
    }
    return true;
  }

  private boolean decoded() {
    try {
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, 0, length)).toString();
      return true;
    } catch (CharacterCodingException e) {
      text = new String(value, 0, length, StandardCharsets.UTF_8);
      return false;
    }
  }

  /** The value as it is written. */
  public String text() {
    return text;
  }

  /** Offset of the value's first byte in the file. */
  public long offset() {
    return offset;
  }

  /** What the value is in place of an object; empty where it may be one. */
  public String problem() {
    return problem;
  }

  private static boolean opens(int c) {
    return c == '{' || c == '[';
  }

  private static boolean closes(int c) {
    return c == '}' || c == ']';
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private void skipByteOrderMark() throws IOException {
    peek();
    while (filled < BYTE_ORDER_MARK.length) {
      int count = in.read(buffer, filled, buffer.length - filled);
      if (count < 0) {
        return;
      }
      filled += count;
    }
    boolean marked = Arrays.equals(buffer, 0, 3, BYTE_ORDER_MARK, 0, 3);
    at = marked ? 3 : 0;
    position = at;
  }

  private void append(int c) {
    if (length == longest) {
      isTooLong = true;
      return;
    }
    if (length == value.length) {
      value = Arrays.copyOf(value, Math.min(longest, 2 * length));
    }
    value[length++] = (byte) c;
  }

  private int read() throws IOException {
    int c = peek();
    at += c < 0 ? 0 : 1;
    position += c < 0 ? 0 : 1;
    return c;
  }

  /** The next byte; -1 at the end. */
  private int peek() throws IOException {
    if (at == filled) {
      filled = Math.max(0, in.read(buffer, 0, buffer.length));
      at = 0;
      if (filled == 0) {
        return -1;
      }
    }
    return buffer[at] & 0xFF;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
