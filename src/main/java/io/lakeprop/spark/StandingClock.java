package io.lakeprop.spark;

import io.lakeprop.data.Clock;
import io.lakeprop.data.TableSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * SQL texts in which the clock is a constant. A word such as {@code current_date} is a clock only
 * where no column has that name.
 */
final class StandingClock {
  private StandingClock() {}

  /** An expression over a table's columns. */
  static String expression(TableSpec spec, String sql, Dataset<Row> table) {
    return spec.clock()
        .map(
            clock ->
                clock.fixed(
                    sql,
                    word ->
                        Arrays.stream(table.columns())
                            .anyMatch(sql.substring(word.start(), word.end())::equalsIgnoreCase)))
        .orElse(sql);
  }

  /** A query over tables that Spark finds: it is asked of each word whether a column is meant. */
  static String query(SparkSession session, TableSpec spec, String sql) {
    if (spec.clock().isEmpty()) {
      return sql;
    }
    Clock clock = spec.clock().get();
    List<Clock.Word> words = clock.words(sql);
    Set<Clock.Word> columns = new HashSet<>();
    long clocks = words.isEmpty() ? 0 : Repeatable.clocks(session.sql(sql));
    for (Clock.Word word : words) {
      if (!isClock(session, sql, word, clocks)) {
        columns.add(word);
      }
    }
    return clock.fixed(sql, columns::contains);
  }

  /** Called as a function, what is a clock stays one, and a column becomes one more. */
  private static boolean isClock(SparkSession session, String sql, Clock.Word word, long clocks) {
    String called = sql.substring(0, word.end()) + "()" + sql.substring(word.end());
    try {
      return Repeatable.clocks(session.sql(called)) == clocks;
    } catch (Exception e) {
      if (Failures.refusal(e).isPresent()) {
        return false; // It is where a name must be: "id as current_date".
      }
      throw e;
    }
  }
}
