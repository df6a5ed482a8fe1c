package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.EncodedRow;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Recompute;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row's weight is its own times that of its class, in training and nowhere else. */
class ClassWeightsTest {
  private static final Network NETWORK =
      new Network(
          new TableInput(1, List.of()), List.of(new Network.Named("head", new Linear(1, 3))));
  private static final float[] THETA = {1, -2, 0.5f, 0, 0.25f, 1};
  private static final ClassWeights WEIGHTS = new ClassWeights(List.of(2f, 0.5f, 4f));

  @Test
  void balancedClassesWeighTheSame() {
    List<Long> rows = List.of(30L, 10L, 60L);
    ClassWeights balanced = ClassWeights.balanced(rows);
    for (int i = 0; i < 3; i++) {
      assertEquals(100.0 / 3, rows.get(i) * balanced.of(i), 1e-5);
    }
    assertEquals(List.of(1f, 1f), ClassWeights.balanced(List.of(7L, 7L)).weights());
    assertEquals(1, ClassWeights.NONE.of(5));
  }

  /** Weights that are powers of two do not round: rows of those weights give the same bits. */
  @Test
  void trainingIsThatOfRowsOfTheirWeights() {
    GradientSum byClass = gradient(WEIGHTS, 1, 1, 1);
    GradientSum byRow = gradient(ClassWeights.NONE, 2, 0.5f, 4);
    assertArrayEquals(byRow.gradient(), byClass.gradient());
    assertEquals(byRow.weight(), byClass.weight());
    assertEquals(byRow.loss(), byClass.loss());
    assertEquals(2.0 + 0.5 + 4 + 2, byClass.weight());
  }

  private static GradientSum gradient(ClassWeights weights, float... ofClasses) {
    PackedBlock.Builder block = new PackedBlock.Builder(0, 1, 0);
    for (int row = 0; row < 4; row++) {
      int label = row % 3;
      block.add(new EncodedRow(0, row, new float[] {row}, new int[0], label, ofClasses[label]));
    }
    Objective objective =
        new Objective(
            NETWORK, new SoftmaxCrossEntropy(3), weights, 3, Kernel.EJML, new Recompute.None());
    RoundPlan plan = new RoundPlan(1, 4, 1, new int[] {4});
    return new LocalRounds(objective, plan, List.of(block.build())).gradient(THETA, 0);
  }

  @Test
  void rowsBeyondThoseOfThePieceStay() {
    float[] weights = {1, 1, 1};
    WEIGHTS.apply(2, new float[] {2, 1, 0}, weights);
    assertArrayEquals(new float[] {4, 0.5f, 1}, weights);
    ClassWeights.NONE.apply(3, new float[] {9, 9, 9}, weights);
    assertArrayEquals(new float[] {4, 0.5f, 1}, weights);
  }

  @Test
  void thereMustBeOneAClass() {
    assertDoesNotThrow(() -> WEIGHTS.check(new SoftmaxCrossEntropy(3)));
    assertDoesNotThrow(() -> new ClassWeights(List.of(1f, 2f)).check(new BinaryCrossEntropy()));
    Heads heads =
        new Heads(
            List.of(new Heads.Head(new SquaredError(), 1), new Heads.Head(new SquaredError(), 1)));
    for (Loss loss : List.of(new SoftmaxCrossEntropy(4), new SquaredError(), heads)) {
      assertThrows(InvalidInput.class, () -> WEIGHTS.check(loss));
      assertDoesNotThrow(() -> ClassWeights.NONE.check(loss));
    }
    assertThrows(InvalidInput.class, () -> new ClassWeights(List.of(1f)).check(new SquaredError()));
    assertThrows(InvalidInput.class, () -> new ClassWeights(List.of(1f, 0f)));
    assertThrows(
        InvalidInput.class,
        () ->
            new Objective(
                NETWORK,
                new SoftmaxCrossEntropy(3),
                new ClassWeights(List.of(1f, 1f)),
                1,
                Kernel.EJML,
                new Recompute.None()));
  }
}
