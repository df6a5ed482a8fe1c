package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
          case LECUN_NORMAL, LECUN_UNIFORM -> 1.0 / INPUTS;
        };
    float[] theta = initializer.theta(network(), 4);
    assertMoments(slot(theta, "hidden1.weight"), hidden);
    assertMoments(slot(theta, "head.weight"), 2.0 / (OUTPUTS + 100));
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
