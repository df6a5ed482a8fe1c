import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Trains the benchmark's network with DJL's training API on its PyTorch engine, in one setting, and
 * prints one JSON line. The threads are DJL's system properties, see djl.py.
 *
 * <p>Arguments: layers (54,256,256,7), batch, rows, warm-up rounds, seconds, rows a piece (0: batch).
 */
public final class Djl {
  private static final long SEED = 1;
  private static final float LEARNING_RATE = 1e-3f;

  private final int[] layers;
  private final int batch;
  private final int rows;
  private final int warmUp;
  private final double seconds;
  private final int piece;

  private Djl(String[] arguments) {
    layers = Arrays.stream(arguments[0].split(",")).mapToInt(Integer::parseInt).toArray();
    batch = Integer.parseInt(arguments[1]);
    rows = Integer.parseInt(arguments[2]);
    warmUp = Integer.parseInt(arguments[3]);
    seconds = Double.parseDouble(arguments[4]);
    piece = Integer.parseInt(arguments[5]) == 0 ? batch : Integer.parseInt(arguments[5]);
  }

  public static void main(String[] arguments) {
    new Djl(arguments).run();
  }

  private void run() {
    Engine.getEngine("PyTorch").setRandomSeed((int) SEED);
    DefaultTrainingConfig configuration =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optOptimizer(
                Adam.builder().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build());
    try (Model model = Model.newInstance("bench", Device.cpu(), "PyTorch")) {
      model.setBlock(network());
      try (Trainer trainer = model.newTrainer(configuration)) {
        trainer.initialize(new Shape(piece, layers[0]));
        train(trainer, data(trainer.getManager()));
      }
    }
  }

  private SequentialBlock network() {
    SequentialBlock network = new SequentialBlock();
    for (int layer = 1; layer < layers.length; layer++) {
      network.add(Linear.builder().setUnits(layers[layer]).build());
      if (layer < layers.length - 1) {
        network.add(Activation::relu);
      }
    }
    return network;
  }

  /** For each batch of the rows its pieces: x (n, inputs), labels (n). */
  private List<List<NDList>> data(NDManager manager) {
    Random random = new Random(SEED);
    int inputs = layers[0];
    int classes = layers[layers.length - 1];
    float[] teacher = new float[inputs * classes];
    for (int i = 0; i < teacher.length; i++) {
      teacher[i] = (float) random.nextGaussian();
    }
    List<List<NDList>> batches = new ArrayList<>();
    for (int b = 0; b < rows / batch; b++) {
      List<NDList> pieces = new ArrayList<>();
      for (int low = 0; low < batch; low += piece) {
        int n = Math.min(piece, batch - low);
        float[] x = new float[n * inputs];
        float[] labels = new float[n];
        for (int row = 0; row < n; row++) {
          for (int i = 0; i < inputs; i++) {
            x[row * inputs + i] = (float) random.nextGaussian();
          }
          labels[row] = argmax(x, row * inputs, teacher, classes);
        }
        pieces.add(
            new NDList(
                manager.create(x, new Shape(n, inputs)), manager.create(labels, new Shape(n))));
      }
      batches.add(pieces);
    }
    return batches;
  }

  private int argmax(float[] x, int offset, float[] teacher, int classes) {
    int best = 0;
    float bestScore = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      float score = 0;
      for (int i = 0; i < layers[0]; i++) {
        score += x[offset + i] * teacher[i * classes + c];
      }
      if (score > bestScore) {
        bestScore = score;
        best = c;
      }
    }
    return best;
  }

  private void train(Trainer trainer, List<List<NDList>> batches) {
    long began = System.nanoTime();
    int round = 0;
    while (round < warmUp && secondsSince(began) < seconds) {
      oneRound(trainer, batches.get(round++ % batches.size()));
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    List<Double> millis = new ArrayList<>();
    List<Float> losses = new ArrayList<>();
    long cpu = system.getProcessCpuTime();
    began = System.nanoTime();
    long now = began;
    while (secondsSince(began) < seconds) {
      losses.add(oneRound(trainer, batches.get(round++ % batches.size())));
      long before = now;
      now = System.nanoTime();
      millis.add((now - before) / 1e6);
    }
    double elapsed = (now - began) / 1e9;
    print(millis, losses, elapsed, (system.getProcessCpuTime() - cpu) / 1e9 / elapsed);
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /** One optimizer step; returns the mean loss of the batch. */
  private float oneRound(Trainer trainer, List<NDList> pieces) {
    float sum = 0;
    // What the round makes goes with this manager: without it DJL keeps every activation.
    try (NDManager scratch = trainer.getManager().newSubManager()) {
      try (GradientCollector collector = trainer.newGradientCollector()) {
        for (NDList rowsAndLabels : pieces) {
          NDArray x = rowsAndLabels.get(0);
          NDArray labels = rowsAndLabels.get(1);
          x.tempAttach(scratch);
          labels.tempAttach(scratch);
          NDList logits = trainer.forward(new NDList(x));
          NDArray loss = trainer.getLoss().evaluate(new NDList(labels), logits);
          if (pieces.size() > 1) {
            loss = loss.mul((float) x.getShape().get(0) / batch);
          }
          collector.backward(loss);
          sum += loss.getFloat();
        }
      }
      trainer.step();
    }
    return sum;
  }

  private void print(List<Double> millis, List<Float> losses, double elapsed, double coresUsed) {
    double flops = 0;
    for (int layer = 1; layer < layers.length; layer++) {
      flops += (layer == 1 ? 4.0 : 6.0) * layers[layer - 1] * layers[layer];
    }
    double rowsPerSecond = millis.size() * (double) batch / elapsed;
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int threads = Integer.getInteger("ai.djl.pytorch.num_threads");
    System.out.printf(
        Locale.ROOT,
        "{\"peer\": \"djl\", \"version\": \"%s, libtorch %s\", \"layers\": %s, \"batch\": %d, "
            + "\"threads\": %d, \"setting\": \"%d threads, %s waits, pieces of %s\", "
            + "\"rows_per_second\": %.0f, \"gflops\": %.2f, "
            + "\"round_ms\": {\"median\": %.3f, \"p90\": %.3f}, \"rounds\": %d, "
            + "\"cores_used\": %.2f, \"loss\": {\"first\": %.4f, \"last\": %.4f}}%n",
        Engine.getDjlVersion(),
        Engine.getEngine("PyTorch").getVersion(),
        Arrays.toString(layers),
        batch,
        threads,
        threads,
        System.getenv().getOrDefault("OMP_WAIT_POLICY", "default"),
        piece == batch ? "a whole batch" : Integer.toString(piece),
        rowsPerSecond,
        rowsPerSecond * flops / 1e9,
        sorted[sorted.length / 2],
        sorted[Math.min(sorted.length - 1, sorted.length * 9 / 10)],
        sorted.length,
        coresUsed,
        losses.get(0),
        losses.get(losses.size() - 1));
  }
}
