package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.lakeprop.base.Mix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors give the bits that plain loops give, for every number and every length. */
class ElementsTest {
  private static final float[] AWKWARD = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Numerics.TANH_FAR,
    Math.nextDown(Numerics.TANH_FAR),
    Numerics.EXP_LARGEST,
    Numerics.EXP_SMALLEST
  };
  private static final int SIZE = 100_003;
  private final Elements plain = new PlainElements();
  private final Elements vector = VectorApi.load("VectorElements");

  @Test
  void thisJvmUsesVectors() {
    assertNotSame(PlainElements.class, VectorApi.ELEMENTS.getClass());
  }

  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void functionsAgree(Nonlinearity function) {
    float[] x = numbers(1);
    float[] dy = numbers(2);
    float[] y = new float[SIZE + 1];
    float[] alsoY = new float[SIZE + 1];
    plain.forward(function, SIZE, x, y);
    vector.forward(function, SIZE, x, alsoY);
    assertSameBits(y, alsoY);
    float[] dx = new float[SIZE + 1];
    float[] alsoDx = new float[SIZE + 1];
    plain.backward(function, SIZE, x, y, dy, dx);
    vector.backward(function, SIZE, x, y, dy, alsoDx);
    assertSameBits(dx, alsoDx);
  }

  /** What the workspace relies on when an output overwrites its input. */
  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void inPlaceIsTheSame(Nonlinearity function) {
    Assumptions.assumeTrue(function.inPlace());
    float[] x = numbers(7);
    float[] y = new float[SIZE + 1];
    vector.forward(function, SIZE, x, y);
    float[] dx = new float[SIZE + 1];
    vector.backward(function, SIZE, x, y, numbers(8), dx);
    float[] inPlace = x.clone();
    vector.forward(function, SIZE, inPlace, inPlace);
    float[] alsoDx = new float[SIZE + 1];
    vector.backward(function, SIZE, inPlace, inPlace, numbers(8), alsoDx);
    assertSameBits(y, inPlace);
    assertSameBits(dx, alsoDx);
  }

  @Test
  void exponentialsAgree() {
    float[] y = new float[SIZE + 1];
    float[] inPlace = numbers(6);
    plain.exp(SIZE, numbers(6), y);
    vector.exp(SIZE, inPlace, inPlace);
    assertSameBits(y, inPlace);
  }

  @Test
  void droppedUnitsAgree() {
    for (int threshold : new int[] {0, 1, 1 << 30, Integer.MIN_VALUE, -1}) {
      float[] dropped = new float[SIZE + 1];
      float[] alsoDropped = new float[SIZE + 1];
      float[] from = numbers(5);
      for (int start = 0; start + 1001 <= SIZE; start += 1001) {
        long key = Mix.mix(start);
        plain.drop(1001, key, threshold, 1.25f, from, dropped, start);
        vector.drop(1001, key, threshold, 1.25f, from, alsoDropped, start);
      }
      assertSameBits(dropped, alsoDropped);
    }
  }

  @Test
  void sumsOfRowsAgree() {
    for (int width : new int[] {1, 7, 16, 33, 257}) {
      float[] sum = numbers(3);
      float[] alsoSum = sum.clone();
      plain.addRows(SIZE / width, width, numbers(4), sum, 5);
      vector.addRows(SIZE / width, width, numbers(4), alsoSum, 5);
      assertSameBits(sum, alsoSum);
    }
  }

  @Test
  void countsAgree() {
    float infinite = Float.POSITIVE_INFINITY;
    float[][] bounds = {{Float.MIN_VALUE, infinite}, {-0.9f, 0.9f}, {-3, infinite}, {-1, 0}};
    for (float[] bound : bounds) {
      for (int width : new int[] {1, 7, 16, 33, 257}) {
        for (int rows : new int[] {0, 1, 4, 7, SIZE / width}) {
          float[] counters = new float[5 + width];
          Arrays.fill(counters, 3);
          float[] alsoCounters = counters.clone();
          plain.countOutside(rows, width, numbers(9), bound[0], bound[1], counters, 5);
          vector.countOutside(rows, width, numbers(9), bound[0], bound[1], alsoCounters, 5);
          assertSameBits(counters, alsoCounters);
        }
      }
    }
  }

  /** Awkward numbers first, then random ones of all sizes that matter. */
  private static float[] numbers(long seed) {
    Random random = new Random(seed);
    float[] numbers = Arrays.copyOf(AWKWARD, SIZE + 1);
    for (int i = AWKWARD.length; i < SIZE; i++) {
      numbers[i] = (float) (random.nextGaussian() * Math.exp(random.nextDouble() * 8 - 4));
    }
    return numbers;
  }

  /** NaN is NaN; 0 and -0 differ. */
  private static void assertSameBits(float[] expected, float[] actual) {
    int[] left = new int[expected.length];
    int[] right = new int[actual.length];
    Arrays.setAll(left, i -> Float.floatToIntBits(expected[i]));
    Arrays.setAll(right, i -> Float.floatToIntBits(actual[i]));
    assertArrayEquals(left, right);
  }
}
