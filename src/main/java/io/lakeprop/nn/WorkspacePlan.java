package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which arrays the passes of a network over pieces of at most {@code rows} rows need, and what
 * shares one. {@link Workspace} allocates by it, so what it says of bytes is what is allocated.
 *
 * <p>The layers are cut into segments. An output is kept for the way back, in an array of its own,
 * when a segment starts from it, when a skip connection of a later segment reads it, or when it is
 * the network's. All else belongs to its segment and lies in arrays that segments take turns with;
 * before a segment goes back, what lies there of a later one is overwritten by running those of its
 * layers again whose outputs or scratch were lost. The last segment has nothing to run again, and
 * one segment is all of a network that keeps everything.
 */
public final class WorkspacePlan {
  /** The longest array that every JVM makes. */
  private static final long MOST_NUMBERS = Integer.MAX_VALUE - 8;

  private final Network network;
  private final int rows;
  private final int labels;

  /** For each layer the position of the output that it reads besides its input, or -1. */
  final int[] skips;

  /** For each of the values (x, then each layer's output) the number of its array. */
  final int[] values;

  /** For each layer the numbers of its scratch arrays. */
  final int[][] scratch;

  /** For each of the values the array of the gradient that skips bring to it, or -1. */
  final int[] skipped;

  /** For each layer whether that gradient begins with it: the last one that reads the value. */
  final boolean[] startsSkipped;

  /** For each layer those that are run again before it goes back. */
  final int[][] again;

  /** Numbers a row of each of the values, and of the widest. */
  final int[] widths;

  final int widest;

  private final int segments;
  private final List<Integer> lengths = new ArrayList<>();

  /** For rows with one label. */
  public WorkspacePlan(Network network, int rows, Recompute recompute) {
    this(network, rows, 1, recompute);
  }

  /**
   * @param labels that the loss reads a row
   */
  public WorkspacePlan(Network network, int rows, int labels, Recompute recompute) {
    this.network = network;
    this.rows = Check.positive(rows, "rows");
    this.labels = Check.positive(labels, "labels");
    int layers = network.layers().size();
    this.skips = network.skips();
    this.values = new int[layers + 1];
    this.scratch = new int[layers][];
    this.skipped = new int[layers + 1];
    this.again = new int[layers][0];
    this.startsSkipped = new boolean[layers];
    this.widths =
        IntStream.concat(
                IntStream.of(network.input().outputs()),
                network.layers().stream().mapToInt(named -> named.layer().outputs()))
            .toArray();
    this.widest = IntStream.of(widths).max().orElseThrow();
    Check.require(
        (long) rows * widest < MOST_NUMBERS,
        "a piece must have fewer than 2^31 numbers, with %d a row".formatted(widest),
        "rows",
        rows);
    boolean[] kept = new boolean[layers + 1];
    int[] ends = segments(recompute.segment(layers));
    this.segments = ends.length;
    keep(kept, ends);
    share(kept, ends);
    runAgain(kept, ends);
    shareSkipped();
  }

  /** One past the last layer of each segment. No border lies below what overwrites its input. */
  private int[] segments(int segment) {
    int layers = scratch.length;
    IntStream.Builder ends = IntStream.builder();
    for (int end = 0; end < layers; ) {
      end = Math.min(layers, end + segment);
      while (end < layers && inPlace(end)) {
        end++;
      }
      ends.add(end);
    }
    return ends.build().toArray();
  }

  private void keep(boolean[] kept, int[] ends) {
    kept[0] = true;
    int start = 0;
    for (int end : ends) {
      kept[end] = true;
      for (int layer = start; layer < end; layer++) {
        if (skips[layer] >= 0 && skips[layer] < start) {
          kept[skips[layer]] = true;
        }
      }
      start = end;
    }
    for (int layer = scratch.length - 1; layer >= 0; layer--) {
      kept[layer] |= inPlace(layer) && kept[layer + 1];
    }
  }

  /** An array that a segment needs: a layer's output, or one of its scratch. */
  private record Need(int length, int layer, int scratch) {
    private static final int OUTPUT = -1;
  }

  /** Gives every value and scratch its array. */
  private void share(boolean[] kept, int[] ends) {
    values[0] = array(length(0));
    List<Integer> shared = new ArrayList<>();
    int start = 0;
    for (int end : ends) {
      List<Need> needs = new ArrayList<>();
      for (int layer = start; layer < end; layer++) {
        needs(layer, kept[layer + 1], needs);
      }
      // The largest of one segment shares with the largest of another: the least in all.
      needs.sort(Comparator.comparingInt(Need::length).reversed());
      for (int i = 0; i < needs.size(); i++) {
        Need need = needs.get(i);
        if (i == shared.size()) {
          shared.add(array(need.length()));
        }
        int array = shared.get(i);
        lengths.set(array, Math.max(lengths.get(array), need.length()));
        if (need.scratch() == Need.OUTPUT) {
          values[need.layer() + 1] = array;
        } else {
          scratch[need.layer()][need.scratch()] = array;
        }
      }
      start = end;
    }
    for (int layer = 0; layer < scratch.length; layer++) {
      if (inPlace(layer)) {
        values[layer + 1] = values[layer];
      }
    }
  }

  private void needs(int layer, boolean kept, List<Need> needs) {
    int[] own = layer(layer).scratch(rows);
    scratch[layer] = new int[own.length];
    for (int i = 0; i < own.length; i++) {
      needs.add(new Need(own[i], layer, i));
    }
    if (inPlace(layer)) {
      return;
    }
    if (kept) {
      values[layer + 1] = array(length(layer + 1));
    } else {
      needs.add(new Need(length(layer + 1), layer, Need.OUTPUT));
    }
  }

  /** Before a segment goes back, its layers whose output or scratch another one has overwritten. */
  private void runAgain(boolean[] kept, int[] ends) {
    int start = 0;
    for (int s = 0; s + 1 < ends.length; s++) {
      IntStream.Builder lost = IntStream.builder();
      boolean below = false;
      for (int layer = start; layer < ends[s]; layer++) {
        below = !kept[layer + 1] || scratch[layer].length > 0 || (below && inPlace(layer));
        if (below) {
          lost.add(layer);
        }
      }
      again[ends[s] - 1] = lost.build().toArray();
      start = ends[s];
    }
  }

  /**
   * The gradient that skips bring to a value lives from the way back of the last layer that reads
   * it to that of the layer that made it; those that do not overlap share an array.
   */
  private void shareSkipped() {
    Arrays.fill(skipped, -1);
    List<Integer> arrays = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    for (int layer = scratch.length - 1; layer >= 0; layer--) {
      int from = skips[layer];
      if (from < 0 || skipped[from] >= 0 || (from == 0 && !network.input().learns())) {
        continue;
      }
      int free = 0;
      while (free < arrays.size() && ends.get(free) < layer) {
        free++;
      }
      if (free == arrays.size()) {
        arrays.add(array(length(from)));
        ends.add(0);
      }
      startsSkipped[layer] = true;
      skipped[from] = arrays.get(free);
      lengths.set(skipped[from], Math.max(lengths.get(skipped[from]), length(from)));
      ends.set(free, from - 1);
    }
  }

  private int array(int length) {
    lengths.add(length);
    return lengths.size() - 1;
  }

  private Layer layer(int layer) {
    return network.layers().get(layer).layer();
  }

  private int length(int value) {
    return Math.multiplyExact(rows, widths[value]);
  }

  /**
   * Whether a layer's output overwrites its input: an activation whose derivative follows from its
   * output, above a layer that does not look at what it gave, from which nothing skips. Two thirds
   * of the memory, which then stays nearer to the processor.
   */
  boolean inPlace(int layer) {
    return layer > 0
        && IntStream.of(skips).noneMatch(from -> from == layer)
        && layer(layer) instanceof Activation activation
        && activation.function().inPlace()
        && !layer(layer - 1).readsOutput();
  }

  Network network() {
    return network;
  }

  /** The most rows that a piece may have. */
  public int rows() {
    return rows;
  }

  int labelsARow() {
    return labels;
  }

  /** How many segments there are; all but the last are run again. */
  public int segments() {
    return segments;
  }

  /** New arrays. */
  float[][] allocate() {
    return lengths.stream().map(float[]::new).toArray(float[][]::new);
  }

  /** Bytes of the two gradients that take turns on the way back. */
  public long gradientBytes() {
    return 2L * Float.BYTES * rows * widest;
  }

  /** Bytes of each label and its loss, of weights and offsets. */
  public long rowBytes() {
    return (2L * labels + 2) * Float.BYTES * rows;
  }

  /** Bytes of category ids. */
  long idBytes() {
    return (long) Integer.BYTES * rows * network.input().categories().size();
  }

  /** Bytes of everything that one task thread needs for its passes. */
  public long bytes() {
    return LongStream.of(arrayBytes()).sum() + idBytes() + gradientBytes() + rowBytes();
  }

  /** Bytes of each array. */
  long[] arrayBytes() {
    return lengths.stream().mapToLong(length -> (long) Float.BYTES * length).toArray();
  }

  /** Arithmetic of a row's matrix products in prediction. */
  public long forwardFlops() {
    return costs().stream().mapToLong(LayerCost::forwardFlops).sum();
  }

  /** Arithmetic of a row's matrix products in training. */
  public long trainingFlops() {
    return costs().stream().mapToLong(LayerCost::trainingFlops).sum();
  }

  /** What the input costs, then each layer. */
  public List<LayerCost> costs() {
    return LayerCost.of(this);
  }
}
