package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureSpec.Scaling;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The encoder knows what training rows said, nothing else, and refuses what nobody can learn. */
class FeatureEncoderTest {
  private static final double NONE = Double.NaN;

  /** What one deviation from the mean is encoded as. */
  private static final float ONE = clipped(1);

  private static final FeatureSpec A = new FeatureSpec.Numeric("a", Scaling.STANDARD, false);

  /** As standard scaling clips a number of deviations. */
  private static float clipped(double deviations) {
    return (float) (deviations / Math.sqrt(1 + deviations * deviations / 9));
  }

  @Test
  void missingHasAnIndicatorOnlyIfTrainingHadIt() {
    FeatureEncoder without = bind(List.of(A), rows(1.0, 3.0));
    assertEquals(1, without.numbers());
    assertArrayEquals(new float[] {ONE}, numbers(without, 3.0));
    assertArrayEquals(new float[] {0}, numbers(without, NONE));
    FeatureEncoder with = bind(List.of(A), rows(1.0, NONE, 3.0));
    assertEquals(2, with.numbers());
    assertArrayEquals(new float[] {-ONE, 0}, numbers(with, 1.0));
    assertArrayEquals(new float[] {0, 1}, numbers(with, NONE));
  }

  @Test
  void logComesBeforeScaling() {
    FeatureSpec spec = new FeatureSpec.Numeric("a", Scaling.STANDARD, true);
    FeatureEncoder encoder = bind(List.of(spec), rows(0.0, Math.E - 1, 1 - Math.E));
    double deviation = Math.sqrt(2.0 / 3);
    assertEquals(clipped(1 / deviation), numbers(encoder, Math.E - 1)[0], 1e-6);
    assertEquals(clipped(-3 / deviation), numbers(encoder, 1 - Math.exp(3))[0], 1e-6);
  }

  @Test
  void constantsWithMissingValuesAreTaken() {
    FeatureEncoder encoder = bind(List.of(A), rows(7.0, NONE, 7.0));
    assertArrayEquals(new float[] {0, 0}, numbers(encoder, 7.0));
    assertArrayEquals(new float[] {0, 1}, numbers(encoder, NONE));
    FeatureSpec vector = new FeatureSpec.Vector("v", Scaling.STANDARD, false, false);
    FeatureEncoder arrays =
        bind(
            List.of(vector),
            List.of(new FakeRow((Object) new float[] {7}), new FakeRow((Object) null)));
    assertArrayEquals(new float[] {0, 1}, numbers(arrays, (Object) null));
  }

  @Test
  void oneMessageNamesAllUselessColumns() {
    List<FeatureSpec> specs = new ArrayList<>();
    for (String name : List.of("gone", "same", "wild", "fine")) {
      specs.add(new FeatureSpec.Numeric(name, Scaling.STANDARD, false));
    }
    specs.add(new FeatureSpec.Categorical("one", 1, 10, 5, 0));
    specs.add(new FeatureSpec.Categorical("void", 1, 10, 5, 0));
    List<TableRow> rows =
        List.of(
            new FakeRow(NONE, 4.0, 1.0, 1.0, "x", null),
            new FakeRow(NONE, 4.0, Double.NEGATIVE_INFINITY, 2.0, "x", null));
    Map<String, ValueCounts> counts =
        Map.of("one", counts(0, "x", 2), "void", new ValueCounts(List.of(), 0, 2));
    String message = assertThrows(InvalidInput.class, () -> bind(specs, rows, counts)).getMessage();
    for (String part :
        List.of(
            "gone (no value)",
            "void (no value)",
            "wild (1 of 2 values)",
            "same (always 4.0)",
            "one")) {
      assertTrue(message.contains(part), () -> part + " is not in: " + message);
    }
    assertTrue(!message.contains("fine"), message);
  }

  @Test
  void infinitiesAreRefusedWhenScoringToo() {
    FeatureEncoder encoder = bind(List.of(A), rows(1.0, 3.0));
    String message =
        assertThrows(InvalidInput.class, () -> numbers(encoder, Double.POSITIVE_INFINITY))
            .getMessage();
    assertTrue(message.contains("\"a\"") && message.endsWith("Infinity"), message);
  }

  /** A double beyond the floats would become an infinity behind the guard. */
  @Test
  void encodedNumbersAreFinite() {
    FeatureSpec plain = new FeatureSpec.Numeric("a", Scaling.NONE, false);
    FeatureEncoder encoder = bind(List.of(plain), rows(1.0, 3.0));
    float[] encoded;
    try {
      encoded = numbers(encoder, 1e300);
    } catch (InvalidInput refused) {
      assertTrue(refused.getMessage().contains("\"a\""));
      return;
    }
    assertTrue(Float.isFinite(encoded[0]), "encoded as " + encoded[0]);
  }

  @Test
  void vectorsHaveOneLength() {
    FeatureSpec spec = new FeatureSpec.Vector("v", Scaling.STANDARD, false, false);
    List<TableRow> uneven =
        List.of(new FakeRow((Object) new float[] {1, 2}), new FakeRow((Object) new float[] {1}));
    String message =
        assertThrows(InvalidInput.class, () -> bind(List.of(spec), uneven, Map.of())).getMessage();
    assertTrue(message.contains("\"v\"") && message.contains("from 1 to 2"), message);
    FeatureEncoder encoder = bind(List.of(spec), vectors(), Map.of());
    assertThrows(InvalidInput.class, () -> numbers(encoder, (Object) new float[] {1, 2, 3}));
    assertThrows(
        InvalidInput.class,
        () -> numbers(encoder, (Object) new float[] {1, Float.POSITIVE_INFINITY}));
  }

  /** Elements (1, 10), (3, 10), missing: each by itself, or all by one centre and scale. */
  @Test
  void vectorElementsAreScaledApartOrTogether() {
    FeatureEncoder apart =
        bind(
            List.of(new FeatureSpec.Vector("v", Scaling.STANDARD, false, false)),
            vectors(),
            Map.of());
    assertEquals(3, apart.numbers());
    assertArrayEquals(new float[] {ONE, 0, 0}, numbers(apart, (Object) new float[] {3, 10}));
    assertArrayEquals(new float[] {0, 0, 1}, numbers(apart, (Object) null));
    assertArrayEquals(
        new float[] {-ONE, 0, 0}, numbers(apart, (Object) new float[] {1, Float.NaN}));
    FeatureEncoder together =
        bind(
            List.of(new FeatureSpec.Vector("v", Scaling.STANDARD, false, true)),
            vectors(),
            Map.of());
    double mean = 6;
    double deviation = Math.sqrt((25 + 9 + 16 + 16) / 4.0);
    assertArrayEquals(
        new float[] {clipped((3 - mean) / deviation), clipped((10 - mean) / deviation), 0},
        numbers(together, (Object) new float[] {3, 10}),
        1e-6f);
  }

  @Test
  void idsAreUnseenThenMissingThenRareThenValues() {
    Feature.Categorical feature =
        categorical(
            new FeatureSpec.Categorical("c", 3, 10, 99, 0), counts(1, "x", 9, "y", 4, "z", 1));
    assertEquals(Feature.Rare.LISTED, feature.rare());
    assertEquals(5, feature.cardinality());
    assertEquals(1, feature.encode(null));
    assertEquals(2, feature.encode("z"));
    assertEquals(3, feature.encode("x"));
    assertEquals(4, feature.encode("y"));
    assertEquals(0, feature.encode("never seen"));
  }

  @Test
  void withoutRareOrMissingTheirIdsAreNotThere() {
    Feature.Categorical feature =
        categorical(new FeatureSpec.Categorical("c", 1, 10, 99, 0), counts(0, "x", 9, "y", 4));
    assertEquals(Feature.Rare.NONE, feature.rare());
    assertEquals(3, feature.cardinality());
    assertEquals(0, feature.encode(null));
    assertEquals(1, feature.encode("x"));
    assertEquals(0, feature.encode("z"));
  }

  @Test
  void rareValuesTooManyToListAreTheRest() {
    ValueCounts cut = new ValueCounts(counts(0, "x", 9, "y", 4).values(), 1000, 0);
    Feature.Categorical feature = categorical(new FeatureSpec.Categorical("c", 5, 10, 99, 0), cut);
    assertEquals(Feature.Rare.REST, feature.rare());
    assertEquals(List.of("x"), feature.values());
    assertEquals(1, feature.encode("y"));
    assertEquals(1, feature.encode("never seen"));
    assertEquals(2, feature.encode("x"));
  }

  @Test
  void maximumValuesKeepsTheMostFrequent() {
    Feature.Categorical feature =
        categorical(
            new FeatureSpec.Categorical("c", 1, 2, 99, 0), counts(0, "x", 9, "y", 4, "z", 3));
    assertEquals(List.of("x", "y"), feature.values());
    assertEquals(List.of("z"), feature.rareValues());
  }

  @Test
  void onlyRareValuesAreRefused() {
    InvalidInput refused =
        assertThrows(
            InvalidInput.class,
            () ->
                categorical(
                    new FeatureSpec.Categorical("c", 5, 2, 99, 0), counts(0, "x", 2, "y", 1)));
    assertTrue(refused.getMessage().contains("c (no value in minimum_count=5 rows)"));
  }

  /** One-hot up to the bound; beyond it the given width, or min(50, round(1.6 n^0.56)). */
  @Test
  void manyValuesGetAnEmbedding() {
    ValueCounts four = counts(0, "a", 4, "b", 3, "c", 2, "d", 2);
    assertEquals(0, categorical(new FeatureSpec.Categorical("c", 1, 9, 4, 0), four).width());
    assertEquals(
        Math.round(1.6 * Math.pow(4, 0.56)),
        categorical(new FeatureSpec.Categorical("c", 1, 9, 3, 0), four).width());
    assertEquals(7, categorical(new FeatureSpec.Categorical("c", 1, 9, 3, 7), four).width());
    assertEquals(6, FeatureSpec.Categorical.widthFor(10));
    assertEquals(21, FeatureSpec.Categorical.widthFor(100));
    assertEquals(50, FeatureSpec.Categorical.widthFor(1_000_000));
  }

  @Test
  void rowsAreEncodedAtTheirPlace() {
    List<FeatureSpec> specs = List.of(new FeatureSpec.Categorical("c", 1, 9, 9, 0), A);
    List<TableRow> rows = List.of(new FakeRow("x", 1.0), new FakeRow("y", 3.0));
    FeatureEncoder encoder = bind(specs, rows, Map.of("c", counts(0, "x", 1, "y", 1)));
    float[] numbers = {9, 9, 9};
    int[] ids = {9, 9};
    encoder.encode(new FakeRow("y", 3.0), numbers, 1, ids, 1);
    assertArrayEquals(new float[] {9, ONE, 9}, numbers);
    assertArrayEquals(new int[] {9, 2}, ids);
  }

  /** Law 4: the same rows in any order and any split bind the same encoder. */
  @Test
  void statisticsDoNotDependOnWhoMergedFirst() {
    List<FeatureSpec> specs = new ArrayList<>();
    for (Scaling scaling : Scaling.values()) {
      specs.add(new FeatureSpec.Numeric("n" + scaling, scaling, scaling == Scaling.ROBUST));
    }
    specs.add(new FeatureSpec.Vector("v", Scaling.QUANTILE, false, false));
    specs.add(new FeatureSpec.Vector("w", Scaling.ROBUST, false, true));
    Random random = new Random(2);
    List<TableRow> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double x = i % 7 == 0 ? NONE : random.nextGaussian() * 1e9;
      float[] v = i % 11 == 0 ? null : new float[] {i, i % 3 == 0 ? Float.NaN : -i};
      rows.add(new FakeRow(x, x + 0.1, 1 / x, x, v, v));
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      order.add(i);
    }
    FeatureStats whole = stats(specs, rows, order);
    FeatureEncoder expected = FeatureEncoder.bind(specs, whole, Map.of(), ZoneOffset.UTC);
    for (int trial = 0; trial < 5; trial++) {
      Collections.shuffle(order, random);
      int a = random.nextInt(300);
      int b = a + random.nextInt(300 - a);
      FeatureStats merged = stats(specs, rows, order.subList(b, 300));
      merged.merge(new FeatureStats(specs));
      merged.merge(stats(specs, rows, order.subList(0, a)));
      merged.merge(stats(specs, rows, order.subList(a, b)));
      assertEquals(expected, FeatureEncoder.bind(specs, merged, Map.of(), ZoneOffset.UTC));
      assertEquals(300, merged.rows());
    }
  }

  @Test
  void valuesListedTwiceAreRefused() {
    assertDoesNotThrow(() -> feature(List.of("x", "y"), List.of("z")));
    assertThrows(InvalidInput.class, () -> feature(List.of("x", "x"), List.of()));
    assertThrows(InvalidInput.class, () -> feature(List.of("x", "y"), List.of("y")));
  }

  private static Feature feature(List<String> values, List<String> rare) {
    return new Feature.Categorical("c", values, false, Feature.Rare.LISTED, rare, 0);
  }

  private static FeatureStats stats(
      List<FeatureSpec> specs, List<TableRow> rows, List<Integer> which) {
    FeatureStats stats = new FeatureStats(specs);
    for (int i : which) {
      stats.add(specs, rows.get(i));
    }
    return stats;
  }

  private static Feature.Categorical categorical(FeatureSpec.Categorical spec, ValueCounts counts) {
    return bind(List.of(spec), List.of(), Map.of(spec.name(), counts)).categories().get(0);
  }

  private static FeatureEncoder bind(List<FeatureSpec> specs, List<TableRow> rows) {
    return bind(specs, rows, Map.of());
  }

  private static FeatureEncoder bind(
      List<FeatureSpec> specs, List<TableRow> rows, Map<String, ValueCounts> counts) {
    FeatureStats stats = new FeatureStats(specs);
    for (int i = 0; i < rows.size(); i++) {
      stats.add(specs, rows.get(i));
    }
    return FeatureEncoder.bind(specs, stats, counts, ZoneOffset.UTC);
  }

  private static List<TableRow> rows(double... values) {
    List<TableRow> rows = new ArrayList<>();
    for (double value : values) {
      rows.add(new FakeRow(value));
    }
    return rows;
  }

  private static List<TableRow> vectors() {
    return List.of(
        new FakeRow((Object) new float[] {1, 10}),
        new FakeRow((Object) new float[] {3, 10}),
        new FakeRow((Object) null));
  }

  /** Missing rows, then values and their rows in turn. */
  private static ValueCounts counts(long missing, Object... valuesAndRows) {
    List<ValueCounts.Count> counts = new ArrayList<>();
    for (int i = 0; i < valuesAndRows.length; i += 2) {
      counts.add(new ValueCounts.Count((String) valuesAndRows[i], (int) valuesAndRows[i + 1]));
    }
    return new ValueCounts(counts, counts.size(), missing);
  }

  private static float[] numbers(FeatureEncoder encoder, Object value) {
    float[] numbers = new float[encoder.numbers()];
    encoder.encode(new FakeRow(value), numbers, 0, new int[0], 0);
    return numbers;
  }
}
