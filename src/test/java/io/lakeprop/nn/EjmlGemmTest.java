package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three products are their defining sums, on windows of longer arrays, and touch no more. */
class EjmlGemmTest {
  private static final int OFFSET = 5;
  private static final float OUTSIDE = 77;
  private final Random random = new Random(1);
  private final Gemm gemm = new EjmlGemm();

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 7, 3", "9, 1, 4", "17, 33, 5", "64, 18, 40", "3, 50, 1"})
  void productsAreTheirDefinition(int rows, int inputs, int outputs) {
    for (int offset : new int[] {0, OFFSET}) {
      float[] x = numbers(offset + rows * inputs);
      float[] w = numbers(offset + outputs * inputs);
      float[] dy = numbers(rows * outputs);
      float[] y = outside(rows * outputs);
      gemm.forward(rows, inputs, outputs, x, offset, w, offset, y);
      float[] dx = outside(rows * inputs);
      gemm.inputGradient(rows, inputs, outputs, dy, w, offset, dx);
      float[] dw = outside(offset + outputs * inputs);
      gemm.weightGradient(rows, inputs, outputs, dy, x, offset, dw, offset);
      for (int r = 0; r < rows; r++) {
        for (int o = 0; o < outputs; o++) {
          double sum = 0;
          for (int i = 0; i < inputs; i++) {
            sum += (double) x[offset + r * inputs + i] * w[offset + o * inputs + i];
          }
          assertEquals(sum, y[r * outputs + o], 1e-4);
        }
        for (int i = 0; i < inputs; i++) {
          double sum = 0;
          for (int o = 0; o < outputs; o++) {
            sum += (double) dy[r * outputs + o] * w[offset + o * inputs + i];
          }
          assertEquals(sum, dx[r * inputs + i], 1e-4);
        }
      }
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < inputs; i++) {
          double sum = OUTSIDE;
          for (int r = 0; r < rows; r++) {
            sum += (double) dy[r * outputs + o] * x[offset + r * inputs + i];
          }
          assertEquals(sum, dw[offset + o * inputs + i], 1e-4);
        }
      }
      for (int i = 0; i < OFFSET; i++) {
        assertEquals(OUTSIDE, y[rows * outputs + i]);
        assertEquals(OUTSIDE, dx[rows * inputs + i]);
        assertEquals(OUTSIDE, dw[i < offset ? i : offset + outputs * inputs + i - offset]);
      }
    }
  }

  private float[] numbers(int size) {
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static float[] outside(int size) {
    float[] array = new float[size + OFFSET];
    java.util.Arrays.fill(array, OUTSIDE);
    return array;
  }
}
