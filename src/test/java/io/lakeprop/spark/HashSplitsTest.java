package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TrainingData.Split;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table of few kinds of rows has rows in every split that is asked for. */
final class HashSplitsTest {
  /** Rows of some kinds, as the features of canonical rows. */
  private static Dataset<Row> rows(int kinds) {
    return TestSpark.session()
        .range(0, 40L * kinds, 1, 3)
        .select(functions.col("id").mod(kinds).cast("double").as("f0"));
  }

  private static HashSplits splits(long seed, double validation, double test) {
    return new HashSplits(seed, validation, test, validation, validation + test);
  }

  /** The kinds of each split; fails where a kind is in two. */
  private static Map<Split, Set<Double>> kinds(HashSplits splits, Dataset<Row> rows) {
    Map<Split, Set<Double>> kinds = new TreeMap<>();
    Map<Double, Integer> codes = new TreeMap<>();
    for (Row row : rows.withColumn("split", splits.split(rows)).distinct().collectAsList()) {
      Integer before = codes.put(row.getDouble(0), row.getInt(1));
      assertTrue(before == null, "kind " + row.get(0) + " is on two sides");
      kinds.computeIfAbsent(Split.of(row.getInt(1)), s -> new TreeSet<>()).add(row.getDouble(0));
    }
    return kinds;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 14})
  void everySplitHasAKind(int kinds) {
    Dataset<Row> rows = rows(kinds);
    int filled = 0;
    for (long seed = 1; seed <= 4; seed++) {
      HashSplits plain = splits(seed, 0.1, 0.1);
      Map<Split, Set<Double>> before = kinds(plain, rows);
      Map<Split, Set<Double>> after = kinds(plain.filled(rows), rows);
      assertEquals(Set.of(Split.values()), after.keySet(), "seed " + seed);
      if (before.size() == 3) {
        assertEquals(before, after, "nothing was empty");
      } else {
        filled++;
        int held = after.get(Split.VALIDATION).size() + after.get(Split.TEST).size();
        int hashed = kinds - before.getOrDefault(Split.TRAIN, Set.of()).size();
        assertTrue(held <= Math.max(2, hashed + 1), "as few as that needs: " + after);
      }
      assertEquals(after, kinds(plain.filled(rows.repartition(5)), rows), "any partitions");
    }
    assertTrue(filled > 0, "no seed with an empty split says nothing");
  }

  @Test
  void aSplitThatNobodyAsksForStaysEmpty() {
    Dataset<Row> rows = rows(5);
    for (long seed = 1; seed <= 4; seed++) {
      assertEquals(
          Set.of(Split.TRAIN, Split.TEST),
          kinds(splits(seed, 0, 0.01).filled(rows), rows).keySet());
      assertEquals(
          Set.of(Split.TRAIN, Split.VALIDATION),
          kinds(splits(seed, 0.01, 0).filled(rows), rows).keySet());
      assertEquals(
          Set.of(Split.values()), kinds(splits(seed, 0.5, 0.499).filled(rows), rows).keySet());
    }
  }

  @Test
  void kindsTooFewToTrainWithAreLeftToThePerson() {
    HashSplits splits = splits(1, 0.1, 0.1);
    assertEquals(splits, splits.filled(rows(3)));
    assertEquals(splits, splits.filled(rows(101)), "a fraction of many kinds is meant");
  }
}
