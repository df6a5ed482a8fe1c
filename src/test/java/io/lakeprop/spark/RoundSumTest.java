package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.Objective;
import io.lakeprop.train.TreeSum;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A round waits for the slowest task of each part, and is whole when all parts are. */
final class RoundSumTest {
  private static TreeSum.Node<GradientSum> node(int from, int to, float value, long nanos) {
    GradientSum sum = new GradientSum(new float[] {value}, 1, 2, 3).computed(nanos);
    return new TreeSum.Node<>(from, to, sum);
  }

  /** Of a network without counted units, with three parameters. */
  private static Objective objective() {
    Network network =
        new Network(
            new TableInput(2, List.of()), List.of(new Network.Named("only", new Linear(2, 1))));
    return new Objective(network, new SquaredError(), 1, Kernel.EJML);
  }

  @Test
  void addsPartsAndTheirSlowestTasks() {
    RoundSum sum = new RoundSum(4);
    sum.add(List.of(node(1, 2, 3, 70)));
    sum.add(List.of(node(0, 1, 1, 50)));
    sum.endPart();
    assertThrows(IllegalStateException.class, () -> sum.total(objective()));
    sum.add(List.of(node(2, 3, 5, 20), new TreeSum.Node<>(3, 4, null)));
    sum.endPart();
    GradientSum total = sum.total(objective());
    assertArrayEquals(new float[] {9}, total.gradient());
    assertEquals(9, total.rows());
    assertEquals(70 + 20, total.computeNanos());
  }

  @Test
  void withoutRowsItIsEmpty() {
    RoundSum sum = new RoundSum(1);
    sum.add(List.of(new TreeSum.Node<>(0, 1, null)));
    sum.endPart();
    GradientSum total = sum.total(objective());
    assertArrayEquals(new float[3], total.gradient());
    assertEquals(0, total.weight());
  }
}
