package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.Kernel;
import java.time.ZoneOffset;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One predictor, many threads: each gets the answers that one thread alone would, to the bit. */
class PredictorThreadsTest {
  private static final int THREADS = 8;
  private static final int DIFFERENT = 2000;
  private static final int ROWS = 100_000;
  private static final Model MODEL = TinyModel.heads();

  /** The plain kernel and the one that this machine would choose. */
  static Stream<Kernel> kernels() {
    return Stream.of(Kernel.EJML, Kernel.choose(Optional.empty()).kernel()).distinct();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void manyThreadsGetTheAnswersOfOne(Kernel kernel) throws Exception {
    Predictor shared = MODEL.predictor(kernel);
    double[][] expected = new double[DIFFERENT][];
    Arrays.setAll(expected, row -> MODEL.predictor(kernel).predict(row(row)));
    for (int wrong : onThreads(THREADS, thread -> () -> wrong(shared, expected, thread))) {
      assertEquals(0, wrong);
    }
  }

  /** Rows whose answer is not that of the single thread; a row in a hundred is refused. */
  private static int wrong(Predictor shared, double[][] expected, int thread) {
    int wrong = 0;
    for (int i = 0; i < ROWS; i++) {
      int row = (i + 251 * thread) % DIFFERENT;
      if (row % 100 == 99) {
        Map<String, Object> bad = Map.of("age", row, "job", "clerk", "shape", List.of(1));
        assertThrows(InvalidInput.class, () -> shared.predict(bad));
      }
      wrong += Arrays.equals(expected[row], shared.predict(row(row))) ? 0 : 1;
    }
    return wrong;
  }

  private static <T> List<T> onThreads(
      int threads, java.util.function.IntFunction<Callable<T>> work) throws Exception {
    CountDownLatch together = new CountDownLatch(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        Callable<T> own = work.apply(thread);
        all.add(
            pool.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return own.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> own : all) {
        results.add(own.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  /** A row whose values ask the same predictor, as a model that feeds another one may. */
  @Test
  void aPredictionMayHappenWithinAnother() {
    Predictor predictor = TinyModel.quantity().predictor();
    Map<String, Object> inner = Map.of("x", 0.25);
    double within = predictor.predict(inner)[0];
    Map<String, Object> outer =
        new AbstractMap<>() {
          @Override
          public Object get(Object key) {
            return predictor.predict(inner)[0];
          }

          @Override
          public Set<Entry<String, Object>> entrySet() {
            return Set.of(Map.entry("x", get("x")));
          }
        };
    assertArrayEquals(predictor.predict(Map.of("x", within)), predictor.predict(outer));
  }

  @Test
  void buffersAreUsedAgainAndAreNotWithoutEnd() throws Exception {
    BatchPool pool = new BatchPool(MODEL, Kernel.EJML);
    Batch first = pool.take();
    pool.giveBack(first);
    assertEquals(first, pool.take());
    pool.giveBack(first);
    List<Batch> taken = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      taken.add(pool.take());
    }
    assertEquals(2000, taken.stream().distinct().count());
    assertEquals(0, pool.kept());
    taken.forEach(pool::giveBack);
    assertEquals(Math.max(16, 4 * Runtime.getRuntime().availableProcessors()), pool.kept());
    onThreads(THREADS, thread -> () -> taken.contains(pool.take()))
        .forEach(again -> assertTrue(again));
  }

  /** A batch is of one thread, and says so instead of mixing rows. */
  @Test
  void aBatchRefusesASecondThread() throws Exception {
    Batch batch = MODEL.batch(2, Kernel.EJML);
    MapRow row = new MapRow(MODEL.encoder().features(), row(3), ZoneOffset.UTC);
    batch.put(0, row, 0);
    for (Runnable use :
        List.<Runnable>of(
            () -> batch.put(1, row, 0),
            () -> batch.predict(1),
            () -> batch.losses(1, new float[4]))) {
      ExecutionException refused =
          assertThrows(
              ExecutionException.class, () -> onThreads(1, thread -> Executors.callable(use)));
      assertTrue(refused.getCause() instanceof IllegalStateException, refused.toString());
      assertTrue(refused.getMessage().contains("Predictor"), refused.getMessage());
    }
    batch.predict(1);
  }

  private static Map<String, Object> row(int row) {
    List<String> jobs = List.of("clerk", "miner", "sailor", "poet", "baker");
    return Map.of("age", row % 90, "pay", row * 0.37, "job", jobs.get(row % 5), "home", "yes");
  }
}
