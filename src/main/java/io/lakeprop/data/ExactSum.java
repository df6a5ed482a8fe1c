package io.lakeprop.data;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A sum without rounding, of doubles, of their squares or of products: a fixed-point number that
 * covers every exponent.
 *
 * <p>Adding in any order, in any grouping, gives the same number; it is rounded once, when read.
 * Digits are 32 bits wide in 64-bit words, carries are settled every 2^28 additions (Kulisch's long
 * accumulator).
 */
public final class ExactSum {
  /** Exponent of the smallest double. */
  private static final int SMALLEST = -1074;

  /** From the smallest double to the largest, and 32 bits for as many additions. */
  private static final int DIGITS = 68;

  /** The same for squares. */
  private static final int DIGITS_OF_SQUARES = 136;

  private static final long DIGIT_MASK = 0xFFFFFFFFL;
  private static final int HALF_BITS = 27;
  private static final long LOW_HALF = (1L << HALF_BITS) - 1;
  private static final int ADDITIONS_UNTIL_CARRY = 1 << 28;

  private final boolean ofSquares;
  private final long[] digits;
  private int additions;

  private ExactSum(boolean ofSquares) {
    this.ofSquares = ofSquares;
    this.digits = new long[ofSquares ? DIGITS_OF_SQUARES : DIGITS];
  }

  /** The empty sum of numbers. */
  public static ExactSum ofNumbers() {
    return new ExactSum(false);
  }

  /** The empty sum of products of two numbers. */
  public static ExactSum ofProducts() {
    return new ExactSum(true);
  }

  /** The empty sum of squares. */
  public static ExactSum ofSquares() {
    return new ExactSum(true);
  }

  /** Adds a finite number, or its square. */
  public void add(double value) {
    if (ofSquares) {
      addProduct(value, value);
      return;
    }
    add(mantissa(value), position(value), value < 0 ? -1 : 1);
    countAddition();
  }

  /** Adds the product of two finite numbers to a sum of products, without rounding it. */
  public void addProduct(double a, double b) {
    // (high 2^27 + low) of both, multiplied in three parts that fit 64 bits.
    long highOfA = mantissa(a) >>> HALF_BITS;
    long lowOfA = mantissa(a) & LOW_HALF;
    long highOfB = mantissa(b) >>> HALF_BITS;
    long lowOfB = mantissa(b) & LOW_HALF;
    int position = position(a) + position(b);
    int sign = a < 0 == b < 0 ? 1 : -1;
    add(highOfA * highOfB, position + 2 * HALF_BITS, sign);
    add(highOfA * lowOfB + lowOfA * highOfB, position + HALF_BITS, sign);
    add(lowOfA * lowOfB, position, sign);
    countAddition();
  }

  private void countAddition() {
    if (++additions == ADDITIONS_UNTIL_CARRY) {
      carry();
    }
  }

  /** The digits of a number, in units of 2^position of the smallest double. */
  private static long mantissa(double value) {
    long bits = Double.doubleToRawLongBits(value);
    long fraction = bits & 0xFFFFFFFFFFFFFL;
    return (bits >>> 52 & 0x7FF) > 0 ? fraction | 1L << 52 : fraction;
  }

  private static int position(double value) {
    return Math.max(0, ((int) (Double.doubleToRawLongBits(value) >>> 52) & 0x7FF) - 1);
  }

  /** Adds {@code sign part 2^position}, in units of the last bit. */
  private void add(long part, int position, int sign) {
    int word = position >>> 5;
    int shift = position & 31;
    long low = (part & DIGIT_MASK) << shift;
    long high = (part >>> 32) << shift;
    digits[word] += sign * (low & DIGIT_MASK);
    digits[word + 1] += sign * ((low >>> 32) + (high & DIGIT_MASK));
    digits[word + 2] += sign * (high >>> 32);
  }

  /** Adds the other sum of the same kind to this one. */
  public void merge(ExactSum other) {
    carry();
    other.carry();
    for (int i = 0; i < digits.length; i++) {
      digits[i] += other.digits[i];
    }
    additions = 2;
  }

  /** The sum, rounded once. */
  public double value() {
    return mean(1);
  }

  /** The sum divided by {@code count}, rounded once. */
  public double mean(long count) {
    return mean(count, 0);
  }

  /** The sum divided by {@code count}, times 2^exponent, rounded once. */
  public double mean(long count, int exponent) {
    return rounded(whole(), BigInteger.valueOf(count), unit() + exponent);
  }

  /** The power of two by which a sum has its size: 2^exponent to 2^(exponent + 1), not of 0. */
  public int exponent() {
    return whole().abs().bitLength() - 1 + unit();
  }

  /**
   * The standard deviation of {@code count} numbers, {@code √(n Σx² - (Σx)²) / n}; exact but for
   * the rounding of the variance and of its root.
   */
  public static double deviation(ExactSum sum, ExactSum squares, long count) {
    BigInteger n = BigInteger.valueOf(count);
    BigInteger s = sum.whole();
    BigInteger numerator = squares.whole().multiply(n).subtract(s.multiply(s));
    if (numerator.signum() == 0) {
      return 0;
    }
    BigInteger denominator = n.multiply(n);
    // The variance may be beyond the doubles where its root is not: take out an even power of two.
    int even = (numerator.bitLength() - denominator.bitLength()) & ~1;
    double scaled = rounded(numerator, denominator, -even);
    return Math.scalb(Math.sqrt(scaled), (squares.unit() + even) / 2);
  }

  /** Exponent of the last bit. */
  private int unit() {
    return ofSquares ? 2 * SMALLEST : SMALLEST;
  }

  /** The sum in units of its last bit. */
  private BigInteger whole() {
    carry();
    BigInteger value = BigInteger.ZERO;
    for (int i = digits.length - 1; i >= 0; i--) {
      value = value.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
    }
    return value;
  }

  private void carry() {
    for (int i = 0; i + 1 < digits.length; i++) {
      long over = digits[i] >> 32;
      digits[i] -= over << 32;
      digits[i + 1] += over;
    }
    additions = 1;
  }

  /**
   * {@code numerator / denominator 2^exponent} as the nearest double: a quotient of 128 bits or
   * more whose last bit says whether anything is left, then one rounding.
   */
  private static double rounded(BigInteger numerator, BigInteger denominator, int exponent) {
    int shift = Math.max(0, 128 + denominator.bitLength() - numerator.bitLength());
    BigInteger[] parts = numerator.abs().shiftLeft(shift).divideAndRemainder(denominator);
    BigInteger quotient = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
    int power = exponent - shift;
    BigDecimal exact =
        power >= 0
            ? new BigDecimal(quotient.shiftLeft(power))
            : new BigDecimal(quotient).divide(new BigDecimal(BigInteger.ONE.shiftLeft(-power)));
    return numerator.signum() * exact.doubleValue();
  }
}
