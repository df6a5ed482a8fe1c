package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * Law 4 for histograms: what they say follows from the numbers and from how often each comes. The
 * oracle is the sorted array of all numbers.
 */
class AdaptiveHistogramLawTest {
  /** All signs, sizes and subnormal numbers; half of the lists have each number many times. */
  @Provide
  static Arbitrary<List<Double>> numbers() {
    Arbitrary<Double> number =
        Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.doubles().between(-10, 10)),
                Tuple.of(2, Arbitraries.doubles().between(-1e150, 1e150)),
                Tuple.of(2, Arbitraries.integers().between(-3, 3).map(i -> (double) i)),
                Tuple.of(1, Arbitraries.longs().between(-40, 40).map(Double::longBitsToDouble)),
                Tuple.of(1, Arbitraries.integers().between(-9, 9).map(i -> i * Double.MIN_VALUE)),
                Tuple.of(
                    1,
                    Arbitraries.of(
                        0.0, -0.0, 1e-300, -1e-300, Math.nextUp(1.0), 1.0, 1e9, 1e9 + 1)))
            .filter(Double::isFinite);
    Arbitrary<List<Double>> lists = number.list().ofMinSize(1).ofMaxSize(200);
    return Arbitraries.oneOf(
        lists,
        lists.flatMap(
            few -> Arbitraries.of(few).list().ofMinSize(few.size()).ofMaxSize(few.size() + 300)));
  }

  @Provide
  static Arbitrary<Integer> capacity() {
    return Arbitraries.of(2, 5, 16, 60, AdaptiveHistogram.CAPACITY);
  }

  @Property(tries = 2000)
  void anyOrderAndAnyMergeGiveTheBucketsOfTheWhole(
      @ForAll("numbers") List<Double> numbers,
      @ForAll("capacity") int capacity,
      @ForAll long seed) {
    AdaptiveHistogram merged = merged(numbers, capacity, new Random(seed));
    int shift = shift(numbers, capacity);
    Statistics.label("buckets")
        .collect(shift > 0 ? "coarse" : "exact")
        .coverage(of -> of.check("coarse").percentage(p -> p > 20));
    assertEquals(shift, merged.shift());
    TreeMap<Long, List<Double>> expected = new TreeMap<>();
    numbers.forEach(
        number -> expected.computeIfAbsent(key(number, shift), k -> new ArrayList<>()).add(number));
    Distribution distribution = merged.distribution();
    assertEquals(expected.size(), distribution.buckets());
    int bucket = 0;
    for (List<Double> own : expected.values()) {
      Collections.sort(own);
      assertEquals(own.size(), distribution.count(bucket));
      assertEquals(own.get(0) + 0.0, distribution.smallest(bucket));
      assertEquals(own.get(own.size() - 1) + 0.0, distribution.largest(bucket++));
    }
  }

  /** To the bit while each bucket is one number; else within a bucket, {@code 2^-m} wide. */
  @Property(tries = 1000)
  void quantilesAreThoseOfTheSortedNumbers(
      @ForAll("numbers") List<Double> numbers,
      @ForAll("capacity") int capacity,
      @ForAll long seed) {
    AdaptiveHistogram histogram = merged(numbers, capacity, new Random(seed));
    Distribution distribution = histogram.distribution();
    double[] sorted = numbers.stream().mapToDouble(number -> number + 0.0).sorted().toArray();
    double before = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= 50; i++) {
      double value = distribution.at(i / 50.0);
      double place = i / 50.0 * (sorted.length - 1);
      double low = sorted[(int) place];
      double high = sorted[(int) Math.ceil(place)];
      if (histogram.shift() == 0) {
        assertEquals(Math.min(high, low + (place - (int) place) * (high - low)), value);
      } else if (histogram.shift() <= 52) {
        double width = width(Math.max(Math.abs(low), Math.abs(high)), histogram.shift());
        assertTrue(value >= low - width && value <= high + width, value + " for " + low);
      }
      assertTrue(value >= before, value + " after " + before);
      before = value;
    }
  }

  @Property(tries = 500)
  void sharesAreThoseOfTheRowsBelowAndHalfOfTheEqual(
      @ForAll("numbers") List<Double> numbers, @ForAll("numbers") List<Double> asked) {
    AdaptiveHistogram histogram = merged(numbers, 1000, new Random(3));
    Distribution distribution = histogram.distribution();
    List<Double> all = new ArrayList<>(asked);
    all.addAll(numbers);
    for (double value : all) {
      long below = numbers.stream().filter(other -> other < value).count();
      long equal = numbers.stream().filter(other -> other == value).count();
      assertEquals((below + equal / 2.0) / numbers.size(), distribution.share(value), 1e-12);
    }
  }

  /** Numbers of many sizes and both signs, all different, in the room that a column gets. */
  @Property(tries = 3)
  void largeTablesKeepTheirQuantiles(@ForAll long seed) {
    Random random = new Random(seed);
    double[] numbers = new double[200_000];
    Arrays.setAll(numbers, i -> Math.exp(3 * random.nextGaussian()) - (i % 7 == 0 ? 4 : 0));
    AdaptiveHistogram histogram = new AdaptiveHistogram();
    Arrays.stream(numbers).forEach(histogram::add);
    Distribution distribution = histogram.distribution();
    Arrays.sort(numbers);
    assertEquals(numbers.length, distribution.count());
    assertTrue(distribution.buckets() > AdaptiveHistogram.CAPACITY / 4);
    for (int i = 0; i <= 255; i++) {
      double right = numbers[(int) (i / 255.0 * (numbers.length - 1))];
      double width = width(Math.abs(right), histogram.shift()) * 2;
      assertEquals(right, distribution.at(i / 255.0), width);
      // What a sample of 10,000 was off by at the median; a thirtieth of the rows lies just above
      // -4, where a bucket is wide for them.
      assertEquals(i / 255.0, distribution.share(right), 5e-3);
    }
  }

  private static double width(double magnitude, int shift) {
    return Math.scalb(Math.max(magnitude, Double.MIN_NORMAL), shift - 52);
  }

  private static long key(double number, int shift) {
    return AdaptiveHistogram.ordered(number + 0.0) >> shift;
  }

  /** The fewest bits to cut at which the numbers fit. */
  private static int shift(List<Double> numbers, int capacity) {
    return IntStream.range(0, 64)
        .filter(s -> numbers.stream().mapToLong(n -> key(n, s)).distinct().count() <= capacity)
        .findFirst()
        .orElseThrow();
  }

  /** Shuffled, cut anywhere, joined in any order. */
  private static AdaptiveHistogram merged(List<Double> numbers, int capacity, Random random) {
    List<Double> shuffled = new ArrayList<>(numbers);
    Collections.shuffle(shuffled, random);
    List<AdaptiveHistogram> parts = new ArrayList<>();
    parts.add(new AdaptiveHistogram(capacity));
    for (double number : shuffled) {
      if (random.nextInt(20) == 0) {
        parts.add(new AdaptiveHistogram(capacity));
      }
      parts.get(random.nextInt(parts.size())).add(number);
    }
    while (parts.size() > 1) {
      AdaptiveHistogram taken = parts.remove(random.nextInt(parts.size()));
      parts.get(random.nextInt(parts.size())).merge(taken);
    }
    return parts.get(0);
  }
}
