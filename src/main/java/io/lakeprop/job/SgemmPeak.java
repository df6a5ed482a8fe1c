package io.lakeprop.job;

import io.lakeprop.nn.Gemm;
import io.lakeprop.nn.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast this machine multiplies large float matrices: the fastest kernel it has, on so many
 * threads at once, each with its own 1,024 x 1,024 matrices.
 */
final class SgemmPeak {
  private static final int SIZE = 1024;
  private static final double FLOPS = 2.0 * SIZE * SIZE * SIZE;
  private static final int TRIES = 5;
  private static final long NANOS_A_TRY = 300_000_000;

  private SgemmPeak() {}

  /** The best of a few tries, in GFLOP/s of all threads together. */
  static double gflops(int threads) {
    Kernel kernel = Kernel.choose(Optional.empty()).kernel();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      double best = 0;
      for (int i = 0; i < TRIES; i++) {
        CountDownLatch ready = new CountDownLatch(threads);
        List<Future<Double>> tries = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          tries.add(pool.submit(() -> attempt(kernel.gemm(), ready)));
        }
        double sum = 0;
        for (Future<Double> one : tries) {
          sum += one.get();
        }
        best = Math.max(best, sum);
      }
      return best;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a product failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static double attempt(Gemm gemm, CountDownLatch ready) throws InterruptedException {
    float[] x = new float[SIZE * SIZE];
    float[] w = new float[SIZE * SIZE];
    float[] y = new float[SIZE * SIZE];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 13) - 6;
      w[i] = (i % 7) - 3;
    }
    gemm.inputGradient(SIZE, SIZE, SIZE, x, w, 0, y);
    ready.countDown();
    ready.await();
    long started = System.nanoTime();
    long products = 0;
    long now = started;
    while (now - started < NANOS_A_TRY) {
      gemm.inputGradient(SIZE, SIZE, SIZE, x, w, 0, y);
      products++;
      now = System.nanoTime();
    }
    return products * FLOPS / (now - started);
  }
}
