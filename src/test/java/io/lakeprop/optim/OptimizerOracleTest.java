package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A thousand steps of every optimizer stay within 1e-4 of the same in double precision, and so does
 * what {@link Optimizer#vectors} says of its memory.
 */
class OptimizerOracleTest {
  private static final int STEPS = 1000;
  private static final double NEAR = 1e-4;

  /** A matrix (2, 5), whose weights decay, and a bias (2). */
  private static final int WEIGHTS = 10;

  private static final int SIZE = 12;
  private static final double DECAY = 0.05;
  private static final float B1 = 0.9f;
  private static final float B2 = 0.99f;
  private static final float SMALL = 1e-8f;

  /** An optimizer, a rate at which a thousand steps lead somewhere, and the other opinion. */
  private record Case(Optimizer optimizer, double rate, IntFunction<Oracle> oracle) {}

  private static final List<Case> CASES =
      List.of(
          new Case(new Optimizer.Sgd(), 0.005, n -> direct((self, i, g, t) -> g)),
          new Case(new Optimizer.Momentum(B1, 0.25f), 1e-3, n -> direct(Step::momentum)),
          new Case(new Optimizer.Nesterov(B1), 1e-3, n -> direct(Step::nesterov)),
          new Case(new Optimizer.Adagrad(1e-10f), 0.05, n -> direct(Step::adagrad)),
          new Case(new Optimizer.Adadelta(B2, 1e-6f), 1, n -> direct(Step::adadelta)),
          new Case(new Optimizer.RmsProp(B2, SMALL, 0.5f), 1e-3, n -> direct(Step::rmsProp)),
          new Case(
              new Optimizer.CenteredRmsProp(B2, 1e-4f, 0.5f), 1e-4, n -> direct(Step::centered)),
          new Case(
              new Optimizer.Adam(B1, B2, SMALL),
              1e-3,
              n -> direct((self, i, g, t) -> self.adam(i, g, t, B1, B2, SMALL))),
          new Case(new Optimizer.AmsGrad(B1, B2, SMALL), 1e-3, n -> direct(Step::amsGrad)),
          new Case(
              new Optimizer.AdamW(B1, B2, SMALL),
              1e-3,
              n -> decoupled((self, i, g, t) -> self.adam(i, g, t, B1, B2, SMALL))),
          new Case(new Optimizer.Adamax(B1, B2, SMALL), 1e-3, n -> direct(Step::adamax)),
          new Case(new Optimizer.NAdam(B1, B2, SMALL, 4e-3), 1e-3, n -> new NAdamOracle()),
          new Case(new Optimizer.RAdam(B1, B2, SMALL), 1e-3, n -> direct(Step::rAdam)),
          new Case(new Optimizer.Lion(B1, B2), 1e-3, n -> decoupled(Step::lion)),
          new Case(new Optimizer.Lamb(B1, B2, 1e-6f), 1e-3, n -> new LambOracle()),
          new Case(new Optimizer.Lars(B1, 0.01), 0.05, n -> new LarsOracle()));

  @Test
  void noneIsForgotten() {
    Set<Class<?>> tested =
        CASES.stream().map(c -> c.optimizer().getClass()).collect(Collectors.toSet());
    // Its steps follow from the loss as well; it has its oracle in LbfgsTest.
    tested.add(Optimizer.LimitedMemoryBfgs.class);
    assertEquals(Sealed.leaves(Optimizer.class), tested);
  }

  @TestFactory
  Stream<DynamicTest> staysNear() {
    return CASES.stream()
        .map(c -> DynamicTest.dynamicTest(c.optimizer().toString(), () -> compare(c)));
  }

  private static void compare(Case c) {
    Part weights = new Part(0, 2, 5, "layer", Part.Kind.WEIGHT, 1, DECAY);
    Part bias = new Part(WEIGHTS, 1, 2, "layer", Part.Kind.OTHER, 1, 0);
    UpdateRule rule =
        new UpdateRule.Chain(c.optimizer().rules(new Parameters(List.of(weights, bias))));
    Bowl bowl = new Bowl();
    double[] exact = bowl.start();
    float[] theta = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      theta[i] = (float) exact[i];
      exact[i] = theta[i];
    }
    double[] start = exact.clone();
    Memory memory = new Memory(SIZE);
    Oracle oracle = c.oracle().apply(SIZE);
    double[] decay = new double[SIZE];
    Arrays.fill(decay, 0, WEIGHTS, (float) DECAY);
    for (int step = 0; step < STEPS; step++) {
      Update update = new Update(bowl.gradient(theta), theta, memory, step, c.rate());
      rule.apply(update);
      update.addToTheta();
      oracle.step(exact, bowl.gradient(exact), decay, step + 1, c.rate());
      for (int i = 0; i < SIZE; i++) {
        double near = NEAR * Arrays.stream(exact).map(Math::abs).max().orElseThrow();
        assertEquals(exact[i], theta[i], near, "number " + i + " after step " + step);
      }
    }
    double way = 0;
    for (int i = 0; i < SIZE; i++) {
      way = Math.max(way, Math.abs(exact[i] - start[i]));
    }
    assertTrue(way > 0.3, "a way of " + way + " proves little");
    assertEquals(memory.vectors().size(), c.optimizer().vectors());
  }

  /** {@code A (x - c) + 0.1 (x - c)³}, A symmetric, positive and well-conditioned. */
  private static final class Bowl {
    private final double[][] matrix = new double[SIZE][SIZE];
    private final double[] centre = new double[SIZE];

    Bowl() {
      Random random = new Random(6);
      for (int i = 0; i < SIZE; i++) {
        centre[i] = random.nextGaussian();
        for (int j = 0; j <= i; j++) {
          matrix[i][j] = i == j ? 1 + random.nextDouble() : 0.1 * random.nextGaussian();
          matrix[j][i] = matrix[i][j];
        }
      }
    }

    /** Two to three away from the centre in every number. */
    double[] start() {
      Random random = new Random(7);
      double[] start = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        double side = random.nextBoolean() ? 1 : -1;
        start[i] = centre[i] + side * (2 + random.nextDouble());
      }
      return start;
    }

    float[] gradient(float[] theta) {
      double[] at = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        at[i] = theta[i];
      }
      double[] exact = gradient(at);
      float[] gradient = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        gradient[i] = (float) exact[i];
      }
      return gradient;
    }

    double[] gradient(double[] x) {
      double[] gradient = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        gradient[i] = 0.1 * Math.pow(x[i] - centre[i], 3);
        for (int j = 0; j < SIZE; j++) {
          gradient[i] += matrix[i][j] * (x[j] - centre[j]);
        }
      }
      return gradient;
    }
  }

  /** The direction of one number, from its own memory in the oracle. */
  private interface Step {
    double of(Oracle self, int i, double g, int t);

    static double momentum(Oracle self, int i, double g, int t) {
      self.m[i] = t == 1 ? g : B1 * self.m[i] + 0.75 * g;
      return self.m[i];
    }

    static double nesterov(Oracle self, int i, double g, int t) {
      self.m[i] = B1 * self.m[i] + g;
      return g + B1 * self.m[i];
    }

    static double adagrad(Oracle self, int i, double g, int t) {
      self.v[i] += g * g;
      return g / (Math.sqrt(self.v[i]) + 1e-10);
    }

    static double adadelta(Oracle self, int i, double g, int t) {
      double little = 1e-6f;
      self.v[i] = B2 * self.v[i] + (1 - (double) B2) * g * g;
      double step = g * Math.sqrt(self.w[i] + little) / Math.sqrt(self.v[i] + little);
      self.w[i] = B2 * self.w[i] + (1 - (double) B2) * step * step;
      return step;
    }

    static double rmsProp(Oracle self, int i, double g, int t) {
      self.v[i] = B2 * self.v[i] + (1 - (double) B2) * g * g;
      self.m[i] = 0.5 * self.m[i] + g / (Math.sqrt(self.v[i]) + SMALL);
      return self.m[i];
    }

    /** The variance as the mean of squares less the square of the mean. */
    static double centered(Oracle self, int i, double g, int t) {
      self.v[i] = B2 * self.v[i] + (1 - (double) B2) * g * g;
      self.w[i] = B2 * self.w[i] + (1 - (double) B2) * g;
      double variance = self.v[i] - self.w[i] * self.w[i];
      self.m[i] = 0.5 * self.m[i] + g / (Math.sqrt(variance) + (double) 1e-4f);
      return self.m[i];
    }

    static double amsGrad(Oracle self, int i, double g, int t) {
      self.m[i] = B1 * self.m[i] + (1 - (double) B1) * g;
      self.v[i] = B2 * self.v[i] + (1 - (double) B2) * g * g;
      self.w[i] = Math.max(self.w[i], self.v[i]);
      double root = Math.sqrt(self.w[i] / (1 - Math.pow(B2, t)));
      return self.m[i] / (1 - Math.pow(B1, t)) / (root + SMALL);
    }

    static double adamax(Oracle self, int i, double g, int t) {
      self.m[i] = B1 * self.m[i] + (1 - (double) B1) * g;
      self.w[i] = Math.max(B2 * self.w[i], Math.abs(g) + SMALL);
      return self.m[i] / ((1 - Math.pow(B1, t)) * self.w[i]);
    }

    static double rAdam(Oracle self, int i, double g, int t) {
      self.m[i] = B1 * self.m[i] + (1 - (double) B1) * g;
      self.v[i] = B2 * self.v[i] + (1 - (double) B2) * g * g;
      double most = 2 / (1 - (double) B2) - 1;
      double power = Math.pow(B2, t);
      double length = most - 2 * t * power / (1 - power);
      double mean = self.m[i] / (1 - Math.pow(B1, t));
      if (length <= 5) {
        return mean;
      }
      double r = Math.sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
      return mean * r * Math.sqrt(1 - power) / (Math.sqrt(self.v[i]) + SMALL);
    }

    static double lion(Oracle self, int i, double g, int t) {
      double sign = Math.signum(B1 * self.m[i] + (1 - (double) B1) * g);
      self.m[i] = B2 * self.m[i] + (1 - (double) B2) * g;
      return sign;
    }
  }

  private static Oracle direct(Step step) {
    return new Oracle.Coupled(SIZE) {
      @Override
      double direction(int i, double g, int t) {
        return step.of(this, i, g, t);
      }
    };
  }

  private static Oracle decoupled(Step step) {
    return new Oracle.Decoupled(SIZE) {
      @Override
      double direction(int i, double g, int t) {
        return step.of(this, i, g, t);
      }
    };
  }

  /** With the product of all momenta so far; PyTorch's, see the rule. */
  private static final class NAdamOracle extends Oracle {
    NAdamOracle() {
      super(SIZE);
    }

    @Override
    void step(double[] theta, double[] g, double[] decay, int t, double rate) {
      double product = 1;
      for (int s = 1; s <= t; s++) {
        product *= momentum(s);
      }
      for (int i = 0; i < SIZE; i++) {
        double own = g[i] + decay[i] * theta[i];
        m[i] = B1 * m[i] + (1 - (double) B1) * own;
        v[i] = B2 * v[i] + (1 - (double) B2) * own * own;
        double ahead = product * momentum(t) * momentum(t + 1);
        double up = momentum(t + 1) * m[i] / (1 - ahead) + (1 - momentum(t)) * own / (1 - product);
        theta[i] -= rate * up / (Math.sqrt(v[i] / (1 - Math.pow(B2, t))) + SMALL);
      }
    }

    private static double momentum(int t) {
      return B1 * (1 - 0.5 * Math.pow(0.96, t * 4e-3));
    }
  }

  /**
   * You (2020), algorithm 2: the matrix's step as long as the matrix, the bias's as Adam has it.
   */
  private static final class LambOracle extends Oracle {
    LambOracle() {
      super(SIZE);
    }

    @Override
    void step(double[] theta, double[] g, double[] decay, int t, double rate) {
      double[] u = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        u[i] = adam(i, g[i], t, B1, B2, 1e-6f) + decay[i] * theta[i];
      }
      double ratio = norm(theta, 0, WEIGHTS) / norm(u, 0, WEIGHTS);
      for (int i = 0; i < SIZE; i++) {
        theta[i] -= rate * (i < WEIGHTS ? ratio : 1) * u[i];
      }
    }
  }

  /** You (2017), algorithm 1; the bias at the plain rate. */
  private static final class LarsOracle extends Oracle {
    LarsOracle() {
      super(SIZE);
    }

    @Override
    void step(double[] theta, double[] g, double[] decay, int t, double rate) {
      double length = norm(theta, 0, WEIGHTS);
      double local = 0.01 * length / (norm(g, 0, WEIGHTS) + (float) DECAY * length);
      for (int i = 0; i < SIZE; i++) {
        double own = (i < WEIGHTS ? local : 1) * (g[i] + decay[i] * theta[i]);
        m[i] = B1 * m[i] + rate * own;
        theta[i] -= m[i];
      }
    }
  }
}
