package io.lakeprop.job;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a fault injection has done so far; threads share it. */
final class FaultCount {
  private final Map<String, Long> counts = new TreeMap<>();
  private final long started = System.nanoTime();

  private final boolean tells;

  /**
   * @param tells whether each point is printed
   */
  FaultCount(boolean tells) {
    this.tells = tells;
  }

  /** Prints what has been done, where that is wanted. */
  synchronized void tell(String what) {
    if (tells) {
      System.out.printf("%6.1f s  %s%n", (System.nanoTime() - started) * 1e-9, what);
    }
  }

  synchronized void add(String what, long count) {
    counts.merge(what, count, Long::sum);
  }

  synchronized long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** Of all whose name begins so. */
  synchronized long all(String prefix) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** On one line. */
  synchronized String line() {
    return counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "))
        + ", seconds %.0f".formatted((System.nanoTime() - started) * 1e-9);
  }
}
