package io.lakeprop.nn;

import io.lakeprop.base.Mix;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes on the JVM's Vector API. Each lane does what {@link PlainElements} does to a number,
 * operation by operation; what has no such form here (GELU and softplus work in double precision,
 * hard swish's derivative branches), and the rest that fills no vector, goes there.
 */
final class VectorElements implements Elements {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  VectorElements() {}

  @Override
  public void addRows(int rows, int width, float[] matrix, float[] sum, int offset) {
    int bound = SPECIES.loopBound(width);
    for (int r = 0; r < rows; r++) {
      int start = r * width;
      int j = 0;
      for (; j < bound; j += LANES) {
        load(sum, offset + j).add(load(matrix, start + j)).intoArray(sum, offset + j);
      }
      for (; j < width; j++) {
        sum[offset + j] += matrix[start + j];
      }
    }
  }

  /** Columns by vectors; four rows at once, since counters would go to memory and back for each. */
  @Override
  public void countOutside(
      int rows, int width, float[] matrix, float low, float high, float[] counters, int offset) {
    int bound = SPECIES.loopBound(width);
    int fours = rows - rows % 4;
    for (int r = 0; r < fours; r += 4) {
      int start = r * width;
      for (int j = 0; j < bound; j += LANES) {
        int i = start + j;
        FloatVector two = outside(matrix, i, low, high).add(outside(matrix, i + width, low, high));
        int k = i + 2 * width;
        FloatVector more = outside(matrix, k, low, high).add(outside(matrix, k + width, low, high));
        load(counters, offset + j).add(two.add(more)).intoArray(counters, offset + j);
      }
    }
    for (int r = fours; r < rows; r++) {
      for (int j = 0; j < bound; j += LANES) {
        FloatVector one = outside(matrix, r * width + j, low, high);
        load(counters, offset + j).add(one).intoArray(counters, offset + j);
      }
    }
    PlainElements.countOutside(bound, rows, width, matrix, low, high, counters, offset);
  }

  /** 1 where a number is outside, 0 elsewhere. */
  private static FloatVector outside(float[] matrix, int at, float low, float high) {
    FloatVector v = load(matrix, at);
    VectorMask<Float> mask = v.compare(VectorOperators.LT, low);
    if (high < Float.POSITIVE_INFINITY) {
      mask = mask.or(v.compare(VectorOperators.GT, high));
    }
    return FloatVector.zero(SPECIES).blend(one(), mask);
  }

  @Override
  public void exp(int size, float[] x, float[] y) {
    int bound = SPECIES.loopBound(size);
    expOfVectors(bound, x, y);
    PlainElements.exp(bound, size, x, y);
  }

  @Override
  public void forward(Nonlinearity function, int size, float[] x, float[] y) {
    int bound = SPECIES.loopBound(size);
    switch (function) {
      case RELU -> relu(bound, x, y);
      case LEAKY_RELU -> leakyRelu(bound, x, y);
      case ELU -> elu(bound, x, y);
      case SELU -> selu(bound, x, y);
      case SILU -> silu(bound, x, y);
      case GELU_TANH -> geluTanh(bound, x, y);
      case MISH -> mish(bound, x, y);
      case HARD_SWISH -> hardSwish(bound, x, y);
      case SOFTSIGN -> softsign(bound, x, y);
      case IDENTITY -> System.arraycopy(x, 0, y, 0, bound);
      case TANH -> tanh(bound, x, y);
      case SIGMOID -> sigmoid(bound, x, y);
      case GELU, SOFTPLUS -> bound = 0;
    }
    PlainElements.forward(function, bound, size, x, y);
  }

  @Override
  public void backward(
      Nonlinearity function, int size, float[] x, float[] y, float[] dy, float[] dx) {
    int bound = SPECIES.loopBound(size);
    switch (function) {
      case RELU -> reluBackward(bound, x, dy, dx);
      case LEAKY_RELU -> leakyReluBackward(bound, x, dy, dx);
      case ELU -> eluBackward(bound, x, y, dy, dx);
      case SELU -> seluBackward(bound, x, y, dy, dx);
      case SILU -> siluBackward(bound, x, y, dy, dx);
      case GELU_TANH -> geluTanhBackward(bound, x, dy, dx);
      case MISH -> mishBackward(bound, x, dy, dx);
      case SOFTSIGN -> softsignBackward(bound, y, dy, dx);
      case IDENTITY -> System.arraycopy(dy, 0, dx, 0, bound);
      case TANH -> tanhBackward(bound, y, dy, dx);
      case SIGMOID -> sigmoidBackward(bound, y, dy, dx);
      case GELU, SOFTPLUS, HARD_SWISH -> bound = 0;
    }
    PlainElements.backward(function, bound, size, x, y, dy, dx);
  }

  @Override
  public void drop(
      int width, long key, int threshold, float scale, float[] from, float[] to, int start) {
    IntVector low = IntVector.broadcast(INTS, (int) key).addIndex(1);
    int high = (int) (key >>> 32);
    int bound = SPECIES.loopBound(width);
    int j = 0;
    for (; j < bound; j += LANES) {
      IntVector draw = mix(mix(low.add(j)).lanewise(VectorOperators.XOR, high));
      VectorMask<Integer> kept =
          draw.lanewise(VectorOperators.XOR, Integer.MIN_VALUE)
              .compare(VectorOperators.GE, threshold ^ Integer.MIN_VALUE);
      IntVector bits = load(from, start + j).mul(scale).reinterpretAsInts();
      IntVector.zero(INTS).blend(bits, kept).reinterpretAsFloats().intoArray(to, start + j);
    }
    PlainElements.drop(j, width, key, threshold, scale, from, to, start);
  }

  /** What {@link Mix#unit} does twice. */
  private static IntVector mix(IntVector value) {
    IntVector x = value;
    x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
    x = x.mul(Mix.FIRST_FACTOR);
    x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15));
    x = x.mul(Mix.SECOND_FACTOR);
    return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }

  private static VectorMask<Float> positive(FloatVector x) {
    return x.compare(VectorOperators.GT, 0f);
  }

  /** {@link Numerics#exp}. */
  private static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.min(Numerics.EXP_LARGEST).max(Numerics.EXP_SMALLEST);
    FloatVector shifted = clamped.mul(Numerics.LOG2_E).add(Numerics.ROUNDING);
    FloatVector n = shifted.sub(Numerics.ROUNDING);
    FloatVector r = clamped.sub(n.mul(Numerics.LN2_HIGH)).sub(n.mul(Numerics.LN2_LOW));
    FloatVector p = FloatVector.broadcast(SPECIES, Numerics.EXP_7);
    p = p.mul(r).add(Numerics.EXP_6);
    p = p.mul(r).add(Numerics.EXP_5);
    p = p.mul(r).add(Numerics.EXP_4);
    p = p.mul(r).add(Numerics.EXP_3);
    p = p.mul(r).add(Numerics.EXP_2);
    FloatVector mantissa = p.mul(r).mul(r).add(r).add(1);
    IntVector exponent =
        shifted.reinterpretAsInts().add(Numerics.EXPONENT).lanewise(VectorOperators.LSHL, 23);
    return mantissa.mul(exponent.reinterpretAsFloats());
  }

  /** {@link Numerics#sigmoid}. */
  private static FloatVector sigmoid(FloatVector x) {
    return one().div(exp(x.mul(-1f)).add(1));
  }

  private static FloatVector one() {
    return FloatVector.broadcast(SPECIES, 1);
  }

  private static void relu(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      load(x, i).max(0f).intoArray(y, i);
    }
  }

  private static void reluBackward(int size, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector slope = FloatVector.zero(SPECIES).blend(one(), positive(load(x, i)));
      load(dy, i).mul(slope).intoArray(dx, i);
    }
  }

  private static void leakyRelu(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(Nonlinearity.LEAK).blend(v, positive(v)).intoArray(y, i);
    }
  }

  private static void leakyReluBackward(int size, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector leak = FloatVector.broadcast(SPECIES, Nonlinearity.LEAK);
      load(dy, i).mul(leak.blend(one(), positive(load(x, i)))).intoArray(dx, i);
    }
  }

  private static void expOfVectors(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      exp(load(x, i)).intoArray(y, i);
    }
  }

  private static void elu(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      exp(v).sub(1).blend(v, positive(v)).intoArray(y, i);
    }
  }

  private static void eluBackward(int size, float[] x, float[] y, float[] dy, float[] dx) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector slope = load(y, i).add(1).blend(one(), positive(load(x, i)));
      load(dy, i).mul(slope).intoArray(dx, i);
    }
  }

  private static void selu(int size, float[] x, float[] y) {
    expOfVectors(size, x, y);
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector negative = load(y, i).sub(1).mul(Nonlinearity.SELU_ALPHA);
      negative.blend(v, positive(v)).mul(Nonlinearity.SELU_SCALE).intoArray(y, i);
    }
  }

  private static void seluBackward(int size, float[] x, float[] y, float[] dy, float[] dx) {
    FloatVector scale = FloatVector.broadcast(SPECIES, Nonlinearity.SELU_SCALE);
    for (int i = 0; i < size; i += LANES) {
      FloatVector negative = load(y, i).add(Nonlinearity.SELU_SCALE * Nonlinearity.SELU_ALPHA);
      load(dy, i).mul(negative.blend(scale, positive(load(x, i)))).intoArray(dx, i);
    }
  }

  private static void silu(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(sigmoid(v)).intoArray(y, i);
    }
  }

  private static void siluBackward(int size, float[] x, float[] y, float[] dy, float[] dx) {
    sigmoid(size, x, dx);
    for (int i = 0; i < size; i += LANES) {
      FloatVector s = load(dx, i);
      load(dy, i).mul(s.add(load(y, i).mul(one().sub(s)))).intoArray(dx, i);
    }
  }

  /** The sigmoid in tanh's GELU. */
  private static FloatVector geluGate(FloatVector v) {
    FloatVector cube = v.mul(Nonlinearity.CUBE).mul(v).mul(v);
    return sigmoid(v.add(cube).mul(Nonlinearity.TWICE_ROOT));
  }

  private static void geluTanh(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(geluGate(v)).intoArray(y, i);
    }
  }

  private static void geluTanhBackward(int size, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < size; i += LANES) {
      geluGate(load(x, i)).intoArray(dx, i);
    }
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector s = load(dx, i);
      FloatVector inner = v.mul(3 * Nonlinearity.CUBE).mul(v).add(1).mul(Nonlinearity.TWICE_ROOT);
      load(dy, i).mul(s.add(v.mul(s).mul(one().sub(s)).mul(inner))).intoArray(dx, i);
    }
  }

  /** {@link Numerics#tanhOfSoftplus}. */
  private static FloatVector tanhOfSoftplus(FloatVector v) {
    FloatVector e = exp(v.min(Numerics.TANH_OF_SOFTPLUS_FAR));
    FloatVector n = e.mul(e.add(2));
    return n.div(n.add(2));
  }

  private static void mish(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(tanhOfSoftplus(v)).intoArray(y, i);
    }
  }

  private static void mishBackward(int size, float[] x, float[] dy, float[] dx) {
    sigmoid(size, x, dx);
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector t = tanhOfSoftplus(v);
      FloatVector slope = t.add(v.mul(one().sub(t.mul(t))).mul(load(dx, i)));
      load(dy, i).mul(slope).intoArray(dx, i);
    }
  }

  private static void hardSwish(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(v.add(3).min(6f).max(0f)).div(6).intoArray(y, i);
    }
  }

  private static void softsign(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      v.div(v.abs().add(1)).intoArray(y, i);
    }
  }

  private static void softsignBackward(int size, float[] y, float[] dy, float[] dx) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector rest = one().sub(load(y, i).abs());
      load(dy, i).mul(rest.mul(rest)).intoArray(dx, i);
    }
  }

  /** {@link Numerics#tanh}, both forms for every lane. */
  private static void tanh(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i).abs();
      v.add(v).intoArray(y, i);
    }
    expOfVectors(size, y, y);
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector far = one().sub(FloatVector.broadcast(SPECIES, 2).div(load(y, i).add(1)));
      FloatVector signed = far.blend(far.mul(-1f), v.compare(VectorOperators.LT, 0f));
      FloatVector s = v.mul(v);
      FloatVector p = FloatVector.broadcast(SPECIES, Numerics.TANH_11);
      p = p.mul(s).add(Numerics.TANH_9);
      p = p.mul(s).add(Numerics.TANH_7);
      p = p.mul(s).add(Numerics.TANH_5);
      p = p.mul(s).add(Numerics.TANH_3);
      FloatVector near = p.mul(s).mul(v).add(v);
      VectorMask<Float> isFar = v.abs().compare(VectorOperators.GE, Numerics.TANH_FAR);
      near.blend(signed, isFar).intoArray(y, i);
    }
  }

  private static void tanhBackward(int size, float[] y, float[] dy, float[] dx) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(y, i);
      load(dy, i).mul(one().sub(v.mul(v))).intoArray(dx, i);
    }
  }

  private static void sigmoid(int size, float[] x, float[] y) {
    for (int i = 0; i < size; i += LANES) {
      sigmoid(load(x, i)).intoArray(y, i);
    }
  }

  private static void sigmoidBackward(int size, float[] y, float[] dy, float[] dx) {
    for (int i = 0; i < size; i += LANES) {
      FloatVector v = load(y, i);
      load(dy, i).mul(v.mul(one().sub(v))).intoArray(dx, i);
    }
  }
}
