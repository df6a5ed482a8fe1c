package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lakeprop.base.Mix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 4 for samples: the rows with the smallest hashes, whoever came or merged first. */
class BottomSampleTest {
  private static final int ROWS = 500;

  /** A row's hash and value. */
  private record Row(long hash, double value) {}

  private final Random random = new Random(6);

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 100, 499, 500, 2000})
  void anyOrderAndAnyMergeKeepTheSmallestHashes(int capacity) {
    List<Row> rows = rows();
    double[] expected =
        rows.stream()
            .sorted(Comparator.comparingLong(Row::hash))
            .limit(capacity)
            .mapToDouble(Row::value)
            .sorted()
            .toArray();
    for (int trial = 0; trial < 20; trial++) {
      Collections.shuffle(rows, random);
      assertArrayEquals(expected, merged(rows, capacity).sorted());
      BottomSample line = new BottomSample(capacity);
      rows.forEach(row -> line.add(row.hash, row.value));
      assertArrayEquals(expected, line.sorted());
      assertArrayEquals(expected, line.sorted());
    }
  }

  private BottomSample merged(List<Row> rows, int capacity) {
    BottomSample sample = new BottomSample(capacity);
    if (rows.size() < 10) {
      rows.forEach(row -> sample.add(row.hash, row.value));
      return sample;
    }
    int middle = 1 + random.nextInt(rows.size() - 1);
    sample.merge(merged(rows.subList(0, middle), capacity));
    sample.merge(merged(rows.subList(middle, rows.size()), capacity));
    return sample;
  }

  /** Hashes of both signs; every fifth row comes twice. */
  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; rows.size() < ROWS; i++) {
      Row row = new Row(Mix.mix(i), i * 0.5);
      rows.add(row);
      if (i % 5 == 0 && rows.size() < ROWS) {
        rows.add(row);
      }
    }
    return rows;
  }
}
