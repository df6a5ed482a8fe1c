package io.lakeprop.spark;

import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.ValueCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;

/** The passes over canonical training rows that the encoder is bound to. */
final class TableStatistics {
  /** Values beyond a column's own ids that are still listed by name, as rare. */
  private static final int LISTED_RARE_VALUES = 10_000;

  private TableStatistics() {}

  /** The statistic of one partition of canonical rows. */
  private record PartitionStats(
      ArrayList<FeatureSpec> specs, ArrayList<Boolean> labelIsNumber, ArrayList<Boolean> shifted)
      implements FlatMapFunction<Iterator<Row>, FeatureStats> {
    @Override
    public Iterator<FeatureStats> call(Iterator<Row> rows) {
      FeatureStats stats = new FeatureStats(specs, labelIsNumber.size());
      CanonicalRow canonical = new CanonicalRow(Columns.firstFeature(labelIsNumber.size()));
      while (rows.hasNext()) {
        Row row = rows.next();
        stats.add(
            specs,
            canonical.of(row),
            row.getLong(Columns.HASH),
            CanonicalRow.numberAt(row, Columns.WEIGHT));
        for (int label = 0; label < labelIsNumber.size(); label++) {
          addLabel(stats, row, label);
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
  private record MergeStats() implements Function2<FeatureStats, FeatureStats, FeatureStats> {
    @Override
    public FeatureStats call(FeatureStats left, FeatureStats right) {
      return left.merge(right);
    }
  }

  /**
   * Sums, extremes and histograms, merged on executors in a tree.
   *
   * @param labelIsNumber of each label
   * @param shifted whether the offset is added to its logits
   */
  static FeatureStats numbers(
      Dataset<Row> canonical,
      List<FeatureSpec> specs,
      List<Boolean> labelIsNumber,
      List<Boolean> shifted) {
    JavaRDD<FeatureStats> parts =
        canonical
            .toJavaRDD()
            .mapPartitions(
                new PartitionStats(
                    new ArrayList<>(specs),
                    new ArrayList<>(labelIsNumber),
                    new ArrayList<>(shifted)));
    return parts.getNumPartitions() == 0
        ? new FeatureStats(specs, labelIsNumber.size())
        : parts.treeReduce(new MergeStats(), 2);
  }

  /**
   * The values of each categorical feature and of some labels, by their columns.
   *
   * <p>Counted on the executors, whatever their number; only the most frequent ones come to the
   * driver.
   *
   * @param labels of the canonical table, by their columns
   */
  static Map<String, ValueCounts> values(
      Dataset<Row> canonical, List<FeatureSpec> specs, Map<String, String> labels) {
    Map<String, String> columns = new LinkedHashMap<>(labels);
    int most = 0;
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i) instanceof FeatureSpec.Categorical categorical) {
        columns.put(categorical.name(), "f" + i);
        most = Math.max(most, categorical.maximumValues());
      }
    }
    return columns.isEmpty() ? Map.of() : values(canonical, columns, most + LISTED_RARE_VALUES);
  }

  /**
   * @param columns of the canonical table, by the name that the result has
   */
  private static Map<String, ValueCounts> values(
      Dataset<Row> canonical, Map<String, String> columns, int most) {
    List<String> names = new ArrayList<>(columns.keySet());
    StringBuilder stack = new StringBuilder("stack(" + names.size());
    for (int i = 0; i < names.size(); i++) {
      stack.append(", ").append(i).append(", ").append(columns.get(names.get(i)));
    }
    WindowSpec column = Window.partitionBy("number");
    Column rank =
        functions
            .row_number()
            .over(
                column.orderBy(
                    functions.col("value").isNull(),
                    functions.col("count").desc(),
                    functions.col("value")));
    List<Row> rows =
        canonical
            .selectExpr(stack + ") as (number, value)")
            .groupBy("number", "value")
            .count()
            .withColumn("rank", rank)
            .withColumn("distinct", functions.count(functions.col("value")).over(column))
            .where("rank <= " + most + " or value is null")
            .orderBy("number", "rank")
            .collectAsList();
    return byName(names, rows);
  }

  private static Map<String, ValueCounts> byName(List<String> names, List<Row> rows) {
    Map<String, ValueCounts> result = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      List<ValueCounts.Count> counts = new ArrayList<>();
      long distinct = 0;
      long missing = 0;
      for (Row row : rows) {
        if (row.getInt(0) == i) {
          distinct = row.getLong(4);
          if (row.isNullAt(1)) {
            missing = row.getLong(2);
          } else {
            counts.add(new ValueCounts.Count(row.getString(1), row.getLong(2)));
          }
        }
      }
      result.put(names.get(i), new ValueCounts(counts, distinct, missing));
    }
    return result;
  }
}
