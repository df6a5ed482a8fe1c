package io.lakeprop.base;

import java.util.stream.IntStream;

/**
 * Long vectors, chunk by chunk: a loop over a chunk finds in the core's cache what the loop before
 * it left there, and the chunks of a vector that is worth it are shared out over all cores.
 *
 * <p>Where a chunk begins follows from the length alone, so what is computed never depends on the
 * cores. For the driver: a task on an executor has one core and no business with the others.
 *
 * <p>The other cores are the JDK's common pool, or the pool that the calling thread belongs to.
 */
public final class Chunks {
  /**
   * Numbers in a chunk. Four vectors of so many floats, an Adam step's, are 256 KiB: half of a
   * small second-level cache. The bits of every {@link #sum} depend on it.
   */
  static final int SIZE = 1 << 14;

  /**
   * Chunks below which waking other cores costs more than they save: an Adam step on two cores
   * breaks even at about 300,000 parameters.
   */
  static final int FEWEST_SHARED = 16;

  private Chunks() {}

  /** Does something with the elements [from, to), and reads or writes no others. */
  @FunctionalInterface
  public interface Work {
    void run(int from, int to);
  }

  /** Computes a figure of the elements [from, to), to be summed. */
  @FunctionalInterface
  public interface Figure {
    double of(int from, int to);
  }

  /** Does the work on every chunk of a vector, in any order, and returns when all is done. */
  public static void forEach(int length, Work work) {
    chunks(length)
        .forEach(
            chunk -> {
              int from = chunk * SIZE;
              work.run(from, end(from, length));
            });
  }

  /** The sum of the figures of all chunks, added from the first to the last. */
  public static double sum(int length, Figure figure) {
    double[] figures =
        chunks(length)
            .mapToDouble(
                chunk -> {
                  int from = chunk * SIZE;
                  return figure.of(from, end(from, length));
                })
            .toArray();
    double sum = 0;
    for (double each : figures) {
      sum += each;
    }
    return sum;
  }

  /** The sum of products of two vectors, in double precision. */
  public static double dot(float[] a, float[] b) {
    return sum(a.length, (from, to) -> dot(a, b, from, to));
  }

  /**
   * The same over [from, to): four sums side by side, since one alone would wait for each addition
   * to finish.
   */
  public static double dot(float[] a, float[] b, int from, int to) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      first += (double) a[i] * b[i];
      second += (double) a[i + 1] * b[i + 1];
      third += (double) a[i + 2] * b[i + 2];
      fourth += (double) a[i + 3] * b[i + 3];
    }
    for (; i < to; i++) {
      first += (double) a[i] * b[i];
    }
    return (first + second) + (third + fourth);
  }

  /** The chunk that an index lies in, counted from 0. */
  public static int of(int index) {
    return index / SIZE;
  }

  private static int end(int from, int length) {
    return from + Math.min(SIZE, length - from);
  }

  private static IntStream chunks(int length) {
    int chunks = (int) (((long) length + SIZE - 1) / SIZE);
    IntStream all = IntStream.range(0, chunks);
    return chunks < FEWEST_SHARED ? all : all.parallel();
  }
}
