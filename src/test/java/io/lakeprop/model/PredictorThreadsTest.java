package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lakeprop.nn.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One model, many threads, a predictor each: the answers of one thread, to the bit. */
class PredictorThreadsTest {
  private static final int THREADS = 8;
  private static final int ROWS = 2000;
  private static final Model MODEL = TinyModel.heads();

  /** The plain kernel and the one that this machine would choose. */
  static Stream<Kernel> kernels() {
    return Stream.of(Kernel.EJML, Kernel.choose(Optional.empty()).kernel()).distinct();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void manyThreadsGiveTheAnswersOfOne(Kernel kernel) throws Exception {
    double[][] expected = answers(kernel);
    CountDownLatch together = new CountDownLatch(THREADS);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<double[][]>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        all.add(
            pool.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return answers(kernel);
                }));
      }
      for (Future<double[][]> own : all) {
        assertArrayEquals(expected, own.get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static double[][] answers(Kernel kernel) {
    Predictor predictor = MODEL.predictor(1, kernel);
    double[][] answers = new double[ROWS][];
    Arrays.setAll(answers, row -> predictor.predict(row(row)));
    return answers;
  }

  private static Map<String, Object> row(int row) {
    List<String> jobs = List.of("clerk", "miner", "sailor", "poet", "baker");
    return Map.of("age", row % 90, "pay", row * 0.37, "job", jobs.get(row % 5), "home", "yes");
  }
}
