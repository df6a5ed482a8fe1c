package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 4: float leaves give the same bits in any order of arrival and in any grouping. */
class TreeSumTest {
  private final Random random = new Random(2);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 13, 32, 33, 64, 100})
  void anyArrivalAndAnyGroupingGiveTheBitsOfTheRecursion(int leaves) {
    for (int trial = 0; trial < 50; trial++) {
      Float[] values = values(leaves);
      Float expected = recursion(values, 0, leaves);
      TreeSum<Float> arrival = new TreeSum<>(leaves, Float::sum);
      shuffled(0, leaves).forEach(leaf -> arrival.add(leaf, values[leaf]));
      assertEquals(expected, arrival.total());
      assertEquals(expected, grouped(values));
    }
  }

  /** Contiguous ranges are summed apart; their nodes reach the driver in any order. */
  private Float grouped(Float[] values) {
    List<TreeSum.Node<Float>> sent = new ArrayList<>();
    int from = 0;
    while (from < values.length) {
      int to = from + 1 + random.nextInt(values.length - from);
      TreeSum<Float> task = new TreeSum<>(values.length, Float::sum);
      shuffled(from, to).forEach(leaf -> task.add(leaf, values[leaf]));
      sent.addAll(task.nodes());
      from = to;
    }
    Collections.shuffle(sent, random);
    TreeSum<Float> driver = new TreeSum<>(values.length, Float::sum);
    sent.forEach(driver::add);
    return driver.total();
  }

  @Test
  void theseValuesDoDependOnTheOrder() {
    Float[] values = values(64);
    float line = 0;
    for (Float value : values) {
      line += value == null ? 0 : value;
    }
    assertNotEquals(recursion(values, 0, 64), line);
  }

  @Test
  void wholeNodesAreAllThatIsSent() {
    TreeSum<String> task = new TreeSum<>(8, String::concat);
    List.of(6, 1, 3, 2, 7, 4).forEach(leaf -> task.add(leaf, "" + leaf));
    assertEquals(
        List.of("1", "23", "4", "67"), task.nodes().stream().map(TreeSum.Node::sum).toList());
    task.add(0, "0");
    task.add(5, "5");
    assertEquals("01234567", task.total());
  }

  @Test
  void emptyLeavesCostNothing() {
    TreeSum<String> tree = new TreeSum<>(5, String::concat);
    IntStream.range(0, 5).forEach(leaf -> tree.add(leaf, null));
    assertNull(tree.total());
  }

  @Test
  void missingLeavesAreNoticed() {
    TreeSum<String> tree = new TreeSum<>(3, String::concat);
    tree.add(0, "a");
    tree.add(2, "c");
    assertThrows(IllegalStateException.class, tree::total);
  }

  @ParameterizedTest
  @CsvSource({
    "4, -1, 0",
    "4, 4, 5",
    "4, 1, 3",
    "4, 0, 3",
    "5, 0, 3",
    "4, 1, 5",
    "4, 0, 5",
    "1, 1, 2",
    "4, 3, 3",
    "4, 2, 1"
  })
  void nodesOfNoTreeAreRefused(int leaves, int from, int to) {
    TreeSum<String> tree = new TreeSum<>(leaves, String::concat);
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () ->
            assertThrows(
                IllegalArgumentException.class, () -> tree.add(new TreeSum.Node<>(from, to, "x"))));
  }

  private static Float recursion(Float[] values, int from, int to) {
    if (to - from == 1) {
      return values[from];
    }
    int middle = (from + to) / 2;
    Float left = recursion(values, from, middle);
    Float right = recursion(values, middle, to);
    return left == null ? right : right == null ? left : Float.valueOf(left + right);
  }

  /** Magnitudes from 1e-4 to 1e4, some leaves empty. */
  private Float[] values(int leaves) {
    Float[] values = new Float[leaves];
    for (int i = 0; i < leaves; i++) {
      double size = Math.pow(10, 8 * random.nextDouble() - 4);
      values[i] =
          random.nextInt(5) == 0 ? null : Float.valueOf((float) (size * random.nextGaussian()));
    }
    return values;
  }

  private List<Integer> shuffled(int from, int to) {
    List<Integer> leaves = new ArrayList<>(IntStream.range(from, to).boxed().toList());
    Collections.shuffle(leaves, random);
    return leaves;
  }
}
