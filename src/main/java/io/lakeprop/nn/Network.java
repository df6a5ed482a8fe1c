package io.lakeprop.nn;

import io.lakeprop.base.InvalidInput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table input and a chain of named layers; the last layer's output are the logits. A {@link Skip}
 * reads an earlier layer's output besides.
 *
 * <p>It is a description: theta and every buffer are handed in.
 */
public record Network(TableInput input, List<Named> layers) implements Serializable {
  /** What the first layer reads, as a name for skip connections. */
  public static final String INPUT = "input";

  /** Name of the last layer of those that are built from specs and recipes. */
  public static final String HEAD = "head";

  /** A layer and the name that its slots and messages carry. */
  public record Named(String name, Layer layer) implements Serializable {}

  public Network {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new InvalidInput("a network must have at least one layer, however: layers=0");
    }
    String before = INPUT;
    int width = input.outputs();
    Map<String, Integer> widths = new LinkedHashMap<>(Map.of(INPUT, width));
    for (Named named : layers) {
      if (named.layer().inputs() != width) {
        throw new InvalidInput(
            "layer \"%s\" takes %d inputs, however: layer \"%s\" gives %d"
                .formatted(named.name(), named.layer().inputs(), before, width));
      }
      if (named.layer() instanceof Skip skip) {
        check(named.name(), skip, widths);
      }
      before = named.name();
      width = named.layer().outputs();
      if (widths.put(before, width) != null) {
        throw new InvalidInput(
            "layers must have different names, however: \"%s\" stands twice".formatted(before));
      }
    }
  }

  private static void check(String name, Skip skip, Map<String, Integer> widths) {
    Integer width = widths.get(skip.from());
    if (width == null) {
      throw new InvalidInput(
          "layer \"%s\" must skip from one of %s, however: from=%s"
              .formatted(name, widths.keySet(), skip.from()));
    }
    if (width != skip.skipped()) {
      throw new InvalidInput(
          "layer \"%s\" takes %d numbers from \"%s\", however: that gives %d"
              .formatted(name, skip.skipped(), skip.from(), width));
    }
  }

  /** For each layer the position of the output that it reads besides its input, or -1. */
  int[] skips() {
    List<String> names = new ArrayList<>(List.of(INPUT));
    layers.forEach(named -> names.add(named.name()));
    return layers.stream()
        .mapToInt(n -> n.layer() instanceof Skip skip ? names.indexOf(skip.from()) : -1)
        .toArray();
  }

  /**
   * A plain multilayer perceptron: linear, activation and dropout a hidden layer, then the head.
   */
  public static Network perceptron(
      TableInput input, List<Integer> hidden, Nonlinearity activation, float dropout, int logits) {
    List<Named> layers = new ArrayList<>();
    int width = input.outputs();
    for (int i = 0; i < hidden.size(); i++) {
      String name = "hidden" + (i + 1);
      layers.add(new Named(name, new Linear(width, hidden.get(i))));
      width = hidden.get(i);
      layers.add(new Named(name + ".activation", new Activation(activation, width)));
      if (dropout > 0) {
        layers.add(new Named(name + ".dropout", new Dropout(dropout, width)));
      }
    }
    layers.add(new Named(HEAD, new Linear(width, logits)));
    return new Network(input, layers);
  }

  /** Logits a row. */
  public int outputs() {
    return layers.get(layers.size() - 1).layer().outputs();
  }

  /** Where each slot lies in theta: the input's embeddings first, then layer by layer. */
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = new ParameterLayout.Builder();
    input.addSlots(layout);
    layers.forEach(named -> layout.add(named.name(), named.layer().slots()));
    return layout.build();
  }

  /** Those slots of theta that rounds move and no optimizer does. */
  public RunningMoments runningMoments() {
    return new RunningMoments(this);
  }

  /** The counters of activation layers that can be flat, one layer after another. */
  public List<UnitCounters> counters() {
    List<UnitCounters> counters = new ArrayList<>();
    int[] starts = counterOffsets();
    for (int i = 0; i < starts.length; i++) {
      if (layers.get(i).layer() instanceof Activation layer && counted(layer) > 0) {
        String name = layers.get(i).name();
        counters.add(new UnitCounters(name, layer.function(), starts[i], counted(layer)));
      }
    }
    return counters;
  }

  /** Number of counters in all. */
  public int counted() {
    return layers.stream().mapToInt(named -> counted(named.layer())).sum();
  }

  private static int counted(Layer layer) {
    return layer instanceof Activation activation && !activation.function().flat().nowhere()
        ? activation.outputs()
        : 0;
  }

  /** Where each layer's counters start. */
  int[] counterOffsets() {
    int[] offsets = new int[layers.size()];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = offsets[i - 1] + counted(layers.get(i - 1).layer());
    }
    return offsets;
  }

  /** Offset in theta of each layer's first slot. */
  int[] offsets() {
    ParameterLayout.Builder layout = new ParameterLayout.Builder();
    input.addSlots(layout);
    return layers.stream()
        .mapToInt(named -> layout.add(named.name(), named.layer().slots()))
        .toArray();
  }

  /**
   * From the rows put into the workspace to its logits.
   *
   * @param randomness null to predict
   */
  public void forward(Workspace workspace, float[] theta, int rows, Randomness randomness) {
    Pass pass = workspace.pass;
    pass.rows = rows;
    pass.theta = theta;
    pass.randomness = randomness;
    input.forward(pass, workspace.ids, workspace.values[0]);
    for (int i = 0; i < layers.size(); i++) {
      forward(workspace, i);
    }
  }

  private void forward(Workspace workspace, int i) {
    workspace.enter(i);
    layers.get(i).layer().forward(workspace.pass, workspace.values[i], workspace.values[i + 1]);
  }

  /**
   * From the workspace's gradient of the logits to the gradient of theta, which is added to; must
   * follow the {@link #forward} of the same rows, with theta as it was then. What the workspace has
   * not kept is computed again.
   */
  public void backward(Workspace workspace, float[] gradient) {
    backward(workspace, gradient, null);
  }

  /**
   * The same, and counts rows in which units are flat.
   *
   * @param flatRows as long as there are {@link #counters}, added to; null to count nothing
   */
  public void backward(Workspace workspace, float[] gradient, float[] flatRows) {
    Pass pass = workspace.pass;
    pass.gradient = gradient;
    pass.flatRows = flatRows;
    float[] dy = workspace.logitsGradient();
    for (int i = layers.size() - 1; i >= 0; i--) {
      for (int lost : workspace.again(i)) {
        forward(workspace, lost);
      }
      workspace.enterBackward(i, dy);
      float[] dx = i == 0 && !input.learns() ? null : workspace.gradientBelow(i, dy);
      layers.get(i).layer().backward(pass, workspace.values[i], workspace.values[i + 1], dy, dx);
      dy = dx;
    }
    if (input.learns()) {
      workspace.addSkipped(0, dy);
      input.backward(pass, workspace.ids, dy);
    }
  }
}
