package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several labels, a head each: {@code Σ weight_h · class_weight_h(label_h) · loss_h}.
 *
 * <p>Logits, labels and predictions of the heads stand side by side in a row, in their order. With
 * k labels of two classes, binary cross-entropy and the weight 1/k each, this is multi-label
 * classification, and the mean is over rows and labels.
 *
 * <p>The sum of weights by which the driver divides is that of the rows: weights of heads and of
 * their classes raise a loss and do not enter it.
 *
 * <p>Shapes, n rows: labels (n, heads); logits, dLogits and predictions (n, sum over the heads).
 */
public record Heads(List<Head> heads) implements Loss {
  /**
   * Rows that go through all heads before the next ones do: their numbers are still near when the
   * next head reads them, and the buffers of a call stay small whatever the piece.
   */
  private static final int STRIP = 64;

  /**
   * The loss of a label among others.
   *
   * @param weight of the loss in the sum
   * @param classWeights by class number, which multiply the loss of rows of the class; empty when
   *     all classes are alike
   * @param offsetFactor of the row's offset, which is added to the head's logits; 0 for none
   */
  public record Head(OneLabelLoss loss, float weight, List<Float> classWeights, float offsetFactor)
      implements Serializable {
    public Head {
      classWeights = List.copyOf(classWeights);
      Check.positive(weight, "weight");
      classWeights.forEach(own -> Check.positive(own, "weight of a class"));
      Check.require(
          classWeights.isEmpty()
              || (loss.target().classes() && classWeights.size() == loss.predictions()),
          "class weights must be one a class",
          "weights",
          classWeights.size());
      Check.notNegative(offsetFactor, "offset_factor");
    }

    /** Without an offset. */
    public Head(OneLabelLoss loss, float weight, List<Float> classWeights) {
      this(loss, weight, classWeights, 0);
    }

    /** All classes alike. */
    public Head(OneLabelLoss loss, float weight) {
      this(loss, weight, List.of());
    }

    /** How often the loss of a row counts. */
    private float factor(float label) {
      return classWeights.isEmpty() ? weight : weight * classWeights.get((int) label);
    }
  }

  public Heads {
    heads = List.copyOf(heads);
    Check.require(heads.size() >= 2, "heads must be at least two", "heads", heads.size());
  }

  @Override
  public List<OneLabelLoss> byLabel() {
    return heads.stream().map(Head::loss).toList();
  }

  @Override
  public float[] offsetFactors() {
    float[] factors = new float[logits()];
    int at = 0;
    for (Head head : heads) {
      Arrays.fill(factors, at, at + head.loss().logits(), head.offsetFactor());
      at += head.loss().logits();
    }
    return factors;
  }

  @Override
  public int logits() {
    return heads.stream().mapToInt(head -> head.loss().logits()).sum();
  }

  @Override
  public int predictions() {
    return heads.stream().mapToInt(head -> head.loss().predictions()).sum();
  }

  @Override
  public void losses(int rows, float[] logits, float[] labels, float[] losses) {
    Arrays.fill(losses, 0, rows, 0);
    Scratch scratch = new Scratch();
    for (Window window : windows(rows)) {
      scratch.read(window, logits);
      scratch.readLabels(window, labels);
      window.loss().losses(window.rows, scratch.logits, scratch.labels, scratch.losses);
      scratch.addLosses(window, losses);
    }
  }

  @Override
  public void labelLosses(int rows, float[] logits, float[] labels, float[] losses) {
    Scratch scratch = new Scratch();
    for (Window window : windows(rows)) {
      scratch.read(window, logits);
      scratch.readLabels(window, labels);
      window.loss().losses(window.rows, scratch.logits, scratch.labels, scratch.losses);
      for (int row = 0; row < window.rows; row++) {
        losses[(window.first + row) * heads.size() + window.number] = scratch.losses[row];
      }
    }
  }

  @Override
  public void gradient(
      int rows, float[] logits, float[] labels, float[] weights, float[] losses, float[] dLogits) {
    Arrays.fill(losses, 0, rows, 0);
    Scratch scratch = new Scratch();
    for (Window window : windows(rows)) {
      scratch.read(window, logits);
      scratch.readLabels(window, labels);
      scratch.readWeights(window, weights);
      window
          .loss()
          .gradient(
              window.rows,
              scratch.logits,
              scratch.labels,
              scratch.weights,
              scratch.losses,
              scratch.result);
      scratch.addLosses(window, losses);
      scratch.write(window.logits, window, dLogits);
    }
  }

  @Override
  public void predict(int rows, float[] logits, float[] predictions) {
    Scratch scratch = new Scratch();
    for (Window window : windows(rows)) {
      scratch.read(window, logits);
      window.loss().predict(window.rows, scratch.logits, scratch.result);
      scratch.write(window.predictions, window, predictions);
    }
  }

  /** Some columns of a row's numbers. */
  private record Span(int first, int width, int aRow) {}

  /** A strip of rows of one head. */
  private record Window(Head head, int number, int first, int rows, Span logits, Span predictions) {
    OneLabelLoss loss() {
      return head.loss();
    }
  }

  /** Strip by strip, all heads of each. */
  private List<Window> windows(int rows) {
    int logits = logits();
    int predictions = predictions();
    List<Window> windows = new ArrayList<>();
    for (int first = 0; first < rows; first += STRIP) {
      int own = Math.min(STRIP, rows - first);
      int logit = 0;
      int prediction = 0;
      for (Head head : heads) {
        Span in = new Span(logit, head.loss().logits(), logits);
        Span out = new Span(prediction, head.loss().predictions(), predictions);
        windows.add(new Window(head, windows.size() % heads.size(), first, own, in, out));
        logit += in.width;
        prediction += out.width;
      }
    }
    return windows;
  }

  /** One window's numbers without those of the other heads, as a loss reads and writes them. */
  private final class Scratch {
    final float[] logits;
    final float[] result;
    final float[] labels = new float[STRIP];
    final float[] weights = new float[STRIP];
    final float[] losses = new float[STRIP];

    Scratch() {
      int widest = 0;
      for (Head head : heads) {
        widest = Math.max(widest, Math.max(head.loss().logits(), head.loss().predictions()));
      }
      logits = new float[STRIP * widest];
      result = new float[STRIP * widest];
    }

    void read(Window window, float[] from) {
      Span span = window.logits;
      int at = window.first * span.aRow + span.first;
      for (int row = 0; row < window.rows; row++) {
        System.arraycopy(from, at + row * span.aRow, logits, row * span.width, span.width);
      }
    }

    void readLabels(Window window, float[] from) {
      for (int row = 0; row < window.rows; row++) {
        labels[row] = from[(window.first + row) * heads.size() + window.number];
      }
    }

    /** Weights of rows times those of the head and of the row's class. */
    void readWeights(Window window, float[] from) {
      for (int row = 0; row < window.rows; row++) {
        weights[row] = from[window.first + row] * window.head.factor(labels[row]);
      }
    }

    void addLosses(Window window, float[] sums) {
      for (int row = 0; row < window.rows; row++) {
        sums[window.first + row] += window.head.factor(labels[row]) * losses[row];
      }
    }

    void write(Span span, Window window, float[] to) {
      int at = window.first * span.aRow + span.first;
      for (int row = 0; row < window.rows; row++) {
        System.arraycopy(result, row * span.width, to, at + row * span.aRow, span.width);
      }
    }
  }
}
