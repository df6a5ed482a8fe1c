package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** However the values are dealt out and joined, the most frequent ones of all come out. */
final class FrequentValuesTest {
  /** By falling count, then as Spark compares texts: by the bytes of UTF-8. */
  private static final Comparator<ValueCounts.Count> SORTED =
      Comparator.comparingLong((ValueCounts.Count count) -> -count.rows())
          .thenComparing(
              count -> count.value().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  @Property(tries = 500)
  void anyPartitionsGiveTheMostFrequentOfAll(
      @ForAll @IntRange(max = 40) int different,
      @ForAll @IntRange(max = 20) int most,
      @ForAll @IntRange(min = 1, max = 6) int partitions,
      @ForAll long seed) {
    Random random = new Random(seed);
    Map<String, Long> rows = new LinkedHashMap<>();
    while (rows.size() < different) {
      rows.put(text(random), 1L + random.nextInt(4));
    }
    long missing = random.nextInt(3);
    List<FrequentValues.Counting> parts = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      parts.add(new FrequentValues.Counting(most));
    }
    rows.forEach((value, count) -> parts.get(random.nextInt(partitions)).add(value, count));
    parts.get(random.nextInt(partitions)).add(null, missing);

    List<FrequentValues> left = new ArrayList<>();
    parts.forEach(part -> left.add(part.result()));
    while (left.size() > 1) {
      FrequentValues one = left.remove(random.nextInt(left.size()));
      left.add(one.merge(left.remove(random.nextInt(left.size()))));
    }

    List<ValueCounts.Count> expected =
        rows.entrySet().stream()
            .map(entry -> new ValueCounts.Count(entry.getKey(), entry.getValue()))
            .sorted(SORTED)
            .limit(most)
            .toList();
    assertEquals(new ValueCounts(expected, different, missing), left.get(0).counts());
    long all = missing + rows.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(all, left.get(0).rows());
  }

  /** Letters of one to four bytes, among them such that UTF-16 orders otherwise. */
  private static String text(Random random) {
    int[] letters = {'a', 'b', 0xE9, 0x20AC, 0xE000, 0xFFFD, 0x10000, 0x1F600};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }
}
