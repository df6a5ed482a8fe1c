package io.lakeprop.optim;

import io.lakeprop.Work;
import io.lakeprop.base.Chunks;
import io.lakeprop.nn.ParameterLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An AdamW step as the trainer makes it: mean, norm and guard, clipping, Adam, decay, rate, theta.
 *
 * <p>Beside it the plain copy of a vector, which is the machine's memory speed, both on all cores
 * and on one. Work is counted in GB moved, as few as they can be: a step reads and writes the
 * gradient in each of its two passes, and Adam's two vectors and theta in one of them, 40 bytes a
 * parameter; a copy has 8.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OptimizerStepBenchmark {
  private static final double STEP_GB = 40e-9;
  private static final double COPY_GB = 8e-9;

  @Param({"80000", "10000000"})
  int parameters;

  private float[] sum;
  private float[] theta;
  private float[] other;
  private Memory memory;
  private UpdateRule rule;
  private long step;
  private List<ParameterLayout.Range> layers;

  @Setup
  public void prepare() {
    sum = new float[parameters];
    theta = new float[parameters];
    other = new float[parameters];
    memory = new Memory(parameters);
    Random random = new Random(1);
    for (int i = 0; i < parameters; i++) {
      sum[i] = (float) random.nextGaussian();
      theta[i] = (float) random.nextGaussian();
    }
    layers =
        List.of(
            new ParameterLayout.Range(0, parameters / 6),
            new ParameterLayout.Range(parameters / 6, parameters - 1799),
            new ParameterLayout.Range(parameters - 1799, parameters));
    rule =
        new UpdateRule.Chain(
            List.of(
                new UpdateRule.ClipByGlobalNorm(1),
                new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f),
                new RangeRule.AddDecayedWeights(
                    0.01, List.of(new ParameterLayout.Range(0, parameters - parameters / 100))),
                new UpdateRule.ScaleByLearningRate()));
  }

  @Benchmark
  public void step(Work work) {
    step();
    work.done += parameters * STEP_GB;
  }

  @Benchmark
  @Fork(value = 1, jvmArgsAppend = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=0")
  public void stepOneCore(Work work) {
    step();
    work.done += parameters * STEP_GB;
  }

  @Benchmark
  public void watchedStep(Work work) {
    watchedStep();
    work.done += parameters * STEP_GB;
  }

  @Benchmark
  @Fork(value = 1, jvmArgsAppend = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=0")
  public void watchedStepOneCore(Work work) {
    watchedStep();
    work.done += parameters * STEP_GB;
  }

  @Benchmark
  public void copy(Work work) {
    Chunks.forEach(parameters, this::copy);
    work.done += parameters * COPY_GB;
  }

  @Benchmark
  public void copyOneCore(Work work) {
    copy(0, parameters);
    work.done += parameters * COPY_GB;
  }

  private void copy(int from, int to) {
    System.arraycopy(sum, from, other, from, to - from);
  }

  /** What the last step left in the gradient's place is the next one's gradient sum. */
  private void step() {
    Update update = new Update(sum, theta, memory, step++, 1e-3);
    update.scale(1000);
    if (!Double.isFinite(update.norm())) {
      throw new IllegalStateException("the benchmark's gradient diverged");
    }
    rule.apply(update);
    update.addToTheta();
  }

  /** The same with the norms of layers, of gradient, step and theta, that the reports have. */
  private void watchedStep() {
    Update update = new Update(sum, theta, memory, step++, 1e-3);
    update.scale(1000);
    double[] norms = update.norms(layers);
    if (!Double.isFinite(update.norm()) || norms.length != layers.size()) {
      throw new IllegalStateException("the benchmark's gradient diverged");
    }
    rule.apply(update);
    if (update.addToTheta(layers).firstNotFinite().isPresent()) {
      throw new IllegalStateException("the benchmark's theta diverged");
    }
  }
}
