package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureSpec.Scaling;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * Tables of any values: nulls, NaN, infinities, the largest and smallest numbers, empty texts. What
 * is encoded is finite or the column is refused by its name; order and grouping say nothing.
 */
class EncoderLawTest {
  private static final double LARGEST = Double.MAX_VALUE;

  @Provide
  static Arbitrary<Double> number() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.doubles().between(-1000, 1000)),
        Tuple.of(2, Arbitraries.doubles()),
        Tuple.of(
            2,
            Arbitraries.of(
                Double.NaN, 0.0, -0.0, 1.0, LARGEST, -LARGEST, Double.MIN_VALUE, 1e300, -1e39)));
  }

  @Provide
  static Arbitrary<List<TableRow>> table() {
    Arbitrary<String> text =
        Arbitraries.oneOf(Arbitraries.of("", " ", "a", "b"), Arbitraries.strings().ofMaxLength(5))
            .injectNull(0.2);
    Arbitrary<float[]> vector =
        Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.floats().between(-10, 10)),
                Tuple.of(
                    1,
                    Arbitraries.of(
                        Float.NaN, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, 0f)))
            .array(float[].class)
            .ofSize(2)
            .injectNull(0.1);
    // Some columns have nothing but extremes: not even their differences are numbers.
    Arbitrary<Double> extreme = Arbitraries.of(LARGEST, -LARGEST, -1e308, 1.5e308, Double.NaN);
    return Arbitraries.oneOf(Arbitraries.just(number()), Arbitraries.just(extreme))
        .flatMap(
            own ->
                Combinators.combine(own, text, vector)
                    .as((x, t, v) -> (TableRow) new FakeRow(x, t, v))
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(40));
  }

  @Provide
  static Arbitrary<List<FeatureSpec>> specs() {
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    Arbitrary<Scaling> scaling = Arbitraries.of(Scaling.values());
    return Combinators.combine(scaling, scaling, flag, flag, Arbitraries.integers().between(1, 4))
        .as(
            (ofNumber, ofVector, log, shared, some) ->
                List.of(
                    new FeatureSpec.Numeric("number", ofNumber, log),
                    new FeatureSpec.Categorical("text", some, some + 1, some, some % 2),
                    new FeatureSpec.Vector("vector", ofVector, !log, shared)));
  }

  @Property(tries = 1000)
  void whatIsEncodedIsFiniteOrRefusedByName(
      @ForAll("table") List<TableRow> table,
      @ForAll("table") List<TableRow> scored,
      @ForAll("specs") List<FeatureSpec> specs) {
    Optional<FeatureEncoder> encoder = encoder(specs, table, table.size());
    Statistics.label("tables")
        .collect(encoder.isPresent() ? "taken" : "refused")
        .coverage(of -> of.check("taken").percentage(p -> p > 25));
    encoder.ifPresent(bound -> table.forEach(row -> check(bound, row)));
    encoder.ifPresent(bound -> scored.forEach(row -> check(bound, row)));
  }

  private static void check(FeatureEncoder encoder, TableRow row) {
    float[] numbers = new float[encoder.numbers()];
    int[] ids = new int[1];
    try {
      encoder.encode(row, numbers, 0, ids, 0);
    } catch (InvalidInput refused) {
      named(refused);
      return;
    }
    for (float number : numbers) {
      assertTrue(Float.isFinite(number), number + " of " + row);
    }
    assertTrue(ids[0] >= 0 && ids[0] < encoder.categories().get(0).cardinality());
  }

  private static void named(InvalidInput refused) {
    String message = refused.getMessage();
    assertTrue(
        message.contains("number") || message.contains("text") || message.contains("vector"),
        message);
  }

  @Property
  void orderAndGroupingOfRowsSayNothing(
      @ForAll("table") List<TableRow> table,
      @ForAll("specs") List<FeatureSpec> specs,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      order.add(i);
    }
    Optional<FeatureEncoder> expected = encoder(specs, table, table.size());
    Collections.shuffle(order, random);
    List<FeatureStats> parts = new ArrayList<>();
    for (int from = 0; from < order.size(); ) {
      int to = Math.min(order.size(), from + random.nextInt(8));
      parts.add(stats(specs, table, order.subList(from, to)));
      from = to;
    }
    while (parts.size() > 1) {
      int left = random.nextInt(parts.size());
      FeatureStats taken = parts.remove(random.nextInt(parts.size()));
      int into = Math.min(left, parts.size() - 1);
      parts.set(into, parts.get(into).merge(taken));
    }
    assertEquals(expected, bound(specs, parts.get(0), counts(specs, table)));
  }

  private static Optional<FeatureEncoder> encoder(
      List<FeatureSpec> specs, List<TableRow> table, int rows) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      order.add(i);
    }
    return bound(specs, stats(specs, table, order), counts(specs, table));
  }

  /** Empty where the table is refused. */
  private static Optional<FeatureEncoder> bound(
      List<FeatureSpec> specs, FeatureStats stats, Map<String, ValueCounts> counts) {
    try {
      return Optional.of(FeatureEncoder.bind(specs, stats, counts, ZoneOffset.UTC));
    } catch (InvalidInput refused) {
      named(refused);
      return Optional.empty();
    }
  }

  private static FeatureStats stats(
      List<FeatureSpec> specs, List<TableRow> table, List<Integer> which) {
    FeatureStats stats = new FeatureStats(specs);
    which.forEach(i -> stats.add(specs, table.get(i)));
    return stats;
  }

  /** As the engine counts: the most frequent first, then by the text. */
  private static Map<String, ValueCounts> counts(List<FeatureSpec> specs, List<TableRow> table) {
    Map<String, Long> rows = new HashMap<>();
    table.forEach(row -> rows.merge("" + row.text(1), 1L, Long::sum));
    long missing = table.stream().filter(row -> row.text(1) == null).count();
    rows.remove("null");
    Comparator<ValueCounts.Count> order =
        Comparator.comparingLong(ValueCounts.Count::rows)
            .reversed()
            .thenComparing(ValueCounts.Count::value);
    List<ValueCounts.Count> values =
        rows.entrySet().stream()
            .map(entry -> new ValueCounts.Count(entry.getKey(), entry.getValue()))
            .sorted(order)
            .toList();
    return Map.of(specs.get(1).name(), new ValueCounts(values, values.size(), missing));
  }

  /** Sums of numbers of any size, in any grouping, are rounded once: commutative, associative. */
  @Property
  void exactSumsHaveNoOrder(@ForAll List<@From("number") Double> values, @ForAll long seed) {
    List<Double> finite = new ArrayList<>(values.stream().filter(Double::isFinite).toList());
    ExactSum forward = sum(finite);
    Collections.shuffle(finite, new Random(seed));
    int middle = finite.size() / 2;
    ExactSum merged = sum(finite.subList(middle, finite.size()));
    merged.merge(sum(finite.subList(0, middle)));
    assertArrayEquals(new double[] {forward.value()}, new double[] {merged.value()});
  }

  private static ExactSum sum(List<Double> values) {
    ExactSum sum = ExactSum.ofNumbers();
    values.forEach(sum::add);
    return sum;
  }
}
