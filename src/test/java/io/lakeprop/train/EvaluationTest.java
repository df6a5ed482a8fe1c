package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.data.EncodedRow;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines with offsets and weights, whose losses and gradients anybody can work out. */
class EvaluationTest {
  private static final int ROWS = 7;
  private static final double W = 2;
  private static final double B = 0.5;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 10})
  void oneLabelIsJudgedRowByRow(int piece) {
    double squares = 0;
    double weights = 0;
    double slope = 0;
    double shift = 0;
    for (int i = 0; i < ROWS; i++) {
      double error = W * x(i) + B + offset(i) - y(i);
      squares += weight(i) * error * error;
      weights += weight(i);
      slope += weight(i) * 2 * error * x(i);
      shift += weight(i) * 2 * error;
    }
    Objective objective = objective(new SquaredError(), piece);
    PackedBlock block = block(1);
    float[] theta = {(float) W, (float) B};
    Scores scores = new Scores(List.of(label("y")), new SquaredError());
    MetricSum sum = objective.evaluate(theta, block, scores.empty(), objective.workspace());
    assertEquals(ROWS, sum.rows());
    assertEquals(Math.sqrt(squares / weights), sum.metrics().get("rmse"), 1e-5);
    assertEquals(squares / weights, sum.metrics().get("loss"), 1e-5);
    RoundPlan plan = new RoundPlan(1, ROWS, 1, new int[] {ROWS});
    GradientSum gradient = new LocalRounds(objective, plan, List.of(block)).gradient(theta, 0);
    assertArrayEquals(new float[] {(float) slope, (float) shift}, gradient.gradient(), 1e-3f);
    assertEquals(squares, gradient.loss(), 1e-4);
    assertEquals(weights, gradient.weight());
    assertEquals(ROWS, gradient.rows());
  }

  /** The second label is three times the first, the second line has a slope of its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void severalLabelsEachByItsOwn(int piece) {
    Heads heads =
        new Heads(
            List.of(
                new Heads.Head(new SquaredError(), 1, List.of(), 1),
                new Heads.Head(new SquaredError(), 1, List.of(), 0.5f)));
    double first = 0;
    double second = 0;
    double weights = 0;
    for (int i = 0; i < ROWS; i++) {
      first += weight(i) * Math.pow(W * x(i) + B + offset(i) - y(i), 2);
      second += weight(i) * Math.pow(-x(i) + 1 + 0.5 * offset(i) - 3 * y(i), 2);
      weights += weight(i);
    }
    Objective objective = objective(heads, piece);
    Scores scores = new Scores(List.of(label("a"), label("b")), heads);
    float[] theta = {(float) W, -1, (float) B, 1};
    MetricSum sum = objective.evaluate(theta, block(2), scores.empty(), objective.workspace());
    assertEquals(Math.sqrt(first / weights), sum.metrics().get("a.rmse"), 1e-5);
    assertEquals(Math.sqrt(second / weights), sum.metrics().get("b.rmse"), 1e-5);
    assertEquals((first + second) / weights, sum.metrics().get("loss"), 1e-4);
  }

  private static Objective objective(Loss loss, int piece) {
    Network network =
        new Network(
            new TableInput(1, List.of()),
            List.of(new Network.Named("head", new Linear(1, loss.logits()))));
    return new Objective(network, loss, piece, Kernel.EJML);
  }

  private static PackedBlock block(int labels) {
    PackedBlock.Builder block = new PackedBlock.Builder(0, 1, 0, labels);
    for (int i = 0; i < ROWS; i++) {
      float[] own = {(float) y(i), (float) (3 * y(i))};
      block.add(
          new EncodedRow(
              0,
              i,
              new float[] {(float) x(i)},
              new int[0],
              labels == 1 ? new float[] {own[0]} : own,
              (float) weight(i),
              (float) offset(i)));
    }
    return block.build();
  }

  private static LabelEncoder label(String name) {
    return new LabelEncoder.Quantity(name, 0, 1);
  }

  private static double x(int row) {
    return row - 2.5;
  }

  private static double y(int row) {
    return row * row % 5 - 1;
  }

  private static double weight(int row) {
    return 0.25 * (1 + row % 3);
  }

  private static double offset(int row) {
    return row % 2 == 0 ? 0.75 : -1.5;
  }
}
