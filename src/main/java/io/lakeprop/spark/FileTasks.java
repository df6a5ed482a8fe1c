package io.lakeprop.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Shares the bytes of a table's files out to tasks: large files in chunks, small ones together. */
final class FileTasks {
  /** Bytes that opening a file counts as. */
  private static final long OPENING = 4L << 20;

  private static final long LARGEST_CHUNK = 128L << 20;

  private FileTasks() {}

  /**
   * Bytes of the largest chunk.
   *
   * @param slots tasks that can run at once
   */
  static long largest(List<TableFile> files, int slots) {
    long total = files.stream().mapToLong(file -> file.length() + OPENING).sum();
    return Math.min(LARGEST_CHUNK, Math.max(OPENING, total / Math.max(1, slots)));
  }

  /**
   * The chunks of each task, in their order.
   *
   * @param most bytes of a task, openings included, that has more than one chunk
   */
  static <C> List<List<C>> shared(List<C> chunks, ToLongFunction<C> bytes, long most) {
    List<List<C>> tasks = new ArrayList<>();
    List<C> task = new ArrayList<>();
    long sum = 0;
    for (C chunk : chunks) {
      long own = bytes.applyAsLong(chunk) + OPENING;
      if (sum > 0 && sum + own > most) {
        tasks.add(task);
        task = new ArrayList<>();
        sum = 0;
      }
      task.add(chunk);
      sum += own;
    }
    if (!task.isEmpty()) {
      tasks.add(task);
    }
    return tasks;
  }
}
