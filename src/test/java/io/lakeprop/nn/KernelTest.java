package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kernel's products are their defining sums, on windows of longer arrays, and touch no more.
 */
class KernelTest {
  private static final int[] SIZES = {1, 7, 33, 257};
  private static final int OFFSET = 5;
  private static final float OUTSIDE = 77;
  private final Random random = new Random(1);

  @ParameterizedTest
  @EnumSource(Kernel.class)
  void productsAreTheirDefinitions(Kernel kernel) {
    Gemm gemm = gemm(kernel);
    for (int rows : SIZES) {
      for (int inputs : SIZES) {
        for (int outputs : SIZES) {
          check(gemm, rows, inputs, outputs);
        }
      }
    }
  }

  private void check(Gemm gemm, int rows, int inputs, int outputs) {
    String sizes = rows + " x " + inputs + " x " + outputs;
    float[] x = numbers(rows * inputs);
    float[] w = numbers(OFFSET + outputs * inputs);
    float[] bias = numbers(OFFSET + outputs);
    float[] dy = numbers(rows * outputs);

    float[] y = outside(rows * outputs + OFFSET);
    gemm.forward(rows, inputs, outputs, x, w, OFFSET, bias, OFFSET, y);
    double[] expected = new double[rows * outputs];
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outputs; o++) {
        double sum = bias[OFFSET + o];
        for (int i = 0; i < inputs; i++) {
          sum += (double) x[r * inputs + i] * w[OFFSET + o * inputs + i];
        }
        expected[r * outputs + o] = sum;
      }
    }
    near(expected, y, 0, inputs, sizes + " forward");

    float[] dx = outside(rows * inputs + OFFSET);
    gemm.inputGradient(rows, inputs, outputs, dy, w, OFFSET, dx);
    expected = new double[rows * inputs];
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < inputs; i++) {
          expected[r * inputs + i] += (double) dy[r * outputs + o] * w[OFFSET + o * inputs + i];
        }
      }
    }
    near(expected, dx, 0, outputs, sizes + " gradient of the input");

    float[] dw = outside(OFFSET + outputs * inputs + OFFSET);
    gemm.weightGradient(rows, inputs, outputs, dy, x, dw, OFFSET);
    expected = new double[outputs * inputs];
    Arrays.fill(expected, OUTSIDE);
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < inputs; i++) {
          expected[o * inputs + i] += (double) dy[r * outputs + o] * x[r * inputs + i];
        }
      }
    }
    near(expected, dw, OFFSET, rows, sizes + " gradient of the weight");
  }

  /**
   * A sum of n products of standard normal numbers is off by about n 2^-25, since partial sums grow
   * like √n and so do their roundings: eight times as much, for the largest of all.
   */
  private static void near(double[] expected, float[] actual, int offset, int terms, String what) {
    for (int i = 0; i < expected.length; i++) {
      double bound = 0x1.0p-22 * (terms + Math.abs(expected[i]));
      assertEquals(expected[i], actual[offset + i], bound, what + " at " + i);
    }
    for (int i = 0; i < offset; i++) {
      assertEquals(OUTSIDE, actual[i], what + " before the window");
    }
    for (int i = offset + expected.length; i < actual.length; i++) {
      assertEquals(OUTSIDE, actual[i], what + " behind the window");
    }
  }

  /** Of a batch of one size: what {@code evaluate} says must not depend on its files. */
  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"VECTOR", "EJML"})
  void whatARowGivesDoesNotDependOnItsPlace(Kernel kernel) {
    assertTrue(List.of(Kernel.VECTOR, Kernel.EJML).contains(Kernel.rowByRow()));
    Gemm gemm = gemm(kernel);
    int rows = 256;
    for (int inputs : new int[] {1, 7, 54, 300}) {
      for (int outputs : new int[] {1, 3, 17, 128}) {
        float[] w = numbers(outputs * inputs);
        float[] row = numbers(inputs);
        float[] expected = null;
        for (int place : new int[] {0, 1, 7, 100, 254, 255}) {
          float[] x = numbers(rows * inputs);
          System.arraycopy(row, 0, x, place * inputs, inputs);
          float[] y = new float[rows * outputs];
          gemm.forward(rows, inputs, outputs, x, w, 0, new float[outputs], 0, y);
          float[] own = Arrays.copyOfRange(y, place * outputs, (place + 1) * outputs);
          expected = expected == null ? own : expected;
          assertArrayEquals(expected, own, inputs + " x " + outputs + " at " + place);
        }
      }
    }
  }

  /** Spark interrupts tasks, and what comes of opening stands as long as the process does. */
  @ParameterizedTest
  @EnumSource(Kernel.class)
  void anInterruptedTaskOpensAsAnyOther(Kernel kernel) {
    Kernel.Opened calm = Kernel.undisturbed(kernel);
    Thread.currentThread().interrupt();
    Kernel.Opened interrupted = Kernel.undisturbed(kernel);
    assertTrue(Thread.interrupted(), "the task is still to end");
    assertEquals(calm.missing(), interrupted.missing());
    assertEquals(calm.bits(), interrupted.bits());
  }

  @ParameterizedTest
  @EnumSource(Kernel.class)
  void aThreadOfItsOwnGetsTheSameBits(Kernel kernel) throws Exception {
    Assumptions.assumeTrue(Kernel.choose(Optional.of(kernel)).kernel() == kernel);
    float[] x = numbers(64 * 100);
    float[] w = numbers(200 * 100);
    float[] alone = forward(kernel.gemm(), x, w);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<float[]> other :
          threads.invokeAll(
              IntStream.range(0, 16)
                  .<java.util.concurrent.Callable<float[]>>mapToObj(
                      i -> () -> forward(kernel.gemm(), x, w))
                  .toList())) {
        assertArrayEquals(alone, other.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdown();
    }
  }

  private static float[] forward(Gemm gemm, float[] x, float[] w) {
    float[] y = new float[64 * 200];
    for (int i = 0; i < 20; i++) {
      gemm.forward(64, 100, 200, x, w, 0, x, 0, y);
    }
    return y;
  }

  @Test
  void onX86LinuxTheBundledOpenBlasIsTheFirstChoice() {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"));
    Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"));
    Kernel.Choice choice = Kernel.choose(Optional.empty());
    assertEquals(Kernel.OPENBLAS, choice.kernel(), choice.words());
    assertTrue(choice.name().matches("openblas [0-9a-f]{8}"), choice.name());
    assertFalse(choice.words().contains("; no "), choice.words());
  }

  /** The system's BLAS may not be there; the choice then says so and falls back. */
  private static Gemm gemm(Kernel kernel) {
    Kernel.Choice choice = Kernel.choose(Optional.of(kernel));
    Assumptions.assumeTrue(
        kernel != Kernel.SYSTEM || choice.kernel() == kernel, () -> choice.words());
    assertEquals(kernel, choice.kernel(), choice.words());
    return kernel.gemm();
  }

  private float[] numbers(int size) {
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static float[] outside(int size) {
    float[] array = new float[size];
    Arrays.fill(array, OUTSIDE);
    return array;
  }
}
