package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.Workspace;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 5: a slice that runs again gives the same bits, dropout included; pieces only round. */
class ObjectiveTest {
  private static final int ROWS = 200;
  private static final Network NETWORK = Samples.network(0.3f);
  private static final float[] THETA = Initializer.suited(NETWORK, 1);
  private static final RoundPlan PLAN = new RoundPlan(5, 90, 1, new int[] {ROWS});
  private static final PackedBlock BLOCK = Samples.shards(ROWS).get(0);

  @Test
  void runAgainIsTheSameBits() {
    Objective objective = objective(32);
    Workspace used = objective.workspace();
    GradientPool pool = objective.pool();
    GradientSum sum = objective.gradient(THETA, BLOCK, PLAN.share(1, 0), used, pool);
    float[] first = sum.gradient().clone();
    pool.give(sum);
    pool.give(objective.gradient(THETA, BLOCK, PLAN.share(2, 0), used, pool));
    float[] again = objective.gradient(THETA, BLOCK, PLAN.share(1, 0), used, pool).gradient();
    assertSame(sum.gradient(), again);
    Workspace fresh = objective.workspace();
    float[] elsewhere =
        objective.gradient(THETA, BLOCK, PLAN.share(1, 0), fresh, objective.pool()).gradient();
    assertArrayEquals(first, again);
    assertArrayEquals(first, elsewhere);
  }

  @Test
  void otherRoundsDropOtherUnits() {
    RoundPlan.Share share = PLAN.share(0, 0);
    RoundPlan.Share otherMask =
        new RoundPlan.Share(
            share.shard(), share.order(), share.from(), share.to(), share.randomSeed() + 1);
    assertFalse(Arrays.equals(gradient(64, share), gradient(64, otherMask)));
  }

  /** Dropout is drawn by row, so another size of piece drops the same units. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 50, 89, 500})
  void pieceSizesOnlyRound(int piece) {
    float[] expected = gradient(64, PLAN.share(0, 0));
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected, gradient(piece, PLAN.share(0, 0)), 1e-5f * largest);
  }

  @Test
  void evaluationReadsEveryRowOnceWithoutDropout() {
    Loss loss = new SoftmaxCrossEntropy(Samples.CLASSES);
    Objective plain = new Objective(Samples.network(0), loss, 33, Kernel.EJML);
    double expected = evaluate(plain).metrics().get("log_loss");
    ClassificationSum sum = evaluate(objective(64));
    assertEquals(ROWS, sum.rows());
    assertEquals(expected, sum.metrics().get("log_loss"), 1e-6);
  }

  private static ClassificationSum evaluate(Objective objective) {
    return objective.evaluate(
        THETA, BLOCK, new ClassificationSum(Samples.CLASSES), objective.workspace());
  }

  @Test
  void lossAndNetworkMustFit() {
    Loss two = new SoftmaxCrossEntropy(2);
    assertThrows(InvalidInput.class, () -> new Objective(NETWORK, two, 8, Kernel.EJML));
  }

  private static Objective objective(int piece) {
    return new Objective(NETWORK, new SoftmaxCrossEntropy(Samples.CLASSES), piece, Kernel.EJML);
  }

  private static float[] gradient(int piece, RoundPlan.Share share) {
    Objective objective = objective(piece);
    return objective
        .gradient(THETA, BLOCK, share, objective.workspace(), objective.pool())
        .gradient();
  }
}
