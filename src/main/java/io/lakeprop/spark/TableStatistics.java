package io.lakeprop.spark;

import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.FrequentValues;
import io.lakeprop.data.LeftOut;
import io.lakeprop.data.RowStats;
import io.lakeprop.data.ValueCounts;
import io.lakeprop.spark.TrainingData.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The passes over canonical rows: one over all of them, which says how many each split has and all
 * about the numbers of the training rows, and one over the values of the training rows.
 *
 * <p>Behind the canonical columns stand {@value #LEFT_OUT} and {@value #SPLIT}, codes of {@link
 * LeftOut} and {@link Split}.
 */
final class TableStatistics {
  static final String LEFT_OUT = "left_out";
  static final String SPLIT = "split";

  /** Values beyond a column's own ids that are still listed by name, as rare. */
  private static final int LISTED_RARE_VALUES = 10_000;

  private TableStatistics() {}

  /** The rows of a split that are not left out. */
  static Dataset<Row> rows(Dataset<Row> marked, Split split) {
    return notLeftOut(marked).where(functions.col(SPLIT).equalTo(split.code()));
  }

  /** The rows of all splits that are not left out. */
  static Dataset<Row> notLeftOut(Dataset<Row> marked) {
    return marked.where(functions.col(LEFT_OUT).equalTo(LeftOut.NONE.code()));
  }

  /** The statistic of one partition of marked rows. */
  private record PartitionStats(
      ArrayList<FeatureSpec> specs,
      ArrayList<Boolean> labelIsNumber,
      ArrayList<Boolean> shifted,
      long seed)
      implements FlatMapFunction<Iterator<Row>, TableStats> {
    @Override
    public Iterator<TableStats> call(Iterator<Row> rows) {
      TableStats stats = new TableStats(specs, labelIsNumber.size());
      CanonicalRow canonical = new CanonicalRow(Columns.firstFeature(labelIsNumber.size()));
      while (rows.hasNext()) {
        Row row = rows.next();
        LeftOut leftOut = LeftOut.of(row.getInt(row.length() - 2));
        Split split = Split.of(row.getInt(row.length() - 1));
        long hash = row.getLong(Columns.HASH);
        if (leftOut != LeftOut.NONE) {
          stats.of(split).leaveOut(leftOut);
          continue;
        }
        double weight = CanonicalRow.numberAt(row, Columns.WEIGHT);
        stats.of(split).add(hash, weight, seed);
        if (split == Split.TRAIN) {
          stats.training().add(specs, canonical.of(row));
          for (int label = 0; label < labelIsNumber.size(); label++) {
            addLabel(stats.training(), row, label);
          }
        }
      }
      return List.of(stats).iterator();
    }

    private void addLabel(FeatureStats stats, Row row, int label) {
      int column = Columns.FIRST_LABEL + label;
      double weight = CanonicalRow.numberAt(row, Columns.WEIGHT);
      double offset = shifted.get(label) ? CanonicalRow.numberAt(row, Columns.OFFSET) : 0;
      if (labelIsNumber.get(label)) {
        stats.addLabel(label, CanonicalRow.numberAt(row, column), weight, offset);
      } else {
        String ofClass = row.isNullAt(column) ? null : row.getString(column);
        stats.addLabel(label, ofClass, weight, offset);
      }
    }
  }

  /** Joins the statistics of two partitions. */
  private record MergeStats() implements Function2<TableStats, TableStats, TableStats> {
    @Override
    public TableStats call(TableStats left, TableStats right) {
      return left.merge(right);
    }
  }

  /**
   * Sums, extremes and histograms of the training rows, and the rows of every split; merged on
   * executors in a tree.
   *
   * @param labelIsNumber of each label
   * @param shifted whether the offset is added to its logits
   * @param seed of the job
   */
  static TableStats numbers(
      Dataset<Row> marked,
      List<FeatureSpec> specs,
      List<Boolean> labelIsNumber,
      List<Boolean> shifted,
      long seed) {
    JavaRDD<TableStats> parts =
        marked
            .toJavaRDD()
            .mapPartitions(
                new PartitionStats(
                    new ArrayList<>(specs),
                    new ArrayList<>(labelIsNumber),
                    new ArrayList<>(shifted),
                    seed));
    return parts.getNumPartitions() == 0
        ? new TableStats(specs, labelIsNumber.size())
        : parts.treeReduce(new MergeStats(), 2);
  }

  /** The rows of a table that is one split. */
  static RowStats rows(Dataset<Row> marked, Split split, long seed) {
    return numbers(marked, List.of(), List.of(), List.of(), seed).of(split);
  }

  /**
   * The values of each categorical feature and of some labels, by their columns.
   *
   * <p>Counted on the executors, whatever their number; only the most frequent ones come to the
   * driver.
   *
   * @param labels of the canonical table, by their columns
   * @param rows is told how many rows each column had
   */
  static Map<String, ValueCounts> values(
      Dataset<Row> canonical,
      List<FeatureSpec> specs,
      Map<String, String> labels,
      LongConsumer rows) {
    Map<String, String> columns = new LinkedHashMap<>(labels);
    int most = 0;
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i) instanceof FeatureSpec.Categorical categorical) {
        columns.put(categorical.name(), "f" + i);
        most = Math.max(most, categorical.maximumValues());
      }
    }
    return columns.isEmpty()
        ? Map.of()
        : values(canonical, columns, most + LISTED_RARE_VALUES, rows);
  }

  /**
   * @param columns of the canonical table, by the name that the result has
   */
  private static Map<String, ValueCounts> values(
      Dataset<Row> canonical, Map<String, String> columns, int most, LongConsumer counted) {
    List<String> names = new ArrayList<>(columns.keySet());
    StringBuilder stack = new StringBuilder("stack(" + names.size());
    for (int i = 0; i < names.size(); i++) {
      stack.append(", ").append(i).append(", ").append(columns.get(names.get(i)));
    }
    JavaRDD<FrequentValues[]> parts =
        canonical
            .selectExpr(stack + ") as (number, value)")
            .groupBy("number", "value")
            .count()
            .toJavaRDD()
            .mapPartitions(new MostFrequent(names.size(), most));
    FrequentValues[] all =
        parts.getNumPartitions() == 0
            ? MostFrequent.none(names.size(), most)
            : parts.treeReduce(new MergeFrequent(), 2);
    Map<String, ValueCounts> result = new HashMap<>();
    for (int i = 0; i < all.length; i++) {
      result.put(names.get(i), all[i].counts());
      counted.accept(all[i].rows());
    }
    return result;
  }

  /**
   * The most frequent values of every column among the values of one partition. After the shuffle
   * that counts them a value is in one partition only.
   */
  private record MostFrequent(int columns, int most)
      implements FlatMapFunction<Iterator<Row>, FrequentValues[]> {
    static FrequentValues[] none(int columns, int most) {
      return results(counting(columns, most));
    }

    @Override
    public Iterator<FrequentValues[]> call(Iterator<Row> rows) {
      List<FrequentValues.Counting> counting = counting(columns, most);
      while (rows.hasNext()) {
        Row row = rows.next();
        counting.get(row.getInt(0)).add(row.getString(1), row.getLong(2));
      }
      return List.<FrequentValues[]>of(results(counting)).iterator();
    }

    private static List<FrequentValues.Counting> counting(int columns, int most) {
      return Stream.generate(() -> new FrequentValues.Counting(most)).limit(columns).toList();
    }

    private static FrequentValues[] results(List<FrequentValues.Counting> counting) {
      return counting.stream().map(FrequentValues.Counting::result).toArray(FrequentValues[]::new);
    }
  }

  /** Joins the values of two partitions. */
  private record MergeFrequent()
      implements Function2<FrequentValues[], FrequentValues[], FrequentValues[]> {
    @Override
    public FrequentValues[] call(FrequentValues[] left, FrequentValues[] right) {
      FrequentValues[] both = new FrequentValues[left.length];
      for (int i = 0; i < left.length; i++) {
        both[i] = left[i].merge(right[i]);
      }
      return both;
    }
  }
}
