package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Every buffer of the forward and backward pass of one network over pieces of at most {@code rows}
 * rows: allocated once, reused for every piece. Belongs to one thread.
 */
public final class Workspace {
  private final int rows;
  private final int numeric;
  private final int categories;
  private final int width;

  /**
   * values[0] is x, (rows, inputs); values[i + 1] is the output of layer i, or the same array as
   * its input.
   */
  final float[][] values;

  /** Category ids, (rows, categories). */
  final int[] ids;

  final int[] offsets;

  /** For each layer where its counters start. */
  private final int[] counters;

  final Pass pass;

  /** Each layer's scratch. */
  private final float[][][] scratch;

  /** For each layer the position in values that it reads besides its input, or -1. */
  private final int[] skips;

  /**
   * The gradient that skip connections bring to each of the values, null where none starts. That of
   * the chain is added on the way down.
   */
  private final float[][] skippedGradients;

  /** Two gradients that take turns, each as wide as the widest layer. */
  private final float[] even;

  private final float[] odd;
  private final float[] labels;
  private final float[] weights;
  private final float[] losses;
  private final float[] logitOffsets;

  public Workspace(Network network, int rows, Gemm gemm) {
    this.rows = Check.positive(rows, "rows");
    this.numeric = network.input().numeric();
    this.categories = network.input().categories().size();
    this.width = network.input().outputs();
    this.offsets = network.offsets();
    this.counters = network.counterOffsets();
    this.pass = new Pass(gemm);
    this.ids = new int[rows * categories];
    this.values = new float[network.layers().size() + 1][];
    this.values[0] = new float[Math.multiplyExact(rows, width)];
    this.skips = network.skips();
    this.skippedGradients = new float[values.length][];
    this.scratch = new float[network.layers().size()][][];
    int widest = width;
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i).layer();
      int outputs = layer.outputs();
      scratch[i] = IntStream.of(layer.scratch(rows)).mapToObj(float[]::new).toArray(float[][]::new);
      values[i + 1] =
          inPlace(network, i, skips) ? values[i] : new float[Math.multiplyExact(rows, outputs)];
      widest = Math.max(widest, outputs);
    }
    for (int i = 0; i < skips.length; i++) {
      if (skips[i] > 0 || (skips[i] == 0 && network.input().learns())) {
        skippedGradients[skips[i]] = new float[values[skips[i]].length];
      }
    }
    this.even = new float[Math.multiplyExact(rows, widest)];
    this.odd = new float[rows * widest];
    this.labels = new float[rows];
    this.weights = new float[rows];
    pass.weights = weights;
    this.losses = new float[rows];
    this.logitOffsets = new float[rows];
  }

  /**
   * Whether a layer's output may overwrite its input: an activation whose derivative follows from
   * its output, above a layer that does not look at what it gave, from which nothing skips. Two
   * thirds of the memory, which then stays nearer to the processor.
   */
  private static boolean inPlace(Network network, int layer, int[] skips) {
    return layer > 0
        && IntStream.of(skips).noneMatch(from -> from == layer)
        && network.layers().get(layer).layer() instanceof Activation activation
        && activation.function().inPlace()
        && !network.layers().get(layer - 1).layer().readsOutput();
  }

  /** Makes ready what a layer finds in the pass besides its buffers. */
  void enter(int layer) {
    pass.layer = layer;
    pass.offset = offsets[layer];
    pass.counter = counters[layer];
    pass.scratch = scratch[layer];
    boolean skip = skips[layer] >= 0;
    pass.skipped = skip ? values[skips[layer]] : null;
    pass.skippedGradient = skip ? skippedGradients[skips[layer]] : null;
  }

  /** Starts the backward pass. */
  void clearSkipped() {
    for (float[] gradient : skippedGradients) {
      if (gradient != null) {
        Arrays.fill(gradient, 0);
      }
    }
  }

  /** Adds what skip connections brought to one of the values to the gradient of the chain. */
  void addSkipped(int value, float[] dy) {
    float[] more = skippedGradients[value];
    for (int i = 0; more != null && i < more.length; i++) {
      dy[i] += more[i];
    }
  }

  /** The most rows that a piece may have. */
  public int rows() {
    return rows;
  }

  /** Puts a row in: its numbers at {@code n} and its category ids at {@code c} of the arrays. */
  public void put(int row, float[] numbers, int n, int[] categoryIds, int c) {
    System.arraycopy(numbers, n, values[0], row * width, numeric);
    System.arraycopy(categoryIds, c, ids, row * categories, categories);
  }

  /** Labels of the piece, (rows), to be filled by the caller. */
  public float[] labels() {
    return labels;
  }

  /** Row weights of the piece, (rows), to be filled by the caller. */
  public float[] weights() {
    return weights;
  }

  /** What {@link #shiftLogits} adds, (rows), to be filled by the caller. */
  public float[] logitOffsets() {
    return logitOffsets;
  }

  /** Adds the offset of each of the first rows to all its logits, which are the last forward's. */
  public void shiftLogits(int shifted) {
    float[] logits = logits();
    int logitsARow = logits.length / rows;
    for (int i = 0; i < shifted * logitsARow; i++) {
      logits[i] += logitOffsets[i / logitsARow];
    }
  }

  /** Losses of the piece's rows, (rows), before weighting. */
  public float[] losses() {
    return losses;
  }

  /** (rows, logits), as the last forward left them. */
  public float[] logits() {
    return values[values.length - 1];
  }

  /** (rows, logits): where a loss puts the gradient that backward starts from. */
  public float[] logitsGradient() {
    return even;
  }

  /** Where the gradient of a layer's input goes: over that of its output, where that may be. */
  float[] gradientBelow(int layer, float[] dy) {
    if (values[layer] == values[layer + 1]) {
      return dy;
    }
    return dy == even ? odd : even;
  }
}
