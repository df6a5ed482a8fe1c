package io.lakeprop.data;

import io.lakeprop.base.Mix;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * Rows for benchmarks: standard normal numbers, and as label the largest of {@code classes} fixed
 * random linear functions of them, so that there is something to learn.
 */
public record SyntheticTable(int inputs, int classes, long seed) implements Serializable {
  /** Rows of one shard, the same on every machine. */
  public PackedBlock block(int shard, int rows) {
    float[] map = new float[classes * inputs];
    fill(map, -1);
    PackedBlock.Builder block = new PackedBlock.Builder(shard, inputs, 0);
    float[] numbers = new float[inputs];
    for (int r = 0; r < rows; r++) {
      fill(numbers, Mix.mix(shard, r));
      block.add(new EncodedRow(shard, 0, numbers, new int[0], largest(map, numbers), 1));
    }
    return block.build();
  }

  private void fill(float[] numbers, long stream) {
    SplittableRandom random = new SplittableRandom(Mix.mix(seed, stream));
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
  }

  private int largest(float[] map, float[] numbers) {
    int best = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      double sum = 0;
      for (int i = 0; i < inputs; i++) {
        sum += (double) map[c * inputs + i] * numbers[i];
      }
      if (sum > largest) {
        largest = sum;
        best = c;
      }
    }
    return best;
  }
}
