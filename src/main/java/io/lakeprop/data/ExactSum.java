package io.lakeprop.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A sum of doubles without rounding: a fixed-point number that covers every exponent.
 *
 * <p>Adding in any order, in any grouping, gives the same number; it is rounded once, when read.
 * Digits are 32 bits wide in 64-bit words, carries are settled every 2^29 additions (Kulisch's long
 * accumulator).
 */
public final class ExactSum {
  private static final int DIGITS = 68;
  private static final int UNIT_EXPONENT = -1074;
  private static final long DIGIT_MASK = 0xFFFFFFFFL;
  private static final int ADDITIONS_UNTIL_CARRY = 1 << 29;

  private final long[] digits = new long[DIGITS];
  private int additions;

  /** Adds a finite number. */
  public void add(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    long mantissa = bits & 0xFFFFFFFFFFFFFL;
    int position = 0;
    if (exponent > 0) {
      mantissa |= 1L << 52;
      position = exponent - 1;
    }
    int word = position >>> 5;
    int shift = position & 31;
    long low = (mantissa & DIGIT_MASK) << shift;
    long high = (mantissa >>> 32) << shift;
    long sign = bits < 0 ? -1 : 1;
    digits[word] += sign * (low & DIGIT_MASK);
    digits[word + 1] += sign * ((low >>> 32) + (high & DIGIT_MASK));
    digits[word + 2] += sign * (high >>> 32);
    if (++additions == ADDITIONS_UNTIL_CARRY) {
      carry();
    }
  }

  /** Adds the exact square of a finite number, which two doubles hold. */
  public void addSquare(double value) {
    double square = value * value;
    add(square);
    add(Math.fma(value, value, -square));
  }

  /** Adds the other sum to this one. */
  public void merge(ExactSum other) {
    carry();
    other.carry();
    for (int i = 0; i < DIGITS; i++) {
      digits[i] += other.digits[i];
    }
    additions = 2;
  }

  /** The sum, rounded once. */
  public double value() {
    return toDouble(scaled(), BigInteger.ONE, UNIT_EXPONENT);
  }

  /** The sum divided by {@code count}, rounded once. */
  public double mean(long count) {
    return toDouble(scaled(), BigInteger.valueOf(count), UNIT_EXPONENT);
  }

  /**
   * The variance of {@code count} numbers, {@code (n Σx² - (Σx)²) / n²}, exact until its one
   * rounding.
   */
  public static double variance(ExactSum sum, ExactSum squares, long count) {
    BigInteger n = BigInteger.valueOf(count);
    BigInteger s = sum.scaled();
    BigInteger numerator =
        squares.scaled().multiply(n).shiftLeft(-UNIT_EXPONENT).subtract(s.multiply(s));
    return toDouble(numerator, n.multiply(n), 2 * UNIT_EXPONENT);
  }

  private BigInteger scaled() {
    carry();
    BigInteger value = BigInteger.ZERO;
    for (int i = DIGITS - 1; i >= 0; i--) {
      value = value.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
    }
    return value;
  }

  private void carry() {
    for (int i = 0; i + 1 < DIGITS; i++) {
      long over = digits[i] >> 32;
      digits[i] -= over << 32;
      digits[i + 1] += over;
    }
    additions = 1;
  }

  private static double toDouble(BigInteger numerator, BigInteger denominator, int exponent) {
    BigDecimal unit = new BigDecimal(BigInteger.ONE.shiftLeft(-exponent));
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator).multiply(unit), MathContext.DECIMAL128)
        .doubleValue();
  }
}
