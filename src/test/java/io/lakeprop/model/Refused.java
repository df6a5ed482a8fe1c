package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import io.lakeprop.base.InvalidInput;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.function.Executable;

/**
 * A file that was refused, soon.
 *
 * @param bytes that were allocated on the way
 */
record Refused(String message, long bytes) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Refused by(Executable reading) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          long before = THREADS.getCurrentThreadAllocatedBytes();
          String message = assertThrows(InvalidInput.class, reading).getMessage();
          return new Refused(message, THREADS.getCurrentThreadAllocatedBytes() - before);
        });
  }
}
