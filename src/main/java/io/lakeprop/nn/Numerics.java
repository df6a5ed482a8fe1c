package io.lakeprop.nn;

/**
 * Elementary functions from additions and multiplications only, so that every processor and every
 * JVM gives the same bits.
 *
 * <p>Coefficients of exp, tanh, sine and cosine: Cephes single precision (Moshier). Of erfc: the
 * Chebyshev fit of Numerical Recipes, relative error below 1.2e-7.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // Coefficients stand as they were published.
final class Numerics {
  static final float LOG2_E = 1.44269504f;
  static final float LN2_HIGH = 0.693359375f;
  static final float LN2_LOW = -2.12194440e-4f;
  static final float EXP_LARGEST = 88.3762f;
  static final float EXP_SMALLEST = -87.3365f;
  static final float EXP_7 = 1.9875691500e-4f;
  static final float EXP_6 = 1.3981999507e-3f;
  static final float EXP_5 = 8.3334519073e-3f;
  static final float EXP_4 = 4.1665795894e-2f;
  static final float EXP_3 = 1.6666665459e-1f;
  static final float EXP_2 = 5.0000001201e-1f;

  /** 1.5 times 2^23: added to a small number, it leaves the nearest integer in the last bits. */
  static final float ROUNDING = 12582912f;

  /** From the bits of {@code n + ROUNDING} to the biased exponent of 2^n. */
  static final int EXPONENT = 127 - Float.floatToRawIntBits(ROUNDING);

  /** Above, tanh(softplus(x)) rounds to 1. */
  static final float TANH_OF_SOFTPLUS_FAR = 20;

  static final float TANH_FAR = 0.625f;
  static final float TANH_11 = -5.70498872745e-3f;
  static final float TANH_9 = 2.06390887954e-2f;
  static final float TANH_7 = -5.37397155531e-2f;
  static final float TANH_5 = 1.33314422036e-1f;
  static final float TANH_3 = -3.33332819422e-1f;

  private Numerics() {}

  /** e to the x, relative error about 1e-7; clamped at the ends of the normal float range. */
  static float exp(float x) {
    float clamped = Math.max(EXP_SMALLEST, Math.min(EXP_LARGEST, x));
    float shifted = clamped * LOG2_E + ROUNDING;
    float n = shifted - ROUNDING;
    float r = clamped - n * LN2_HIGH - n * LN2_LOW;
    float p = EXP_7;
    p = p * r + EXP_6;
    p = p * r + EXP_5;
    p = p * r + EXP_4;
    p = p * r + EXP_3;
    p = p * r + EXP_2;
    float mantissa = p * r * r + r + 1;
    return mantissa * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) + EXPONENT) << 23);
  }

  /** 1 / (1 + e to the -x). */
  static float sigmoid(float x) {
    return 1 / (1 + exp(-x));
  }

  /** Hyperbolic tangent; a polynomial near 0 where 1 - 2/(e^2x + 1) would cancel. */
  static float tanh(float x) {
    float size = Math.abs(x);
    if (size >= TANH_FAR) {
      float value = 1 - 2 / (exp(2 * size) + 1);
      return x < 0 ? -value : value;
    }
    float s = x * x;
    float p = TANH_11;
    p = p * s + TANH_9;
    p = p * s + TANH_7;
    p = p * s + TANH_5;
    p = p * s + TANH_3;
    return p * s * x + x;
  }

  /** log(1 + e to the x), without overflow. */
  static float softplus(float x) {
    return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
  }

  /**
   * tanh(log(1 + e^x)) = e (e + 2) / (e (e + 2) + 2) with e = e^x; 1 where e would be too large.
   */
  static float tanhOfSoftplus(float x) {
    float e = exp(Math.min(x, TANH_OF_SOFTPLUS_FAR));
    float n = e * (e + 2);
    return n / (n + 2);
  }

  /** log(1 + x) for x in [0, 1]. */
  private static float log1p(float x) {
    return (float) StrictMath.log1p(x);
  }

  /** The standard normal distribution function, erfc(-x / sqrt 2) / 2. */
  static float normalCdf(float x) {
    double z = Math.abs(x) * 0.7071067811865476;
    double t = 1 / (1 + 0.5 * z);
    double p = 0.17087277;
    p = p * t - 0.82215223;
    p = p * t + 1.48851587;
    p = p * t - 1.13520398;
    p = p * t + 0.27886807;
    p = p * t - 0.18628806;
    p = p * t + 0.09678418;
    p = p * t + 0.37409196;
    p = p * t + 1.00002368;
    p = p * t - 1.26551223;
    double tail = 0.5 * t * exp((float) (p - z * z));
    return (float) (x < 0 ? tail : 1 - tail);
  }

  /** The standard normal density. */
  static float normalDensity(float x) {
    return 0.39894228f * exp(-0.5f * x * x);
  }

  /** sin(2π x), absolute error about 1e-7 and the rounding of x itself. */
  static float sinOfTurns(float x) {
    return cosOfTurns(x - 0.25f);
  }

  /** cos(2π x); whole turns are taken off first, which is exact. */
  static float cosOfTurns(float x) {
    float turn = Math.abs(x - (float) Math.rint(x));
    // cos falls from 0 to half a turn, and is odd about a quarter.
    float quarter = Math.min(turn, 0.5f - turn);
    float value = quarter < 0.125f ? cosine(quarter) : sine(0.25f - quarter);
    return turn <= 0.25f ? value : -value;
  }

  /** Of x turns, x in [0, 1/8]. */
  private static float sine(float x) {
    float a = x * 6.2831855f;
    float s = a * a;
    float p = -1.9515295891e-4f;
    p = p * s + 8.3321608736e-3f;
    p = p * s - 1.6666654611e-1f;
    return p * s * a + a;
  }

  /** Of x turns, x in [0, 1/8]. */
  private static float cosine(float x) {
    float a = x * 6.2831855f;
    float s = a * a;
    float p = 2.443315711809948e-5f;
    p = p * s - 1.388731625493765e-3f;
    p = p * s + 4.166664568298827e-2f;
    return p * s * s - 0.5f * s + 1;
  }
}
