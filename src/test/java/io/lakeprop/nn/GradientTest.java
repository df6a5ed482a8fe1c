package io.lakeprop.nn;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Law 1: every backward is the derivative of its forward, by finite differences in float32. */
class GradientTest {
  private static final float EPSILON = 1e-2f;
  private static final double NEAR = 1e-4;
  private static final int ROWS = 7;
  private static final int WIDTH = 6;
  private static final Randomness FIXED = new Randomness(11, 3);
  private static final float[] WEIGHTS = {1, 0, 0.25f, 3, 1, 2, 0.5f};

  /** An example or more of every type of layer. */
  static final Map<Class<?>, List<Layer>> LAYERS =
      Map.ofEntries(
          entry(
              Linear.class, List.of(new Linear(WIDTH, 4), new Linear(WIDTH, 1), new Linear(1, 5))),
          entry(
              Activation.class,
              Arrays.stream(Nonlinearity.values())
                  .map(f -> (Layer) new Activation(f, WIDTH))
                  .toList()),
          entry(PRelu.class, List.of(new PRelu(WIDTH))),
          entry(
              Dropout.class,
              List.of(new Dropout(0.4f, WIDTH), new Dropout(0, WIDTH), new Dropout(0.7f, 5))),
          entry(AlphaDropout.class, List.of(new AlphaDropout(0.4f, WIDTH))),
          entry(GaussianNoise.class, List.of(new GaussianNoise(0.3f, WIDTH))),
          entry(
              BatchNorm.class,
              List.of(new BatchNorm(0.1f, 1e-5f, WIDTH), new BatchNorm(0.1f, 0.1f, 1))),
          entry(
              LayerNorm.class,
              List.of(new LayerNorm(1e-5f, WIDTH), new LayerNorm(0.1f, 3), new LayerNorm(1, 1))),
          entry(PeriodicEmbedding.class, List.of(new PeriodicEmbedding(2, 3, 4))),
          entry(
              BatchEnsembleLinear.class,
              List.of(new BatchEnsembleLinear(3, 2, 4), new BatchEnsembleLinear(1, WIDTH, 1))),
          entry(Add.class, List.of(new Add("below", WIDTH))),
          entry(Concat.class, List.of(new Concat("below", WIDTH, 2))));

  private static final Map<Class<?>, CategoryEncoding> ENCODINGS =
      Map.of(
          CategoryEncoding.OneHot.class,
          new CategoryEncoding.OneHot(4),
          CategoryEncoding.Embedding.class,
          new CategoryEncoding.Embedding(5, 3));

  private final Random random = new Random();

  @Test
  void noTypeIsForgotten() {
    assertEquals(leaves(Layer.class).collect(Collectors.toSet()), LAYERS.keySet());
    assertEquals(
        Losses.types(), Losses.EXAMPLES.stream().map(Loss::getClass).collect(Collectors.toSet()));
    assertEquals(Set.of(CategoryEncoding.class.getPermittedSubclasses()), ENCODINGS.keySet());
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GradientTest::leaves)
        : Stream.of(type);
  }

  /** A test of its own numbers, whatever runs before it. */
  private DynamicTest test(Object what, Executable check) {
    return DynamicTest.dynamicTest(
        what.toString(),
        () -> {
          random.setSeed(5);
          check.execute();
        });
  }

  @TestFactory
  Stream<DynamicTest> layers() {
    return LAYERS.values().stream()
        .flatMap(List::stream)
        .map(layer -> test(layer, () -> layer(layer)));
  }

  /**
   * One vector holds x, then what a skip brings, then other parameters, then those of the layer.
   */
  private void layer(Layer layer) {
    int before = 3;
    int own = layer.slots().stream().mapToInt(slot -> (int) slot.size()).sum();
    int x = ROWS * layer.inputs();
    int skipped = layer instanceof Skip skip ? ROWS * skip.skipped() : 0;
    float[] point = normal(x + skipped + before + own);
    float[] dy = normal(ROWS * layer.outputs());
    Pass pass = pass(layer);
    pass.offset = before;
    float[] y = filled(dy.length, Float.NaN);
    ToDoubleFunction<float[]> pulled =
        at -> {
          pass.skipped = Arrays.copyOfRange(at, x, x + skipped);
          pass.theta = Arrays.copyOfRange(at, x + skipped, at.length);
          layer.forward(pass, at, y);
          return dot(dy, y);
        };
    assertTrue(Double.isFinite(pulled.applyAsDouble(point)));
    pass.gradient = new float[before + own];
    pass.skippedGradient = new float[skipped];
    float[] dx = filled(x, Float.NaN);
    layer.backward(pass, point, y, dy, dx);
    forgetMoments(layer, pass);
    float[] gradient = Arrays.copyOf(dx, point.length);
    System.arraycopy(pass.skippedGradient, 0, gradient, x, skipped);
    System.arraycopy(pass.gradient, 0, gradient, x + skipped, before + own);
    assertDerivative(pulled, point, gradient);

    float[] once = pass.gradient.clone();
    assertTrue(Double.isFinite(pulled.applyAsDouble(point)));
    layer.backward(pass, point, y, dy, null);
    forgetMoments(layer, pass);
    float rounding = (float) (1e-6 * Math.max(1, norm(once)));
    assertArrayEquals(doubled(once), pass.gradient, rounding, "parameter gradients accumulate");
    assertArrayEquals(
        doubled(Arrays.copyOfRange(gradient, x, x + skipped)), pass.skippedGradient, rounding);
  }

  private static Pass pass(Layer layer) {
    Pass pass = new Pass(new EjmlGemm());
    pass.rows = ROWS;
    pass.randomness = FIXED;
    pass.weights = WEIGHTS;
    pass.scratch = IntStream.of(layer.scratch(ROWS)).mapToObj(float[]::new).toArray(float[][]::new);
    return pass;
  }

  /** What is in the place of running moments is no derivative: y does not depend on them. */
  private static void forgetMoments(Layer layer, Pass pass) {
    int at = pass.offset;
    for (Slot slot : layer.slots()) {
      if (!slot.role().learnt()) {
        Arrays.fill(pass.gradient, at, at + (int) slot.size(), 0);
      }
      at += (int) slot.size();
    }
  }

  @TestFactory
  Stream<DynamicTest> nonlinearitiesOnALine() {
    return Arrays.stream(Nonlinearity.values())
        .map(f -> DynamicTest.dynamicTest(f.name(), () -> onALine(f)));
  }

  /** Central differences of the scalar function; 0 and ±3, where some have a kink, are left out. */
  private static void onALine(Nonlinearity f) {
    for (int i = -400; i <= 400; i++) {
      float x = i * 0.02f + 0.011f * Integer.signum(i);
      if (i != 0 && Math.abs(Math.abs(x) - 3) > EPSILON) {
        double slope = ((double) f.value(x + EPSILON) - f.value(x - EPSILON)) / (2 * EPSILON);
        assertEquals(slope, f.derivative(x, f.value(x)), 2e-4, "at " + x);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> losses() {
    return Losses.EXAMPLES.stream().map(loss -> test(loss, () -> loss(loss)));
  }

  private void loss(Loss loss) {
    float[] logits = normal(ROWS * loss.logits());
    float[] labels = Losses.labels(loss, ROWS, random);
    float[] weights = WEIGHTS;
    float[] losses = new float[ROWS];
    ToDoubleFunction<float[]> sum =
        at -> {
          loss.losses(ROWS, at, labels, losses);
          return dot(weights, losses);
        };
    float[] gradient = filled(logits.length, Float.NaN);
    loss.gradient(ROWS, logits, labels, weights, losses, gradient);
    assertDerivative(sum, logits, gradient);
  }

  @TestFactory
  Stream<DynamicTest> categoryEncodings() {
    return ENCODINGS.values().stream().map(encoding -> test(encoding, () -> encoding(encoding)));
  }

  private void encoding(CategoryEncoding encoding) {
    int offset = 2;
    int at = 1;
    int[] ids = IntStream.of(1, 2, 1, 3, 1).toArray();
    int size = encoding.slots().stream().mapToInt(slot -> (int) slot.size()).sum();
    float[] theta = normal(offset + size);
    float[] dy = normal(ids.length * (at + encoding.width()));
    int stride = dy.length / ids.length;
    for (int row = 0; row < ids.length; row++) {
      dy[row * stride] = 0;
    }
    float[] y = new float[dy.length];
    ToDoubleFunction<float[]> pulled =
        point -> {
          for (int row = 0; row < ids.length; row++) {
            encoding.forward(ids[row], point, offset, y, row * stride + at);
          }
          return dot(dy, y);
        };
    float[] gradient = new float[theta.length];
    for (int row = 0; row < ids.length; row++) {
      encoding.backward(ids[row], dy, row * stride + at, gradient, offset);
    }
    assertDerivative(pulled, theta, gradient);
  }

  @TestFactory
  Stream<DynamicTest> wholeNetworks() {
    return Losses.EXAMPLES.stream().map(loss -> test(loss, () -> network(loss)));
  }

  /** Every kind of input, smooth activations, dropout, norms and skips; each slot by itself. */
  private void network(Loss loss) {
    Network network = mixed(loss.logits());
    float[] theta = Initializer.suited(network, 3);
    Workspace workspace = new Workspace(network, ROWS, new EjmlGemm());
    int[] ids = {1, 2, 3, 0, 2, 4, 1, 1, 3, 3, 2, 2, 1, 4};
    float[] numbers = normal(ROWS * 3);
    for (int row = 0; row < ROWS; row++) {
      workspace.put(row, numbers, row * 3, ids, row * 2);
    }
    float[] labels = Losses.labels(loss, ROWS, random);
    float[] weights = workspace.weights();
    System.arraycopy(new float[] {1, 2, 0.5f, 1, 1, 3, 1}, 0, weights, 0, ROWS);
    ToDoubleFunction<float[]> sum =
        at -> {
          network.forward(workspace, at, ROWS, FIXED);
          loss.losses(ROWS, workspace.logits(), labels, workspace.losses());
          return dot(weights, workspace.losses());
        };
    assertTrue(Double.isFinite(sum.applyAsDouble(theta)));
    float[] gradient = new float[theta.length];
    loss.gradient(
        ROWS, workspace.logits(), labels, weights, workspace.losses(), workspace.logitsGradient());
    network.backward(workspace, gradient);
    List<ParameterLayout.Placed> slots = network.layout().slots();
    for (ParameterLayout.Placed placed : slots) {
      if (!placed.slot().role().learnt()) {
        Arrays.fill(gradient, placed.offset(), placed.end(), 0);
      }
    }
    assertDerivative(sum, theta, gradient);
    for (ParameterLayout.Placed placed : slots) {
      if (!placed.slot().role().learnt()) {
        continue;
      }
      float[] own = new float[theta.length];
      System.arraycopy(gradient, placed.offset(), own, placed.offset(), (int) placed.slot().size());
      assertTrue(norm(own) > 0, placed.name() + " gets no gradient");
      assertAlong(sum, theta, gradient, own);
    }
  }

  static Network mixed(int logits) {
    TableInput input =
        new TableInput(
            3,
            List.of(
                new TableInput.Category("one", ENCODINGS.get(CategoryEncoding.OneHot.class)),
                new TableInput.Category("two", ENCODINGS.get(CategoryEncoding.Embedding.class))));
    return new Network(
        input,
        List.of(
            new Network.Named("a", new Linear(input.outputs(), 8)),
            new Network.Named("a.activation", new Activation(Nonlinearity.TANH, 8)),
            new Network.Named("a.norm", new BatchNorm(0.1f, 0.1f, 8)),
            new Network.Named("a.dropout", new Dropout(0.3f, 8)),
            new Network.Named("b", new Linear(8, 8)),
            new Network.Named("b.activation", new Activation(Nonlinearity.GELU, 8)),
            new Network.Named("b.skip", new Add("a.activation", 8)),
            new Network.Named("b.sigmoid", new Activation(Nonlinearity.SIGMOID, 8)),
            new Network.Named("c", new LayerNorm(0.1f, 8)),
            new Network.Named("c.skip", new Concat(Network.INPUT, 8, input.outputs())),
            new Network.Named("c.skip2", new Concat("a.activation", 8 + input.outputs(), 8)),
            new Network.Named("head", new Linear(16 + input.outputs(), logits))));
  }

  /** Along the gradient itself, where an error of scale shows, and in a few other directions. */
  private void assertDerivative(ToDoubleFunction<float[]> f, float[] point, float[] gradient) {
    assertAlong(f, point, gradient, gradient);
    for (int i = 0; i < 5; i++) {
      assertAlong(f, point, gradient, normal(point.length));
    }
  }

  /** Differences over two widths, extrapolated, so that curvature is not taken for an error. */
  private static void assertAlong(
      ToDoubleFunction<float[]> f, float[] point, float[] gradient, float[] direction) {
    if (norm(direction) > 0) {
      double wide = miss(f, point, gradient, direction, 2 * EPSILON);
      double narrow = miss(f, point, gradient, direction, EPSILON);
      assertEquals(0, (4 * narrow - wide) / 3, NEAR * Math.max(1, norm(gradient)));
    }
  }

  /** By how much the central difference and the gradient disagree. */
  private static double miss(
      ToDoubleFunction<float[]> f,
      float[] point,
      float[] gradient,
      float[] direction,
      float epsilon) {
    double length = norm(direction);
    float[] up = point.clone();
    float[] down = point.clone();
    double expected = 0;
    for (int i = 0; i < point.length; i++) {
      float step = (float) (epsilon * direction[i] / length);
      up[i] += step;
      down[i] -= step;
      expected += gradient[i] * ((double) up[i] - down[i]);
    }
    return (f.applyAsDouble(up) - f.applyAsDouble(down) - expected) / (2 * epsilon);
  }

  /** Normal numbers at least 0.1 away from 0: no difference crosses a kink. */
  private float[] normal(int size) {
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      double value = random.nextGaussian();
      numbers[i] = (float) (value + Math.copySign(0.1, value));
    }
    return numbers;
  }

  private static float[] filled(int size, float value) {
    float[] filled = new float[size];
    Arrays.fill(filled, value);
    return filled;
  }

  private static float[] doubled(float[] values) {
    float[] doubled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      doubled[i] = 2 * values[i];
    }
    return doubled;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double norm(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }
}
