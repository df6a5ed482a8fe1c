package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights start with mean 0 and the published variance; biases and unseen values at zero. */
class InitializerTest {
  private static final int INPUTS = 300;
  private static final int OUTPUTS = 200;

  private static Network network() {
    return Network.perceptron(
        new TableInput(
            INPUTS - 16,
            List.of(new TableInput.Category("c", new CategoryEncoding.Embedding(500, 16)))),
        List.of(OUTPUTS),
        Nonlinearity.RELU,
        0,
        100);
  }

  @ParameterizedTest
  @EnumSource
  void variancesAreThePublishedOnes(Initializer initializer) {
    double hidden =
        switch (initializer) {
          case HE_NORMAL, HE_UNIFORM -> 2.0 / INPUTS;
          case GLOROT_NORMAL, GLOROT_UNIFORM -> 2.0 / (INPUTS + OUTPUTS);
          case LECUN_NORMAL, LECUN_UNIFORM, ORTHOGONAL -> 1.0 / INPUTS;
          case ZEROS -> 0;
        };
    float[] theta = initializer.theta(network(), 4);
    if (initializer == Initializer.ZEROS) {
      assertArrayEquals(new float[INPUTS * OUTPUTS], slot(theta, "hidden1.weight"));
      return;
    }
    assertMoments(slot(theta, "hidden1.weight"), hidden);
    assertMoments(slot(theta, "head.weight"), 2.0 / (OUTPUTS + 100));
  }

  /** Rows of a wide matrix and columns of a tall one are orthonormal. */
  @ParameterizedTest
  @CsvSource({"20, 33", "33, 20", "20, 20", "1, 7", "7, 1"})
  void orthogonalIsOrthonormal(int inputs, int outputs) {
    Network network =
        Network.perceptron(
            new TableInput(inputs, List.of()), List.of(outputs), Nonlinearity.TANH, 0, 1);
    float[] w = Initializer.ORTHOGONAL.theta(network, 6);
    boolean wide = outputs <= inputs;
    int vectors = Math.min(inputs, outputs);
    for (int a = 0; a < vectors; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(inputs, outputs); i++) {
          int ofA = wide ? a * inputs + i : i * inputs + a;
          int ofB = wide ? b * inputs + i : i * inputs + b;
          dot += (double) w[ofA] * w[ofB];
        }
        assertEquals(a == b ? 1 : 0, dot, 1e-6);
      }
    }
  }

  @Test
  void biasesAndUnseenValuesAreZero() {
    float[] theta = Initializer.suited(network(), 4);
    assertArrayEquals(new float[OUTPUTS], slot(theta, "hidden1.bias"));
    float[] table = slot(theta, "input.c.weight");
    assertArrayEquals(new float[16], Arrays.copyOf(table, 16));
    assertMoments(Arrays.copyOfRange(table, 16, table.length), 1.0 / 16);
  }

  private static float[] slot(float[] theta, String name) {
    ParameterLayout.Placed placed =
        network().layout().slots().stream().filter(p -> p.name().equals(name)).findFirst().get();
    return Arrays.copyOfRange(theta, placed.offset(), placed.end());
  }

  /** Four standard errors; the kurtosis of a normal number is the larger one. */
  private static void assertMoments(float[] values, double variance) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double n = values.length;
    assertEquals(0, sum / n, 4 * Math.sqrt(variance / n));
    assertEquals(1, squares / n / variance, 4 * Math.sqrt(2 / n));
  }
}
