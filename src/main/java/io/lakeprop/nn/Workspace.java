package io.lakeprop.nn;

import io.lakeprop.base.Check;

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
  final Pass pass;

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
    this.pass = new Pass(gemm);
    this.ids = new int[rows * categories];
    this.values = new float[network.layers().size() + 1][];
    this.values[0] = new float[Math.multiplyExact(rows, width)];
    int widest = width;
    for (int i = 0; i < network.layers().size(); i++) {
      int outputs = network.layers().get(i).layer().outputs();
      values[i + 1] =
          inPlace(network, i) ? values[i] : new float[Math.multiplyExact(rows, outputs)];
      widest = Math.max(widest, outputs);
    }
    this.even = new float[Math.multiplyExact(rows, widest)];
    this.odd = new float[rows * widest];
    this.labels = new float[rows];
    this.weights = new float[rows];
    this.losses = new float[rows];
    this.logitOffsets = new float[rows];
  }

  /**
   * Whether a layer's output may overwrite its input: an activation whose derivative follows from
   * its output, above a linear layer, which does not look at what it gave. Two thirds of the
   * memory, which then stays nearer to the processor.
   */
  private static boolean inPlace(Network network, int layer) {
    return layer > 0
        && network.layers().get(layer).layer() instanceof Activation activation
        && activation.function().inPlace()
        && network.layers().get(layer - 1).layer() instanceof Linear;
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
