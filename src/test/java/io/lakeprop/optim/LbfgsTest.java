package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.nn.ParameterLayout.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L-BFGS beside a dense matrix in double precision, and at minima that are known otherwise. */
class LbfgsTest {
  /** A function and its gradient, in double precision. */
  private interface Problem {
    double value(double[] x);

    double[] gradient(double[] x);
  }

  /** {@code ½ (x - c)ᵀ A (x - c) + 1/40 Σ (x - c)⁴}. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Bowl(double[][] matrix, double[] centre) implements Problem {
    static Bowl of(int size) {
      Random random = new Random(3);
      double[][] matrix = new double[size][size];
      double[] centre = new double[size];
      for (int i = 0; i < size; i++) {
        centre[i] = random.nextGaussian();
        matrix[i][i] = 1 + 3 * random.nextDouble();
        for (int j = 0; j < i; j++) {
          matrix[i][j] = 0.1 * random.nextGaussian();
          matrix[j][i] = matrix[i][j];
        }
      }
      return new Bowl(matrix, centre);
    }

    @Override
    public double value(double[] x) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        double off = x[i] - centre[i];
        sum += 0.025 * off * off * off * off;
        for (int j = 0; j < x.length; j++) {
          sum += 0.5 * matrix[i][j] * off * (x[j] - centre[j]);
        }
      }
      return sum;
    }

    @Override
    public double[] gradient(double[] x) {
      double[] gradient = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double off = x[i] - centre[i];
        gradient[i] = 0.1 * off * off * off;
        for (int j = 0; j < x.length; j++) {
          gradient[i] += matrix[i][j] * (x[j] - centre[j]);
        }
      }
      return gradient;
    }
  }

  /** {@code 100 (x1 - x0²)² + (1 - x0)²}, whose minimum is at (1, 1). */
  private record Rosenbrock() implements Problem {
    @Override
    public double value(double[] x) {
      double off = x[1] - x[0] * x[0];
      return 100 * off * off + (1 - x[0]) * (1 - x[0]);
    }

    @Override
    public double[] gradient(double[] x) {
      double off = x[1] - x[0] * x[0];
      return new double[] {-400 * x[0] * off - 2 * (1 - x[0]), 200 * off};
    }
  }

  /** The rule on a problem, an evaluation at a time. */
  private static final class Run {
    private final Problem problem;
    private final Lbfgs rule;
    private final float[] theta;
    private final Memory memory;
    private long step;

    Run(Problem problem, Lbfgs rule, double[] start) {
      this.problem = problem;
      this.rule = rule;
      this.theta = floats(start);
      this.memory = new Memory(start.length);
    }

    void evaluate() {
      double[] at = doubles(theta);
      float[] gradient = floats(problem.gradient(at));
      Update update = new Update(gradient, theta, memory, step++, 1, problem.value(at));
      rule.apply(update);
      update.addToTheta();
    }

    float[] accepted() {
      return Lbfgs.accepted(memory).orElseThrow();
    }
  }

  /** The same in double precision, with the matrix H written out. */
  private static final class Dense {
    private final Problem problem;
    private final int history;
    private final List<double[][]> pairs = new ArrayList<>();
    private double[] x;
    private double[] point;
    private double[] gradient;
    private double[] direction;
    private LineSearch search;

    Dense(Problem problem, int history, double[] start) {
      this.problem = problem;
      this.history = history;
      this.x = start.clone();
    }

    void evaluate() {
      double[] g = problem.gradient(x);
      double value = problem.value(x);
      if (search != null) {
        LineSearch.Outcome outcome = search.after(value, dot(g, direction));
        if (outcome.verdict() == LineSearch.Verdict.TRY) {
          attempt(outcome.search());
          return;
        }
        pairs.add(new double[][] {minus(x, point), minus(g, gradient)});
        if (pairs.size() > history) {
          pairs.remove(0);
        }
      }
      point = x;
      gradient = g;
      direction = times(inverse(), g);
      for (int i = 0; i < direction.length; i++) {
        direction[i] = -direction[i];
      }
      double first = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(g, g))) : 1;
      attempt(LineSearch.begin(value, dot(g, direction), first));
    }

    private void attempt(LineSearch next) {
      search = next;
      x = point.clone();
      for (int i = 0; i < x.length; i++) {
        x[i] += next.trial() * direction[i];
      }
    }

    /**
     * {@code H' = (I - s yᵀ/sᵀy) H (I - y sᵀ/sᵀy) + s sᵀ/sᵀy}, from the oldest pair to the newest.
     */
    private double[][] inverse() {
      int n = x.length;
      double[][] h = new double[n][n];
      for (int i = 0; i < n; i++) {
        h[i][i] = 1;
        if (!pairs.isEmpty()) {
          double[][] newest = pairs.get(pairs.size() - 1);
          h[i][i] = dot(newest[0], newest[1]) / dot(newest[1], newest[1]);
        }
      }
      for (double[][] pair : pairs) {
        double[] s = pair[0];
        double[] y = pair[1];
        double curvature = dot(s, y);
        double[] hy = times(h, y);
        double more = (1 + dot(y, hy) / curvature) / curvature;
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            h[i][j] += more * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
          }
        }
      }
      return h;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void followsTheDenseMatrixInDoublePrecision(int history) {
    Bowl bowl = Bowl.of(12);
    double[] start = new double[12];
    Random random = new Random(5);
    Arrays.setAll(start, i -> (float) (bowl.centre()[i] + 3 * random.nextGaussian()));
    Run run = new Run(bowl, new Lbfgs(history, 1e-4, List.of()), start);
    Dense dense = new Dense(bowl, history, start);
    int evaluations = 0;
    while (!Lbfgs.ended(run.memory) && evaluations < 1000) {
      run.evaluate();
      evaluations++;
      if (!Lbfgs.ended(run.memory)) {
        dense.evaluate();
        double near = 1e-4 * Arrays.stream(dense.x).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < start.length; i++) {
          assertEquals(dense.x[i], run.theta[i], near, i + " after " + evaluations);
        }
      }
    }
    assertTrue(evaluations > 8 && evaluations < 100, evaluations + " evaluations");
    assertEquals(2 * Math.min(history, evaluations) + 3, run.memory.vectors().size());
    for (int i = 0; i < start.length; i++) {
      assertEquals(bowl.centre()[i], run.theta[i], 1e-4);
    }
  }

  @Test
  void findsTheEndOfACurvedValleyAndNeverAcceptsAHigherPoint() {
    Run run = new Run(new Rosenbrock(), new Lbfgs(5, 1e-5, List.of()), new double[] {-1.2, 1});
    double before = Double.MAX_VALUE;
    int evaluations = 0;
    while (!Lbfgs.ended(run.memory) && evaluations < 200) {
      run.evaluate();
      evaluations++;
      double value = run.problem.value(doubles(run.accepted()));
      assertTrue(value <= before, value + " after " + before);
      before = value;
    }
    assertTrue(evaluations < 80, evaluations + " evaluations");
    assertEquals(1, run.theta[0], 2e-3);
    assertEquals(1, run.theta[1], 4e-3);
  }

  /** Ridge regression on a table that decays only some weights has a closed form. */
  @Test
  void weightDecayIsAPartOfTheLoss() {
    double[] diagonal = {1, 2, 5, 3};
    double[] linear = {3, -4, 10, 6};
    Problem quadratic =
        new Problem() {
          @Override
          public double value(double[] x) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
              sum += diagonal[i] * x[i] * x[i] / 2 - linear[i] * x[i];
            }
            return sum;
          }

          @Override
          public double[] gradient(double[] x) {
            double[] gradient = new double[x.length];
            Arrays.setAll(gradient, i -> diagonal[i] * x[i] - linear[i]);
            return gradient;
          }
        };
    double decay = 0.7;
    RangeRule.AddDecayedWeights penalty =
        new RangeRule.AddDecayedWeights(decay, List.of(new Range(1, 3)));
    Run run = new Run(quadratic, new Lbfgs(10, 1e-6, List.of(penalty)), new double[4]);
    for (int i = 0; i < 100; i++) {
      run.evaluate();
    }
    assertTrue(Lbfgs.ended(run.memory));
    for (int i = 0; i < 4; i++) {
      double own = i == 1 || i == 2 ? decay : 0;
      assertEquals(linear[i] / (diagonal[i] + own), run.theta[i], 1e-4);
    }
  }

  @Test
  void staysWhereItEndedToTheBit() {
    Run run = new Run(Bowl.of(6), new Lbfgs(4, 1e-4, List.of()), new double[6]);
    while (!Lbfgs.ended(run.memory)) {
      run.evaluate();
    }
    float[] end = run.theta.clone();
    for (int i = 0; i < 3; i++) {
      run.evaluate();
      assertArrayEquals(end, run.theta);
      assertArrayEquals(end, run.accepted());
    }
  }

  /** What a table brings is rounded, so a search must end although no step seems lower any more. */
  @Test
  void endsWhereRoundingHidesTheDescent() {
    Run run = new Run(Bowl.of(6), new Lbfgs(4, 0, List.of()), new double[6]);
    int evaluations = 0;
    while (!Lbfgs.ended(run.memory) && evaluations < 1000) {
      run.evaluate();
      evaluations++;
    }
    assertTrue(evaluations < 1000, "never ends");
  }

  private static double[] times(double[][] matrix, double[] x) {
    double[] result = new double[x.length];
    Arrays.setAll(result, i -> dot(matrix[i], x));
    return result;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] result = new double[a.length];
    Arrays.setAll(result, i -> a[i] - b[i]);
    return result;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static float[] floats(double[] x) {
    float[] floats = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      floats[i] = (float) x[i];
    }
    return floats;
  }

  private static double[] doubles(float[] x) {
    double[] doubles = new double[x.length];
    Arrays.setAll(doubles, i -> x[i]);
    return doubles;
  }

  /** A problem that turns into another one, as none does, so that searches fail or never bend. */
  private static final class Changing implements Problem {
    private Problem now;

    Changing(Problem first) {
      now = first;
    }

    @Override
    public double value(double[] x) {
      return now.value(x);
    }

    @Override
    public double[] gradient(double[] x) {
      return now.gradient(x);
    }
  }

  /** {@code gᵀx + height}. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Plane(double[] g, double height) implements Problem {
    @Override
    public double value(double[] x) {
      return dot(g, x) + height;
    }

    @Override
    public double[] gradient(double[] x) {
      return g;
    }
  }

  /** After a search that finds nothing, the pairs are forgotten: the next one goes along -g. */
  @Test
  void aSearchThatFailsBeginsAnewAlongTheGradientAndThenEnds() {
    Bowl bowl = Bowl.of(6);
    Changing problem = new Changing(bowl);
    Run run = new Run(problem, new Lbfgs(4, 1e-4, List.of()), new double[6]);
    while (run.memory.number("pairs", 0) < 2) {
      run.evaluate();
    }
    float[] point = run.accepted().clone();
    double[] gradient = bowl.gradient(doubles(point));
    problem.now = new Plane(new double[6], 1e9);
    int evaluations = 0;
    while (run.memory.number("pairs", 0) > 0) {
      run.evaluate();
      assertTrue(++evaluations <= LineSearch.MOST_EVALUATIONS, "never fails");
    }
    double first = Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    for (int i = 0; i < point.length; i++) {
      assertEquals(point[i] - first * gradient[i], run.theta[i], 1e-5);
    }
    assertFalse(Lbfgs.ended(run.memory));
    // The same again, with nothing left to forget.
    for (int i = 0; i < LineSearch.MOST_EVALUATIONS; i++) {
      run.evaluate();
    }
    assertTrue(Lbfgs.ended(run.memory));
    assertArrayEquals(point, run.accepted());
    assertArrayEquals(point, run.theta);
    // A search that began anew finds the minimum where there is one.
    Changing other = new Changing(bowl);
    Run again = new Run(other, new Lbfgs(4, 1e-4, List.of()), new double[6]);
    while (again.memory.number("pairs", 0) < 2) {
      again.evaluate();
    }
    other.now = new Plane(new double[6], 1e9);
    while (again.memory.number("pairs", 0) > 0) {
      again.evaluate();
    }
    other.now = bowl;
    for (int i = 0; i < 100; i++) {
      again.evaluate();
    }
    for (int i = 0; i < point.length; i++) {
      assertEquals(bowl.centre()[i], again.theta[i], 1e-4);
    }
  }

  /** A step along which the gradient stays as it is says nothing of curvature. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aPairWithoutCurvatureIsLeftOut(int history) {
    Changing problem = new Changing(Bowl.of(6));
    Run run = new Run(problem, new Lbfgs(history, 1e-4, List.of()), new double[6]);
    while (run.memory.number("pairs", 0) < history) {
      run.evaluate();
    }
    double[] point = doubles(run.accepted());
    double[] gradient = problem.gradient(point);
    problem.now = new Plane(gradient, problem.value(point) - dot(gradient, point));
    for (int i = 0; Arrays.equals(point, doubles(run.accepted())); i++) {
      assertTrue(i <= LineSearch.MOST_EVALUATIONS, "accepts nothing");
      run.evaluate();
    }
    assertEquals(history - 1, run.memory.number("pairs", -1));
    for (float value : run.theta) {
      assertTrue(Float.isFinite(value));
    }
  }

  @Test
  void theRateScalesTheFirstTrial() {
    Memory memory = new Memory(2);
    float[] theta = {1, 2};
    Update update = new Update(new float[] {0, 4}, theta, memory, 0, 0.5, 8);
    new Lbfgs(3, 0, List.of()).apply(update);
    update.addToTheta();
    // Along -g by min(1, 1/|g|), halved.
    assertArrayEquals(new float[] {1, 1.5f}, theta);
  }

  /** {@code |g| <= tolerance max(1, |x|)} ends it at once; a little more does not. */
  @Test
  void endsWhereTheGradientIsFlat() {
    for (double norm : new double[] {0.25, 0.26}) {
      for (float size : new float[] {0, 1, 64}) {
        float own = (float) (norm * Math.max(1, size));
        Memory memory = new Memory(2);
        float[] theta = {size, 0};
        Update update = new Update(new float[] {0, own}, theta, memory, 0, 1, 3);
        new Lbfgs(3, 0.25, List.of()).apply(update);
        assertEquals(norm == 0.25, Lbfgs.ended(memory), norm + " at " + size);
      }
    }
  }
}
