package io.lakeprop.nn;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The forward and backward pass of a network without any thrift: every value, scratch and gradient
 * in an array of its own, made anew. The slow twin of {@link Workspace}.
 */
final class PlainPass {
  private final Network network;
  private final int rows;
  private final Pass pass = new Pass(new EjmlGemm());
  private final float[][] values;
  private final float[][][] scratch;
  private final int[] ids;

  PlainPass(Network network, int rows, float[] x, int[] ids) {
    this.network = network;
    this.rows = rows;
    this.ids = ids;
    this.values = new float[network.layers().size() + 1][];
    this.scratch = new float[network.layers().size()][][];
    values[0] = x;
  }

  /** The gradient of theta, from labels that are wanted as logits with those weights. */
  float[] gradient(float[] theta, Randomness randomness, float[] weights, float[] wanted) {
    pass.rows = rows;
    pass.theta = theta;
    pass.randomness = randomness;
    pass.weights = weights;
    pass.gradient = new float[theta.length];
    network.input().forward(pass, ids, values[0]);
    for (int i = 0; i < scratch.length; i++) {
      Layer layer = layer(i);
      scratch[i] = IntStream.of(layer.scratch(rows)).mapToObj(float[]::new).toArray(float[][]::new);
      values[i + 1] = new float[rows * layer.outputs()];
      enter(i);
      layer.forward(pass, values[i], values[i + 1]);
    }
    float[] dy = logitsGradient(rows, logits(), weights, wanted);
    float[][] skipped = Arrays.stream(values).map(v -> new float[v.length]).toArray(float[][]::new);
    for (int i = scratch.length - 1; i >= 0; i--) {
      enter(i);
      pass.skippedGradient = network.skips()[i] < 0 ? null : skipped[network.skips()[i]];
      add(skipped[i + 1], dy);
      float[] dx = new float[values[i].length];
      layer(i).backward(pass, values[i], values[i + 1], dy, dx);
      dy = dx;
    }
    add(skipped[0], dy);
    network.input().backward(pass, ids, dy);
    return pass.gradient;
  }

  /** The gradient of half the weighted squares. */
  static float[] logitsGradient(int rows, float[] logits, float[] weights, float[] wanted) {
    float[] dy = new float[wanted.length];
    for (int i = 0; i < dy.length; i++) {
      dy[i] = weights[i / (wanted.length / rows)] * (logits[i] - wanted[i]);
    }
    return dy;
  }

  float[] logits() {
    return values[values.length - 1];
  }

  private Layer layer(int i) {
    return network.layers().get(i).layer();
  }

  private void enter(int i) {
    pass.layer = i;
    pass.offset = network.offsets()[i];
    pass.scratch = scratch[i];
    pass.skipped = network.skips()[i] < 0 ? null : values[network.skips()[i]];
  }

  private static void add(float[] more, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }
}
