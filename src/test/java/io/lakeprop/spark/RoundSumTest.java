package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.train.GradientSum;
import io.lakeprop.train.TreeSum;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A round waits for the slowest task of each part, and is whole when all parts are. */
final class RoundSumTest {
  private static TreeSum.Node<GradientSum> node(int from, int to, float value, long nanos) {
    GradientSum sum = new GradientSum(new float[] {value}, 1, 2, 3).computed(nanos);
    return new TreeSum.Node<>(from, to, sum);
  }

  @Test
  void addsPartsAndTheirSlowestTasks() {
    RoundSum sum = new RoundSum(4);
    sum.add(List.of(node(1, 2, 3, 70)));
    sum.add(List.of(node(0, 1, 1, 50)));
    sum.endPart();
    assertThrows(IllegalStateException.class, () -> sum.total(1));
    sum.add(List.of(node(2, 3, 5, 20), new TreeSum.Node<>(3, 4, null)));
    sum.endPart();
    GradientSum total = sum.total(1);
    assertArrayEquals(new float[] {9}, total.gradient());
    assertEquals(9, total.rows());
    assertEquals(70 + 20, total.computeNanos());
  }

  @Test
  void withoutRowsItIsEmpty() {
    RoundSum sum = new RoundSum(1);
    sum.add(List.of(new TreeSum.Node<>(0, 1, null)));
    sum.endPart();
    assertArrayEquals(new float[3], sum.total(3).gradient());
    assertEquals(0, sum.total(3).weight());
  }
}
