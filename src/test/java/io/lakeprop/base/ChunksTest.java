package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks cover a vector once, begin at fixed places, and are shared out only when it pays. */
class ChunksTest {
  private static final int SHARED = Chunks.FEWEST_SHARED * Chunks.SIZE;
  private static final long PATIENCE_SECONDS = 20;

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        Chunks.SIZE - 1,
        Chunks.SIZE,
        Chunks.SIZE + 1,
        SHARED - 1,
        SHARED,
        SHARED + 1,
        600_001
      })
  void everyElementIsInOneChunkAndChunksBeginAtFixedPlaces(int length) {
    AtomicIntegerArray times = new AtomicIntegerArray(length);
    for (int threads : new int[] {1, 3}) {
      Workers.run(threads, () -> Chunks.forEach(length, (from, to) -> count(times, from, to)));
      Workers.run(
          threads,
          () ->
              Chunks.sum(
                  length,
                  (from, to) -> {
                    count(times, from, to);
                    return 0;
                  }));
    }
    for (int i = 0; i < length; i++) {
      assertEquals(4, times.get(i), "element " + i);
    }
  }

  private static void count(AtomicIntegerArray times, int from, int to) {
    assertEquals(0, from % Chunks.SIZE);
    assertTrue(to - from == Chunks.SIZE || to == times.length());
    for (int i = from; i < to; i++) {
      times.incrementAndGet(i);
    }
  }

  /** The bits are those of one order, where the next order gives others. */
  @Test
  void figuresAreAddedFromTheFirstToTheLast() {
    int length = 100 * Chunks.SIZE;
    double expected = 0;
    double backwards = 0;
    for (int chunk = 0; chunk < 100; chunk++) {
      expected += figure(chunk * Chunks.SIZE);
      backwards += figure((99 - chunk) * Chunks.SIZE);
    }
    assertTrue(expected != backwards);
    for (int threads : new int[] {1, 2, 7}) {
      double[] sum = new double[1];
      Workers.run(threads, () -> sum[0] = Chunks.sum(length, (from, to) -> figure(from)));
      assertEquals(expected, sum[0], threads + " threads");
    }
  }

  private static double figure(int from) {
    int chunk = from / Chunks.SIZE;
    return Math.pow(10, chunk % 17) / (chunk + 3);
  }

  @Test
  void shortVectorsStayOnTheirThread() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 10; i++) {
      Chunks.forEach(
          SHARED - Chunks.SIZE,
          (from, to) -> {
            threads.add(Thread.currentThread());
            LockSupport.parkNanos(100_000);
          });
    }
    assertEquals(Set.of(Thread.currentThread()), threads);
  }

  /** Each of two chunks waits for the other to be begun. */
  @Test
  void longVectorsAreSharedOut() {
    CountDownLatch begun = new CountDownLatch(2);
    Workers.run(2, () -> Chunks.forEach(SHARED, (from, to) -> meet(begun)));
    CountDownLatch again = new CountDownLatch(2);
    Workers.run(
        2,
        () ->
            Chunks.sum(
                SHARED,
                (from, to) -> {
                  meet(again);
                  return 0;
                }));
  }

  private static void meet(CountDownLatch begun) {
    begun.countDown();
    try {
      assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "one thread does it all");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void failuresComeOut() {
    for (int length : new int[] {Chunks.SIZE, SHARED}) {
      Chunks.Work failing =
          (from, to) -> {
            throw new IllegalArgumentException("at " + from);
          };
      assertThrows(IllegalArgumentException.class, () -> Chunks.forEach(length, failing));
    }
  }
}
