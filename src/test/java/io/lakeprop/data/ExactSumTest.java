package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Law 4 for statistics: sums are exact, so they are the same in any order and any grouping. */
class ExactSumTest {
  private final Random random = new Random(8);

  @Test
  void wildValuesInAnyOrderAndAnyMergeAreBigDecimals() {
    for (int trial = 0; trial < 200; trial++) {
      List<Double> values = wild(1 + random.nextInt(60));
      double expected = exact(values).doubleValue();
      for (int order = 0; order < 5; order++) {
        Collections.shuffle(values, random);
        assertEquals(expected, sum(values).value());
        assertEquals(expected, merged(values).value());
      }
    }
  }

  @Test
  void cancellationLeavesTheSmallOne() {
    assertEquals(Double.MIN_VALUE, sum(List.of(1e300, Double.MIN_VALUE, -1e300)).value());
    assertEquals(-Double.MAX_VALUE, sum(List.of(-Double.MAX_VALUE, 1e-320, -1e-320)).value());
    assertEquals(0, sum(List.of(-0.0, 0.0)).value());
    List<Double> tenths = Collections.nCopies(10, 0.1);
    assertEquals(exact(tenths).doubleValue(), sum(tenths).value());
  }

  /** Exactly between two doubles the even one is nearest; a breath above, the upper one. */
  @Test
  void readingRoundsToTheNearestEven() {
    for (List<Double> values :
        List.of(
            List.of(1.0, 0x1p-53),
            List.of(1.0, 0x1p-52, 0x1p-53),
            List.of(1.0, 0x1p-53, 0x1p-200),
            List.of(1.0, 0x1p-53, -0x1p-200))) {
      assertEquals(exact(values).doubleValue(), sum(values).value(), values.toString());
    }
  }

  @Test
  void theMeanIsRoundedOnce() {
    for (int trial = 0; trial < 200; trial++) {
      List<Double> values = wild(1 + random.nextInt(20));
      BigDecimal count = BigDecimal.valueOf(values.size());
      double expected = exact(values).divide(count, new MathContext(800)).doubleValue();
      assertEquals(expected, sum(values).mean(values.size()));
    }
  }

  @Test
  void manyAdditionsCarry() {
    double most = 0x1.fffffffffffffp31;
    ExactSum sum = ExactSum.ofNumbers();
    for (int i = 0; i < 1_000_000; i++) {
      sum.add(most);
    }
    BigDecimal expected = new BigDecimal(most).multiply(BigDecimal.valueOf(1_000_000));
    assertEquals(expected.doubleValue(), sum.value());
  }

  /** The textbook formula on doubles would give noise, or a negative number. */
  @Test
  void varianceFarFromZeroIsExact() {
    for (double center : new double[] {0, 1e6, 1e9, 1e14}) {
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        values.add(center + random.nextInt(8) * 0.125);
      }
      assertEquals(deviation(values), measured(values), Math.ulp(1.0));
    }
    assertEquals(0, measured(Collections.nCopies(7, 0.1)));
  }

  /** Columns may hold anything that a double holds: squares must not overflow or vanish. */
  @Test
  void varianceOfHugeAndTinyValuesIsExact() {
    for (double scale : new double[] {1e120, 1e-100, 1e200, 1e-170, 1e-310}) {
      List<Double> values = List.of(scale, 2 * scale, 4 * scale, -scale);
      double deviation = numberStats(values).deviation();
      double expected = exactVariance(values).sqrt(new MathContext(40)).doubleValue();
      assertEquals(1, deviation / expected, 1e-6, "deviation of values around " + scale);
    }
  }

  @Test
  void productsAreExact() {
    List<Double> values = wild(200);
    List<Double> others = wild(200);
    ExactSum sum = ExactSum.ofProducts();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i < 200; i++) {
      sum.addProduct(values.get(i), others.get(i));
      expected =
          expected.add(new BigDecimal(values.get(i)).multiply(new BigDecimal(others.get(i))));
    }
    for (int exponent : new int[] {0, -900, -sum.exponent()}) {
      BigDecimal scaled =
          exponent < 0
              ? expected.divide(BigDecimal.valueOf(2).pow(-exponent), new MathContext(2000))
              : expected;
      assertEquals(scaled.doubleValue(), sum.mean(1, exponent));
    }
    assertEquals(1.5, Math.abs(sum.mean(1, -sum.exponent())), 0.5);
  }

  private static NumberStats numberStats(List<Double> values) {
    NumberStats stats = NumberStats.empty(FeatureSpec.Scaling.STANDARD);
    values.forEach(value -> stats.add(value));
    return stats;
  }

  private static double measured(List<Double> values) {
    ExactSum sum = sum(values);
    ExactSum squares = ExactSum.ofSquares();
    values.forEach(squares::add);
    return ExactSum.deviation(sum, squares, values.size());
  }

  private static double deviation(List<Double> values) {
    return exactVariance(values).sqrt(new MathContext(40)).doubleValue();
  }

  private static BigDecimal exactVariance(List<Double> values) {
    BigDecimal n = BigDecimal.valueOf(values.size());
    BigDecimal squares = BigDecimal.ZERO;
    for (double value : values) {
      squares = squares.add(new BigDecimal(value).pow(2));
    }
    BigDecimal numerator = squares.multiply(n).subtract(exact(values).pow(2));
    return numerator.divide(n.pow(2), new MathContext(2000));
  }

  private static ExactSum sum(List<Double> values) {
    ExactSum sum = ExactSum.ofNumbers();
    values.forEach(sum::add);
    return sum;
  }

  /** A random merge tree. */
  private ExactSum merged(List<Double> values) {
    if (values.size() < 2) {
      return sum(values);
    }
    int middle = 1 + random.nextInt(values.size() - 1);
    ExactSum left = merged(values.subList(0, middle));
    left.merge(ExactSum.ofNumbers());
    left.merge(merged(values.subList(middle, values.size())));
    return left;
  }

  private static BigDecimal exact(List<Double> values) {
    return values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Every exponent, denormals, both signs, and values that cancel. */
  private List<Double> wild(int size) {
    List<Double> values = new ArrayList<>();
    while (values.size() < size) {
      double value =
          switch (random.nextInt(4)) {
            case 0 -> random.nextGaussian();
            case 1 -> random.nextInt(100) * Double.MIN_VALUE;
            case 2 -> random.nextGaussian() * 1e300;
            default -> random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
          };
      values.add(value);
      if (random.nextInt(3) == 0) {
        values.add(-value);
      }
    }
    return values;
  }
}
