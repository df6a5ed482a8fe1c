package io.lakeprop.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every buffer of the forward and backward pass of one network over pieces of at most {@code rows}
 * rows: allocated once, as a {@link WorkspacePlan} says, reused for every piece. Belongs to one
 * thread.
 */
public final class Workspace {
  private final WorkspacePlan plan;
  private final int rows;
  private final int numeric;
  private final int categories;
  private final int width;

  /**
   * values[0] is x, (rows, inputs); values[i + 1] is the output of layer i, or the same array as
   * its input. Some may be longer than that.
   */
  final float[][] values;

  /** Category ids, (rows, categories). */
  final int[] ids;

  final int[] offsets;

  /** For each layer where its counters start. */
  private final int[] counters;

  final Pass pass;

  /** All arrays of the plan. */
  private final float[][] arrays;

  /** Each layer's scratch. */
  private final float[][][] scratch;

  /** Two gradients that take turns, each as wide as the widest layer. */
  private final float[] even;

  private final float[] odd;
  private final float[] labels;
  private final float[] weights;
  private final float[] losses;
  private final float[] logitOffsets;

  /** Keeps every activation for the way back; for rows with one label. */
  public Workspace(Network network, int rows, Gemm gemm) {
    this(new WorkspacePlan(network, rows, 1, new Recompute.None()), gemm);
  }

  public Workspace(WorkspacePlan plan, Gemm gemm) {
    Network network = plan.network();
    this.plan = plan;
    this.rows = plan.rows();
    this.numeric = network.input().numeric();
    this.categories = network.input().categories().size();
    this.width = network.input().outputs();
    this.offsets = network.offsets();
    this.counters = network.counterOffsets();
    this.pass = new Pass(gemm);
    this.ids = new int[rows * categories];
    this.arrays = plan.allocate();
    this.values = those(plan.values);
    this.scratch = Stream.of(plan.scratch).map(this::those).toArray(float[][][]::new);
    this.even = new float[Math.multiplyExact(rows, plan.widest)];
    this.odd = new float[rows * plan.widest];
    this.labels = new float[Math.multiplyExact(rows, plan.labelsARow())];
    this.weights = new float[rows];
    pass.weights = weights;
    this.losses = new float[labels.length];
    this.logitOffsets = new float[rows];
  }

  private float[][] those(int[] numbers) {
    return IntStream.of(numbers).mapToObj(number -> arrays[number]).toArray(float[][]::new);
  }

  /** Bytes of all buffers. */
  long bytes() {
    long numbers = Stream.of(arrays).mapToLong(array -> array.length).sum();
    for (float[] more : List.of(even, odd, labels, weights, losses, logitOffsets)) {
      numbers += more.length;
    }
    return Float.BYTES * numbers + (long) Integer.BYTES * ids.length;
  }

  /** Makes ready what a layer finds in the pass besides its buffers. */
  void enter(int layer) {
    pass.layer = layer;
    pass.offset = offsets[layer];
    pass.counter = counters[layer];
    pass.scratch = scratch[layer];
    int from = plan.skips[layer];
    pass.skipped = from < 0 ? null : values[from];
    pass.skippedGradient = from < 0 || plan.skipped[from] < 0 ? null : arrays[plan.skipped[from]];
  }

  /** The layers that are run again before this one goes back, because their buffers were shared. */
  int[] again(int layer) {
    return plan.again[layer];
  }

  /** {@link #enter} for the way back: {@code dy} becomes the gradient of the layer's output. */
  void enterBackward(int layer, float[] dy) {
    addSkipped(layer + 1, dy);
    enter(layer);
    if (plan.startsSkipped[layer]) {
      Arrays.fill(pass.skippedGradient, 0, pass.rows * plan.widths[plan.skips[layer]], 0);
    }
  }

  /** Adds what skip connections brought to one of the values to the gradient of the chain. */
  void addSkipped(int value, float[] dy) {
    if (plan.skipped[value] < 0) {
      return;
    }
    float[] more = arrays[plan.skipped[value]];
    for (int i = 0; i < pass.rows * plan.widths[value]; i++) {
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

  /** Labels of the piece, (rows, labels a row), to be filled by the caller. */
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

  /**
   * Adds the offset of each of the first rows to its logits, which are the last forward's.
   *
   * @param factors of the offset, one a logit of a row
   */
  public void shiftLogits(int shifted, float[] factors) {
    float[] logits = logits();
    for (int row = 0; row < shifted; row++) {
      int start = row * factors.length;
      for (int j = 0; j < factors.length; j++) {
        logits[start + j] += factors[j] * logitOffsets[row];
      }
    }
  }

  /** Losses of the piece's rows, (rows), or of their labels, (rows, labels a row). */
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
