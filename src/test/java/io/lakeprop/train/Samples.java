package io.lakeprop.train;

import io.lakeprop.data.EncodedRow;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.nn.CategoryEncoding;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.TableInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Rows with two numbers, one of four category ids, a class and a weight, cut into shards. */
final class Samples {
  static final int CLASSES = 3;
  static final TableInput INPUT =
      new TableInput(
          2, List.of(new TableInput.Category("c", new CategoryEncoding.Embedding(4, 3))));

  private Samples() {}

  static Network network(float dropout) {
    return Network.perceptron(INPUT, List.of(8, 6), Nonlinearity.TANH, dropout, CLASSES);
  }

  /** The same rows for the same sizes' sum, whatever the sizes; the labels drift along the rows. */
  static List<PackedBlock> shards(int... sizes) {
    int all = Arrays.stream(sizes).sum();
    Random random = new Random(12);
    List<PackedBlock> blocks = new ArrayList<>();
    int row = 0;
    for (int shard = 0; shard < sizes.length; shard++) {
      PackedBlock.Builder block = new PackedBlock.Builder(shard, 2, 1);
      for (int i = 0; i < sizes[shard]; i++) {
        float[] numbers = {(float) random.nextGaussian(), 2f * row / all - 1};
        int label = Math.min(CLASSES - 1, CLASSES * row / all);
        float weight = 0.25f * random.nextInt(9);
        block.add(new EncodedRow(shard, row, numbers, new int[] {row % 4}, label, weight));
        row++;
      }
      blocks.add(block.build());
    }
    return blocks;
  }

  /** One block of given numbers, labels and weights. */
  static PackedBlock block(int shard, float[][] rows, float[] labels, float[] weights) {
    int width = rows.length == 0 ? 0 : rows[0].length;
    PackedBlock.Builder block = new PackedBlock.Builder(shard, width, 0);
    for (int i = 0; i < rows.length; i++) {
      block.add(new EncodedRow(shard, i, rows[i], new int[0], labels[i], weights[i]));
    }
    return block.build();
  }
}
