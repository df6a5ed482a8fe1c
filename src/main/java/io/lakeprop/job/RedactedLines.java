package io.lakeprop.job;

import io.lakeprop.base.Printable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Prints lines without their secrets, and without what would command a terminal: a line at its end,
 * or what there is of it at a flush.
 */
final class RedactedLines extends OutputStream {
  private final PrintStream out;
  private final Secrets secrets;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private RedactedLines(PrintStream out, Secrets secrets) {
    this.out = out;
    this.secrets = secrets;
  }

  /** A stream that prints to another one. */
  static PrintStream to(PrintStream out, Secrets secrets) {
    return new PrintStream(new RedactedLines(out, secrets), false, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    line.write(b);
    if (b == '\n') {
      flush();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    line.write(bytes, from, length);
    if (length > 0 && bytes[from + length - 1] == '\n') {
      flush();
    }
  }

  @Override
  public synchronized void flush() {
    out.print(Printable.lines(secrets.redacted(line.toString(StandardCharsets.UTF_8))));
    out.flush();
    line.reset();
  }
}
