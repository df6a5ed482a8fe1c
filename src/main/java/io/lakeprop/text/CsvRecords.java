package io.lakeprop.text;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records of a chunk of a CSV file, one after the other: those that begin inside it, the last
 * of them to its end.
 *
 * <p>Lines without a byte and comments are no records. A field without quotes and without a
 * character is null. A quote that opens a field must be closed; one in the middle of a field is an
 * ordinary character.
 */
public final class CsvRecords implements Closeable {
  private static final int BUFFER = 1 << 16;

  /** Bytes of a record; more are a quote that was never closed. */
  private static final int LONGEST_RECORD = 1 << 26;

  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final CsvDialect dialect;
  private final byte[] separator;
  private final Charset charset;
  private final CharsetDecoder decoder;
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int filled;

  /** The offset in the file of the next byte. */
  private long position;

  private final long end;
  private CsvState state;
  private CsvState stateAtEnd;
  private long linesAtEnd;
  private byte firstByte;

  /** Whether the rest of a record that began before the chunk is still to be passed over. */
  private boolean isInRecord;

  private long lines;
  private long line;

  private byte[] cell = new byte[256];
  private int cellLength;

  /** Bytes of the cell that stood in quotes. */
  private int quotedLength;

  private boolean cellQuoted;
  private final List<String> fields = new ArrayList<>();
  private long recordBytes;
  private String problem = "";

  /** Whether a quote inside quotes has a backslash before it, which escapes nothing here. */
  private boolean backslashed;

  /** Fields of the record that begin with blanks and a quote, which is a part of them then. */
  private int blankQuoted;

  /**
   * Starts at a chunk.
   *
   * @param in the file from {@code start - 1} on, or from 0 for the first chunk; closed with this
   * @param start offset of the chunk's first byte
   * @param end offset behind its last one, or {@link Long#MAX_VALUE}
   * @param before where the byte before the chunk stands; of no meaning to the first chunk
   */
  public CsvRecords(InputStream in, CsvDialect dialect, long start, long end, CsvState before)
      throws IOException {
    this.in = in;
    this.dialect = dialect;
    this.charset = dialect.charset();
    this.separator = dialect.separator().getBytes(charset);
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    this.end = end;
    this.position = start == 0 ? 0 : start - 1;
    this.state = CsvState.RECORD_START;
    if (start == 0) {
      skipByteOrderMark();
    } else {
      this.state = before;
      this.firstByte = fill() ? buffer[0] : 0;
      this.isInRecord = true;
    }
  }

  private void skipByteOrderMark() throws IOException {
    if (fill()
        && filled >= BOM.length
        && Arrays.equals(buffer, 0, BOM.length, BOM, 0, BOM.length)) {
      next = BOM.length;
      position = BOM.length;
    }
  }

  /** Passes over the rest of a record that began before the chunk. */
  private void skipToRecord() throws IOException {
    record();
    fields.clear();
    problem = "";
  }

  /**
   * Reads the next record.
   *
   * @return false when no record of the chunk is left
   */
  public boolean next() throws IOException {
    if (isInRecord) {
      isInRecord = false;
      skipToRecord();
    }
    while (position < end) {
      fields.clear();
      problem = "";
      backslashed = false;
      blankQuoted = 0;
      line = lines + 1;
      state = CsvState.RECORD_START;
      if (!record()) {
        return false;
      }
      boolean isBlank = fields.isEmpty() || (fields.size() == 1 && fields.get(0) == null);
      if (!isBlank) {
        return true;
      }
    }
    return false;
  }

  /** The fields of the record; those without a character and without quotes are null. */
  public List<String> fields() {
    return fields;
  }

  /** The line in which the record begins, from 1 at the chunk's first one. */
  public long line() {
    return line;
  }

  /** What is wrong with the record's quotes or characters; empty where nothing is. */
  public String problem() {
    return problem;
  }

  /** Fields of the record that begin with blanks and a quote, which is a part of them then. */
  public int blankQuoted() {
    return blankQuoted;
  }

  /**
   * Options that read the record's quotes otherwise, where it is likely that they help; empty where
   * there is none.
   */
  public String otherQuotes() {
    if (backslashed) {
      return "options: {escape: \"\\\\\"} reads a backslash and a quote inside quotes as a quote";
    }
    return blankQuoted > 0
        ? "options: {ignoreLeadingWhiteSpace: true} reads quotes behind blanks as quotes"
        : "";
  }

  /**
   * Line ends from where the reader started to the byte before the chunk's last one, those inside
   * quotes among them: chunk after chunk, each is counted once.
   */
  public long linesAtEnd() {
    return linesAtEnd;
  }

  /** Where the byte before the chunk's end stood, once that was read. */
  public CsvState stateAtEnd() {
    return stateAtEnd == null ? CsvState.RECORD_START : stateAtEnd;
  }

  /**
   * Whether the byte before the chunk may open more than a plain field, where a field begins: a
   * quoted one, a comment, or one behind blanks that are dropped.
   */
  public boolean beginsBehindOpening() {
    return firstByte != 0
        && (firstByte == dialect.quote()
            || firstByte == dialect.comment()
            || (dialect.trimStart() && (firstByte == ' ' || firstByte == '\t')));
  }

  /** Reads to the end of the record or of the file; false when there was nothing but the end. */
  private boolean record() throws IOException {
    cellLength = 0;
    quotedLength = 0;
    cellQuoted = false;
    recordBytes = 0;
    boolean any = false;
    while (true) {
      if (next == filled && !fill()) {
        finishAtEndOfFile(any);
        return any;
      }
      byte b = buffer[next++];
      if (++position == end) {
        atEnd(state);
      }
      any = true;
      if (++recordBytes > LONGEST_RECORD) {
        throw new UnclosedQuote(line, "a record of more than 64 MB begins there");
      }
      if (step(b)) {
        return true;
      }
    }
  }

  private void atEnd(CsvState before) {
    stateAtEnd = before;
    linesAtEnd = lines;
  }

  private void finishAtEndOfFile(boolean any) {
    if (state == CsvState.QUOTED || state == CsvState.ESCAPED) {
      throw new UnclosedQuote(line, "a quote opens there and is never closed");
    }
    if (any && state != CsvState.COMMENT && state != CsvState.RECORD_START) {
      endField();
    }
  }

  /** Takes a byte in; true when it ends the record. */
  private boolean step(byte b) throws IOException {
    switch (state) {
      case COMMENT -> {
        return isLineEnd(b);
      }
      case QUOTED -> quoted(b);
      case ESCAPED -> escaped(b);
      case QUOTE -> {
        if (b == dialect.quote()) {
          append(b);
          state = CsvState.QUOTED;
          return false;
        }
        state = CsvState.CLOSED;
        quotedLength = cellLength;
        return plain(b);
      }
      case RECORD_START -> {
        if (dialect.comment() != 0 && b == dialect.comment()) {
          state = CsvState.COMMENT;
          return false;
        }
        return start(b);
      }
      case FIELD_START -> {
        return start(b);
      }
      case PLAIN, CLOSED -> {
        return plain(b);
      }
    }
    return false;
  }

  private void quoted(byte b) {
    if (b == dialect.escape() && dialect.escape() != dialect.quote() && dialect.escape() != 0) {
      state = CsvState.ESCAPED;
    } else if (b == dialect.quote()) {
      state = CsvState.QUOTE;
      backslashed |= cellLength > 0 && cell[cellLength - 1] == '\\';
    } else {
      if (b == '\n') {
        lines++;
      }
      append(b);
    }
  }

  /** An escape before anything else than a quote or an escape is an ordinary character. */
  private void escaped(byte b) {
    if (b != dialect.quote() && b != dialect.escape()) {
      append((byte) dialect.escape());
    }
    if (b == '\n') {
      lines++;
    }
    append(b);
    state = CsvState.QUOTED;
  }

  private boolean start(byte b) throws IOException {
    if (dialect.quote() != 0 && b == dialect.quote()) {
      cellQuoted = true;
      cellLength = 0;
      state = CsvState.QUOTED;
      return false;
    }
    if (dialect.trimStart() && (b == ' ' || b == '\t') && b != separator[0]) {
      if (state == CsvState.RECORD_START) {
        state = CsvState.FIELD_START;
      }
      return false;
    }
    boolean isFirst = state == CsvState.RECORD_START;
    if (isFirst && (b == '\n' || b == '\r')) {
      return isLineEnd(b); // An empty line.
    }
    state = CsvState.PLAIN;
    return plain(b);
  }

  private boolean plain(byte b) throws IOException {
    if (b == separator[separator.length - 1] && endsInSeparator()) {
      cellLength -= separator.length - 1;
      endField();
      state = CsvState.FIELD_START;
      return false;
    }
    if (isLineEnd(b)) {
      endField();
      return true;
    }
    if (state == CsvState.CLOSED) {
      if (b == ' ' || b == '\t') {
        return false;
      }
      if (separator.length == 1 || b != separator[0]) {
        tell("text follows a closing quote (a quote inside quotes is doubled)");
      }
      state = CsvState.PLAIN;
    } else if (b == dialect.quote() && b != 0 && cellLength > 0 && isBlankSoFar()) {
      blankQuoted++;
    }
    append(b);
    return false;
  }

  private boolean isBlankSoFar() {
    for (int i = 0; i < cellLength; i++) {
      if (cell[i] != ' ' && cell[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** Whether the bytes before the last one of a separator are there, too. */
  private boolean endsInSeparator() {
    int before = separator.length - 1;
    for (int i = 0; i < before; i++) {
      if (cellLength - before < quotedLength || cell[cellLength - before + i] != separator[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a byte ends a line; the second one of two is passed over. */
  private boolean isLineEnd(byte b) throws IOException {
    if (b == '\r') {
      if ((next < filled || fill()) && buffer[next] == '\n') {
        next++;
        if (++position == end) {
          atEnd(CsvState.RECORD_START);
        }
      }
      lines++;
      return true;
    }
    if (b == '\n') {
      lines++;
      return true;
    }
    return false;
  }

  private void append(byte b) {
    if (cellLength == cell.length) {
      cell = Arrays.copyOf(cell, 2 * cellLength);
    }
    cell[cellLength++] = b;
  }

  private void endField() {
    int length = cellLength;
    while (dialect.trimEnd()
        && !cellQuoted
        && length > 0
        && (cell[length - 1] == ' ' || cell[length - 1] == '\t')) {
      length--;
    }
    fields.add(length == 0 && !cellQuoted ? null : text(length));
    cellLength = 0;
    quotedLength = 0;
    cellQuoted = false;
  }

  private String text(int length) {
    for (int i = 0; i < length; i++) {
      if (cell[i] < 0) {
        return strictly(length);
      }
    }
    return new String(cell, 0, length, StandardCharsets.ISO_8859_1);
  }

  private String strictly(int length) {
    try {
      return decoder.reset().decode(ByteBuffer.wrap(cell, 0, length)).toString();
    } catch (CharacterCodingException e) {
      tell("its bytes are no " + charset.name() + " text (options: {encoding: ...} says another)");
      return new String(cell, 0, length, charset);
    }
  }

  private void tell(String what) {
    problem = problem.isEmpty() ? what : problem;
  }

  private boolean fill() throws IOException {
    next = 0;
    filled = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
    return filled > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
