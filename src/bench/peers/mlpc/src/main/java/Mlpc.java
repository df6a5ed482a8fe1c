import com.sun.management.OperatingSystemMXBean;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains the benchmark's layer sizes with Spark ML's multilayer perceptron (sigmoid, float64, full
 * batch: it has nothing else), in one setting, and prints one JSON line. A round is one evaluation
 * of loss and gradient over all rows; evaluations are counted as the Spark jobs that make them.
 *
 * <p>Arguments: layers (54,256,256,7), rows, threads, seconds, solver, rows a block.
 */
public final class Mlpc {
  private static final long SEED = 1;
  private static final int FEWEST_ITERATIONS = 2;

  private final int[] layers;
  private final int rows;
  private final int threads;
  private final double seconds;
  private final String solver;
  private final int block;

  private Mlpc(String[] arguments) {
    layers = Arrays.stream(arguments[0].split(",")).mapToInt(Integer::parseInt).toArray();
    rows = Integer.parseInt(arguments[1]);
    threads = Integer.parseInt(arguments[2]);
    seconds = Double.parseDouble(arguments[3]);
    solver = arguments[4];
    block = Integer.parseInt(arguments[5]);
  }

  public static void main(String[] arguments) throws Exception {
    new Mlpc(arguments).run();
  }

  private void run() throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[" + threads + "]")
            .appName("bench")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      Evaluations evaluations = new Evaluations();
      spark.sparkContext().addSparkListener(evaluations);
      Dataset<Row> table = table(spark).cache();
      table.count();

      int iterations = FEWEST_ITERATIONS;
      double warmUp = 0;
      // Until the JVM has compiled what there is to compile, a round says little about the next one.
      while (warmUp < seconds / 2) {
        fit(table, iterations);
        spark.sparkContext().listenerBus().waitUntilEmpty();
        warmUp += evaluations.seconds();
        double perRound = evaluations.seconds() / evaluations.count();
        iterations = Math.max(FEWEST_ITERATIONS, (int) Math.ceil(seconds / perRound));
        evaluations.clear();
      }

      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long cpu = system.getProcessCpuTime();
      long began = System.nanoTime();
      MultilayerPerceptronClassificationModel model = fit(table, iterations);
      double fitSeconds = (System.nanoTime() - began) / 1e9;
      double coresUsed = (system.getProcessCpuTime() - cpu) / 1e9 / fitSeconds;
      spark.sparkContext().listenerBus().waitUntilEmpty();
      double[] losses = model.summary().objectiveHistory();
      print(evaluations, iterations, fitSeconds, coresUsed, losses, spark.version());
    }
  }

  private Dataset<Row> table(SparkSession spark) {
    // Fields in locals: the closure must not take this class with it.
    int inputs = layers[0];
    int classes = layers[layers.length - 1];
    int perSlice = rows / threads;
    JavaRDD<Row> made =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(IntStream.range(0, threads).boxed().toList(), threads)
            .flatMap(slice -> slice(slice, perSlice, inputs, classes).iterator());
    StructType schema =
        new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType());
    return spark.createDataFrame(made, schema);
  }

  /** Standard normal features; the label is the argmax of a fixed random linear map of them. */
  private static List<Row> slice(int slice, int n, int inputs, int classes) {
    Random map = new Random(SEED);
    double[] teacher =
        IntStream.range(0, inputs * classes).mapToDouble(i -> map.nextGaussian()).toArray();
    Random random = new Random(SEED + 1 + slice);
    List<Row> made = new ArrayList<>(n);
    for (int row = 0; row < n; row++) {
      double[] x = IntStream.range(0, inputs).mapToDouble(i -> random.nextGaussian()).toArray();
      int best = 0;
      double bestScore = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        double score = 0;
        for (int i = 0; i < inputs; i++) {
          score += x[i] * teacher[i * classes + c];
        }
        if (score > bestScore) {
          bestScore = score;
          best = c;
        }
      }
      made.add(RowFactory.create((double) best, Vectors.dense(x)));
    }
    return made;
  }

  private MultilayerPerceptronClassificationModel fit(Dataset<Row> table, int iterations) {
    return new MultilayerPerceptronClassifier()
        .setLayers(layers)
        .setSolver(solver)
        .setBlockSize(block)
        .setMaxIter(iterations)
        .setTol(0) // never enough: we want the time, not the optimum
        .setSeed(SEED)
        .fit(table);
  }

  private void print(
      Evaluations evaluations,
      int iterations,
      double fitSeconds,
      double coresUsed,
      double[] losses,
      String spark) {
    double flops = 0;
    for (int layer = 1; layer < layers.length; layer++) {
      flops += (layer == 1 ? 4.0 : 6.0) * layers[layer - 1] * layers[layer];
    }
    int trained = rows / threads * threads;
    double rowsPerSecond = (double) evaluations.count() * trained / evaluations.seconds();
    double[] millis = evaluations.millis();
    System.out.printf(
        Locale.ROOT,
        "{\"peer\": \"mlpc\", \"version\": \"%s\", \"layers\": %s, \"batch\": %d, \"threads\": %d, "
            + "\"setting\": \"%s, blocks of %d, %s\", "
            + "\"rows_per_second\": %.0f, \"gflops\": %.2f, "
            + "\"round_ms\": {\"median\": %.3f, \"p90\": %.3f}, \"rounds\": %d, "
            + "\"max_iterations\": %d, \"fit_seconds\": %.2f, "
            + "\"cores_used\": %.2f, \"loss\": {\"first\": %.4f, \"last\": %.4f}}%n",
        spark,
        Arrays.toString(layers),
        trained,
        threads,
        solver,
        block,
        blas(),
        rowsPerSecond,
        rowsPerSecond * flops / 1e9,
        millis[millis.length / 2],
        millis[Math.min(millis.length - 1, millis.length * 9 / 10)],
        evaluations.count(),
        iterations,
        fitSeconds,
        coresUsed,
        losses[0],
        losses[losses.length - 1]);
  }

  /** The library that Spark's matrix products end up in: the machine's, else the JVM's. */
  private static String blas() {
    try {
      return NativeBLAS.getInstance().getClass().getSimpleName();
    } catch (RuntimeException | LinkageError none) {
      return JavaBLAS.getInstance().getClass().getSimpleName();
    }
  }

  /**
   * The jobs of MLlib's two optimizers, without their count of the rows: each job evaluates loss and
   * gradient once, a line search's evaluations among them. Times are Spark's, in whole milliseconds.
   */
  private static final class Evaluations extends SparkListener {
    private final List<Long> starts = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> jobs = Collections.synchronizedList(new ArrayList<>());
    private volatile long lastEnd;

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      String name = job.stageInfos().last().name();
      if ((name.contains("LBFGS.scala") || name.contains("GradientDescent.scala"))
          && !name.startsWith("count")) {
        jobs.add(job.jobId());
        starts.add(job.time());
      }
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd job) {
      if (jobs.contains(job.jobId())) {
        lastEnd = job.time();
      }
    }

    void clear() {
      starts.clear();
      jobs.clear();
    }

    int count() {
      return starts.size();
    }

    /** From the first evaluation's start to the last one's end: the optimizer's steps are inside. */
    double seconds() {
      return (lastEnd - starts.get(0)) / 1e3;
    }

    /** From start to start, ascending. */
    double[] millis() {
      return IntStream.range(0, starts.size())
          .mapToDouble(i -> (i + 1 < starts.size() ? starts.get(i + 1) : lastEnd) - starts.get(i))
          .sorted()
          .toArray();
    }
  }
}
