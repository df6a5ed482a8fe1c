package io.lakeprop.job;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * The end of standard error, which submit.sh reads on its way to the terminal or file: the process
 * ends once all of it has arrived.
 */
final class StandardError {
  /** Names a file that the reader deletes when it has passed on the last byte. */
  private static final String OPEN = "LAKEPROP_STDERR_OPEN";

  /** Behind all other hooks, which may still have something to say. */
  private static final int LAST = 0;

  private static final long LONGEST_NANOS = 2_000_000_000L;
  private static final long LOOK_MILLIS = 2;

  private StandardError() {}

  /** Makes the end of the process wait, however it comes to its end. */
  static void wholeAtTheEnd() {
    String open = System.getenv(OPEN);
    if (open != null && !open.isEmpty()) {
      ShutdownHookManager.get().addShutdownHook(() -> close(Path.of(open)), LAST);
    }
  }

  private static void close(Path open) {
    System.err.flush();
    try (FileOutputStream err = new FileOutputStream(FileDescriptor.err)) {
      err.flush();
    } catch (IOException e) {
      return; // It is closed already, or nobody reads it.
    }
    long end = System.nanoTime() + LONGEST_NANOS;
    try {
      while (Files.exists(open) && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
