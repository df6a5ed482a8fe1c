package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever buffers share and whatever is computed again, the numbers are those of a pass in which
 * nothing does; and what the plan says of bytes and arithmetic is what is allocated and done.
 */
class WorkspacePlanTest {
  private static final int ROWS = 6;
  private static final int LOGITS = 3;
  private static final List<Nonlinearity> ACTIVATIONS = List.of(Nonlinearity.values());

  /** Every type of layer between two linear ones, with activations that work in place around. */
  @TestFactory
  Stream<DynamicTest> everyLayer() {
    return GradientTest.LAYERS.values().stream()
        .flatMap(List::stream)
        .map(layer -> DynamicTest.dynamicTest(layer.toString(), () -> sameBits(around(layer), 1)));
  }

  private static Network around(Layer layer) {
    List<Network.Named> layers = new ArrayList<>();
    int below = layer instanceof Skip skip ? skip.skipped() : 7;
    layers.add(new Network.Named("below", new Linear(5, below)));
    layers.add(new Network.Named("below.relu", new Activation(Nonlinearity.RELU, below)));
    layers.add(new Network.Named("in", new Linear(below, layer.inputs())));
    layers.add(new Network.Named("in.gelu", new Activation(Nonlinearity.GELU, layer.inputs())));
    layers.add(new Network.Named("layer", layer));
    layers.add(new Network.Named("elu", new Activation(Nonlinearity.ELU, layer.outputs())));
    layers.add(new Network.Named("again", new Linear(layer.outputs(), layer.inputs())));
    layers.add(new Network.Named("second", layer));
    layers.add(new Network.Named("out", new Linear(layer.outputs(), LOGITS)));
    return new Network(new TableInput(5, List.of()), layers);
  }

  @Test
  void embeddingsNormsSkipsAndNoise() {
    sameBits(GradientTest.mixed(LOGITS), 2);
  }

  /** Chains of layers and skips as chance will have them. */
  @TestFactory
  Stream<DynamicTest> randomNetworks() {
    return IntStream.range(0, 60)
        .mapToObj(seed -> DynamicTest.dynamicTest("" + seed, () -> sameBits(random(seed), seed)));
  }

  private static Network random(int seed) {
    Random random = new Random(seed);
    TableInput input = seed % 2 == 0 ? GradientTest.mixed(1).input() : new TableInput(4, List.of());
    List<Network.Named> layers = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of(Network.INPUT));
    List<Integer> widths = new ArrayList<>(List.of(input.outputs()));
    int size = 4 + random.nextInt(16);
    for (int i = 0; i < size; i++) {
      int width = widths.get(i);
      int other = random.nextInt(i + 1);
      Layer layer =
          switch (random.nextInt(9)) {
            case 0 -> new BatchNorm(0.1f, 0.1f, width);
            case 1 -> new LayerNorm(0.1f, width);
            case 2 -> new Dropout(0.3f, width);
            case 3 -> new BatchEnsembleLinear(1, width, 4);
            case 4 ->
                widths.get(other) == width
                    ? new Add(names.get(other), width)
                    : new Concat(names.get(other), width, widths.get(other));
            case 5, 6 -> new Activation(ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size())), width);
            default -> new Linear(width, 3 + random.nextInt(4));
          };
      names.add("layer" + i);
      widths.add(layer.outputs());
      layers.add(new Network.Named("layer" + i, layer));
    }
    layers.add(new Network.Named(Network.HEAD, new Linear(widths.get(size), LOGITS)));
    return new Network(input, layers);
  }

  private static void sameBits(Network network, int seed) {
    int layers = network.layers().size();
    List<Recompute> ways = new ArrayList<>(List.of(new Recompute.None(), new Recompute.Auto()));
    IntStream.rangeClosed(1, layers).forEach(s -> ways.add(new Recompute.Every(s)));
    for (Recompute way : ways) {
      WorkspacePlan plan = new WorkspacePlan(network, ROWS, way);
      CountingGemm gemm = new CountingGemm();
      Workspace workspace = new Workspace(plan, gemm);
      assertEquals(workspace.bytes(), plan.bytes());
      poison(network, workspace);
      Random random = new Random(seed);
      float[] theta = theta(network, random);
      // A short piece after a full one, and a full one after a short one.
      for (int rows : new int[] {ROWS, 2, ROWS - 1, ROWS}) {
        check(network, workspace, plan, gemm, theta, rows, random);
      }
    }
  }

  private static void check(
      Network network,
      Workspace workspace,
      WorkspacePlan plan,
      CountingGemm gemm,
      float[] theta,
      int rows,
      Random random) {
    float[] x = numbers(rows * network.input().outputs(), random);
    int[] ids = random.ints((long) rows * network.input().categories().size(), 0, 4).toArray();
    float[] wanted = numbers(rows * LOGITS, random);
    float[] weights = workspace.weights();
    for (int row = 0; row < rows; row++) {
      weights[row] = 0.5f + random.nextInt(3);
      workspace.put(
          row, x, row * network.input().outputs(), ids, row * network.input().categories().size());
    }
    Randomness randomness = new Randomness(17, 3L * rows);
    PlainPass plain = new PlainPass(network, rows, x, ids);
    float[] expected = plain.gradient(theta, randomness, weights, wanted);
    gemm.take();
    network.forward(workspace, theta, rows, randomness);
    assertArrayEquals(plain.logits(), Arrays.copyOf(workspace.logits(), rows * LOGITS));
    assertEquals((long) rows * plan.forwardFlops(), gemm.take());
    float[] dy = PlainPass.logitsGradient(rows, workspace.logits(), weights, wanted);
    System.arraycopy(dy, 0, workspace.logitsGradient(), 0, dy.length);
    float[] gradient = new float[theta.length];
    network.backward(workspace, gradient);
    assertArrayEquals(expected, gradient);
    assertEquals(
        (long) rows * plan.trainingFlops(), (long) rows * plan.forwardFlops() + gemm.take());
    assertArrayEquals(plain.logits(), Arrays.copyOf(workspace.logits(), rows * LOGITS));
  }

  /** A pass of numbers that are none: what is read before it is written is seen. */
  private static void poison(Network network, Workspace workspace) {
    float[] theta = new float[network.layout().size()];
    Arrays.fill(theta, Float.NaN);
    network.forward(workspace, theta, ROWS, new Randomness(1, 1));
    Arrays.fill(workspace.logitsGradient(), Float.NaN);
    network.backward(workspace, theta);
    assertTrue(Float.isNaN(workspace.logits()[0]));
  }

  private static float[] theta(Network network, Random random) {
    float[] theta = Initializer.suited(network, 5);
    for (int i = 0; i < theta.length; i++) {
      theta[i] += 0.1f * random.nextFloat();
    }
    return theta;
  }

  private static float[] numbers(int size, Random random) {
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** Borders and one segment remain of sixty layers: 2 √n of n, less what is in place. */
  @Test
  void sixtyLayersInAFractionOfTheMemory() {
    int piece = 512;
    int width = 256;
    Network network =
        Network.perceptron(
            new TableInput(width, List.of()),
            IntStream.range(0, 60).mapToObj(i -> width).toList(),
            Nonlinearity.RELU,
            0,
            10);
    long value = 4L * piece * width;
    long rest = 2 * value + 4L * piece * 10 + 4L * 4 * piece;
    // Of 121 layers 60 work in place: x, 60 outputs, logits.
    assertEquals(61 * value + rest, bytes(network, piece, new Recompute.None()));
    // Ten segments of 6 outputs, then the head alone: x, 10 borders, and 5 that are shared.
    WorkspacePlan auto = new WorkspacePlan(network, piece, new Recompute.Auto());
    assertEquals(16 * value + rest, auto.bytes());
    // Of the 60 outputs all but the borders are computed again.
    long product = 2L * width * width;
    long backward = 60 * 2 * product - product + 2 * 2L * width * 10;
    assertEquals(60 * product + 2L * width * 10, auto.forwardFlops());
    assertEquals(auto.forwardFlops() + 50 * product + backward, auto.trainingFlops());
  }

  private static long bytes(Network network, int piece, Recompute recompute) {
    return new WorkspacePlan(network, piece, recompute).bytes();
  }

  @Test
  void severalLabelsHaveRoom() {
    Network network = GradientTest.mixed(LOGITS);
    WorkspacePlan plan = new WorkspacePlan(network, ROWS, 3, new Recompute.Auto());
    Workspace workspace = new Workspace(plan, new EjmlGemm());
    assertEquals(3 * ROWS, workspace.labels().length);
    assertEquals(workspace.bytes(), plan.bytes());
    assertEquals(2L * 2 * 4 * ROWS, plan.bytes() - bytes(network, ROWS, new Recompute.Auto()));
  }

  /** Of blocks that follow each other, one array is enough for what all skips bring back. */
  @Test
  void gradientsOfSkipsTakeTurns() {
    List<Network.Named> layers = new ArrayList<>();
    String before = Network.INPUT;
    for (int i = 0; i < 5; i++) {
      layers.add(new Network.Named("linear" + i, new Linear(8, 8)));
      layers.add(new Network.Named("block" + i, new Add(before, 8)));
      before = "block" + i;
    }
    Network network = new Network(new TableInput(8, List.of()), layers);
    List<LayerCost> costs = new WorkspacePlan(network, ROWS, new Recompute.None()).costs();
    assertEquals(4L * ROWS * 8, costs.stream().mapToLong(LayerCost::skipped).sum());
  }

  /**
   * A linear layer's products forward, and backward twice that; the first one's input learns
   * nothing.
   */
  @Test
  void aPerceptronsArithmetic() {
    Network network =
        Network.perceptron(
            new TableInput(10, List.of()), List.of(30, 20), Nonlinearity.RELU, 0.1f, 4);
    WorkspacePlan plan = new WorkspacePlan(network, ROWS, new Recompute.None());
    assertEquals(4 * 10 * 30 + 6 * (30 * 20 + 20 * 4), plan.trainingFlops());
    assertEquals(2 * (10 * 30 + 30 * 20 + 20 * 4), plan.forwardFlops());
    assertEquals(
        network.layout().size(), plan.costs().stream().mapToLong(LayerCost::parameters).sum());
  }

  /** What stands in one row is that layer's alone. */
  @Test
  void aRowALayer() {
    Network network = GradientTest.mixed(LOGITS);
    List<LayerCost> costs = new WorkspacePlan(network, ROWS, new Recompute.None()).costs();
    assertEquals(
        List.of(
            "3 numbers, 2 categories",
            "linear",
            "tanh",
            "batch norm",
            "dropout 0.3",
            "linear",
            "gelu",
            "add from a.activation",
            "sigmoid",
            "layer norm",
            "concat from input",
            "concat from a.activation",
            "linear"),
        costs.stream().map(LayerCost::words).toList());
    long row = 4L * ROWS;
    // The input has its ids besides x; the sigmoid overwrites the sum below it.
    assertValues(costs, LongStream.of(9 + 2, 8, 8, 8, 8, 8, 8, 8, 0, 8, 17, 25, 3), row);
    assertEquals(4L * 5 * 8, costs.get(3).scratch());
    assertEquals(2 * row, costs.get(9).scratch());
    assertEquals(9 * row, costs.get(0).skipped());
    assertEquals(8 * row, costs.get(2).skipped());
  }

  private static void assertValues(List<LayerCost> costs, LongStream widths, long row) {
    assertArrayEquals(
        widths.map(width -> width * row).toArray(),
        costs.stream().mapToLong(LayerCost::values).toArray());
  }
}
