package io.lakeprop.nn;

import io.lakeprop.Work;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The three products of a linear layer by every kernel, one thread, 256 rows. Work is counted in
 * GFLOP.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class GemmBenchmark {
  private static final int ROWS = 256;

  /** Inputs and outputs of the layer. */
  @Param({"54x256", "256x256", "256x7", "1000x1000"})
  String layer;

  private int inputs;
  private int outputs;
  private float[] x;
  private float[] w;
  private float[] y;
  private float[] dx;
  private float[] dw;
  private Gemm openBlas;
  private Gemm vector;
  private Gemm ejml;

  @Setup
  public void prepare() {
    inputs = Integer.parseInt(layer.substring(0, layer.indexOf('x')));
    outputs = Integer.parseInt(layer.substring(layer.indexOf('x') + 1));
    x = normal(ROWS * inputs);
    w = normal(outputs * inputs + outputs);
    y = new float[ROWS * outputs];
    dx = new float[ROWS * inputs];
    dw = new float[outputs * inputs];
    openBlas = Kernel.OPENBLAS.gemm();
    vector = Kernel.VECTOR.gemm();
    ejml = Kernel.EJML.gemm();
  }

  /** Gradients add up: they must not grow out of all bounds. */
  @Setup(Level.Iteration)
  public void clear() {
    java.util.Arrays.fill(dw, 0);
  }

  @Benchmark
  public void openBlas(Work work) {
    products(openBlas, work);
  }

  @Benchmark
  public void vector(Work work) {
    products(vector, work);
  }

  @Benchmark
  public void ejml(Work work) {
    products(ejml, work);
  }

  private void products(Gemm gemm, Work work) {
    gemm.forward(ROWS, inputs, outputs, x, w, 0, w, inputs * outputs, y);
    gemm.inputGradient(ROWS, inputs, outputs, y, w, 0, dx);
    gemm.weightGradient(ROWS, inputs, outputs, y, x, dw, 0);
    work.done += 6e-9 * ROWS * inputs * outputs;
  }

  private static float[] normal(int size) {
    Random random = new Random(size);
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
