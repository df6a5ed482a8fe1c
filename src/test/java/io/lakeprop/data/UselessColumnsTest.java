package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.FeatureSpec.Scaling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is useless and what is not, and that the order and the parts of the rows say nothing. */
class UselessColumnsTest {
  private static final FeatureSpec A = new FeatureSpec.Numeric("a", Scaling.QUANTILE, false);
  private static final FeatureSpec B = new FeatureSpec.Numeric("b", Scaling.NONE, false);
  private static final FeatureSpec TEXT = new FeatureSpec.Categorical("t", 1, 100, 10, 0);

  @Test
  void rowNumbersAreUselessAndScatteredIdsAreTold() {
    Random random = new Random(1);
    assertEquals("row numbers", reason(i -> i, 1000, 1000));
    assertEquals("row numbers", reason(i -> 5e9 + 1.25 * i - 1.25 * i % 1, 800, 1000));
    UselessColumns scattered = of(i -> 17.0 * i * i, 1000, 1000, Set.of());
    assertTrue(scattered.reasons().isEmpty());
    assertEquals(Set.of("a"), scattered.ids());
    assertNothing(of(i -> random.nextInt(2000), 1000, 1000, Set.of()));
    assertNothing(of(i -> i + 0.5, 1000, 1000, Set.of()));
    assertNothing(of(i -> i, 49, 49, Set.of()));
  }

  /** A fifth of the rows is enough: what stands twice is no id. */
  @Test
  void numbersThatStandTwiceAreNoIds() {
    for (int seed = 0; seed < 20; seed++) {
      int start = 1000 * seed;
      assertNothing(of(i -> start + (i % 10 == 0 ? i + 1 : i), 5000, 5000, Set.of()));
    }
  }

  @Test
  void whatTheJobNamesIsKeptUnlessItIsConstant() {
    assertNothing(of(i -> i, 1000, 1000, Set.of("a")));
    assertEquals("always 3.0", of(i -> 3, 1000, 1000, Set.of("a")).reasons().get("a"));
  }

  @Test
  void rowNumbersAloneAreKept() {
    FeatureStats stats = stats(List.of(A), rows(i -> i, 100));
    UselessColumns alone = UselessColumns.of(List.of(A), stats, Map.of(), 100, Set.of());
    assertTrue(alone.reasons().isEmpty());
  }

  @Test
  void missingRowNumbersAreIds() {
    assertEquals(Set.of("a"), of(i -> i % 3 == 0 ? Double.NaN : i, 1000, 1000, Set.of()).ids());
  }

  @Test
  void textsAllDifferentAreUselessAndTextsThatVaryAreNot() {
    List<ValueCounts.Count> values =
        IntStream.range(0, 60).mapToObj(i -> new ValueCounts.Count("x" + i, 1)).toList();
    assertEquals("all values different", text(new ValueCounts(values, 60, 0)));
    assertEquals("all values different", text(new ValueCounts(values.subList(0, 9), 60, 0)));
    assertEquals(null, text(new ValueCounts(values.subList(0, 50), 50, 10)));
    List<ValueCounts.Count> twice = new ArrayList<>(values.subList(0, 58));
    twice.add(0, new ValueCounts.Count("y", 2));
    assertEquals(null, text(new ValueCounts(twice, 59, 0)));
    assertEquals("no value", text(new ValueCounts(List.of(), 0, 60)));
    assertEquals(
        "always \"y\"", text(new ValueCounts(List.of(new ValueCounts.Count("y", 60)), 1, 0)));
  }

  /** Law 4, of the sample: rows in any order and any parts. */
  @Test
  void mergingIsExactInAnyOrder() {
    Random random = new Random(3);
    for (int round = 0; round < 30; round++) {
      int bound = 100 + random.nextInt(3000);
      List<Double> numbers = new ArrayList<>();
      for (int i = 0; i < 700; i++) {
        numbers.add((double) random.nextInt(bound));
      }
      boolean different = sample(numbers).areWholeAndDifferent();
      Collections.shuffle(numbers, random);
      DistinctSample merged = new DistinctSample();
      for (int from = 0; from < numbers.size(); ) {
        int to = Math.min(numbers.size(), from + 1 + random.nextInt(300));
        merged.merge(sample(numbers.subList(from, to)));
        from = to;
      }
      assertEquals(different, merged.areWholeAndDifferent());
      assertEquals(700, merged.taken());
    }
    List<Double> once = IntStream.range(0, 999).mapToObj(i -> i * 1.0).toList();
    DistinctSample halves = sample(once.subList(0, 500));
    halves.merge(sample(once.subList(500, 999)));
    assertTrue(halves.areWholeAndDifferent());
    halves.merge(sample(once));
    assertFalse(halves.areWholeAndDifferent());
  }

  private static DistinctSample sample(List<Double> numbers) {
    DistinctSample sample = new DistinctSample();
    numbers.forEach(sample::add);
    return sample;
  }

  private static void assertNothing(UselessColumns columns) {
    assertTrue(columns.reasons().isEmpty() && columns.ids().isEmpty(), columns::toString);
  }

  private static String reason(IntToDoubleFunction a, int training, long rows) {
    return of(a, training, rows, Set.of()).reasons().get("a");
  }

  private static UselessColumns of(
      IntToDoubleFunction a, int training, long rows, Set<String> wanted) {
    List<FeatureSpec> specs = List.of(A, B);
    return UselessColumns.of(specs, stats(specs, rows(a, training)), Map.of(), rows, wanted);
  }

  private static List<TableRow> rows(IntToDoubleFunction a, int rows) {
    return IntStream.range(0, rows)
        .mapToObj(i -> (TableRow) new FakeRow(a.applyAsDouble(i), i % 7.0))
        .toList();
  }

  private static FeatureStats stats(List<FeatureSpec> specs, List<TableRow> rows) {
    FeatureStats stats = new FeatureStats(specs);
    rows.forEach(row -> stats.add(specs, row));
    return stats;
  }

  private static String text(ValueCounts counts) {
    FeatureStats stats = new FeatureStats(List.of(TEXT));
    IntStream.range(0, 60).forEach(i -> stats.add(List.of(TEXT), new FakeRow("x")));
    return UselessColumns.of(List.of(TEXT), stats, Map.of("t", counts), 60, Set.of())
        .reasons()
        .get("t");
  }
}
