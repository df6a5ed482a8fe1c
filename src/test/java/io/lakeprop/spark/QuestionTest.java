package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.lakeprop.train.GradientSum;
import io.lakeprop.train.TreeSum;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read is what was written. */
final class QuestionTest {
  @Test
  void carriesNodesWithAndWithoutSums() {
    GradientSum first =
        new GradientSum(
            new float[] {1.5f, -0f, Float.MIN_VALUE}, new float[] {0, 1 << 24}, 0.1, 2.5, 3);
    GradientSum last = new GradientSum(new float[] {7, Float.NaN, 9}, Double.NaN, 0.5, 1L << 40);
    Question read =
        Question.read(
            Question.write(
                1L << 33,
                2,
                5,
                new RoundPart(1L << 34, 3),
                List.of(
                    new TreeSum.Node<>(0, 2, first),
                    new TreeSum.Node<>(2, 3, null),
                    new TreeSum.Node<>(3, 4, last))));
    assertEquals(1L << 33, read.board());
    assertEquals(2, read.attempt());
    assertEquals(5, read.task());
    assertEquals(new RoundPart(1L << 34, 3), read.part());
    List<TreeSum.Node<GradientSum>> nodes = read.sums();
    assertEquals(3, nodes.size());
    assertNode(0, 2, first, nodes.get(0));
    assertNode(3, 4, last, nodes.get(2));
    assertEquals(2, nodes.get(1).from());
    assertEquals(3, nodes.get(1).to());
    assertNull(nodes.get(1).sum());
    assertEquals(3, read.sums().size(), "can be read twice");
  }

  private static void assertNode(
      int from, int to, GradientSum sum, TreeSum.Node<GradientSum> node) {
    assertEquals(from, node.from());
    assertEquals(to, node.to());
    assertArrayEquals(sum.gradient(), node.sum().gradient());
    assertArrayEquals(sum.flatRows(), node.sum().flatRows());
    assertEquals(sum.loss(), node.sum().loss());
    assertEquals(sum.weight(), node.sum().weight());
    assertEquals(sum.rows(), node.sum().rows());
  }
}
