package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Whether a table is the same each time that it is read. Training reads a table several times; one
 * whose rows change in between would be split anew by each pass.
 *
 * <p>Clocks are no matter here: {@link Clock} has made constants of them.
 */
final class Repeatable {
  /** Nodes of a plan that take some rows of those below, whichever come first. */
  private static final Set<String> SOME_ROWS =
      Set.of("GlobalLimit", "LocalLimit", "Offset", "Tail", "Sample");

  /** Aggregates that depend on which rows come first. */
  private static final Set<String> OF_THE_FIRST_ROWS =
      Set.of("First", "Last", "AnyValue", "CollectList");

  private Repeatable() {}

  /** A table that an SQL text made, if it is the same each time. */
  static Dataset<Row> checked(Dataset<Row> table, String sql) {
    why(plan(table), List.of()).ifPresent(reason -> refuse(reason, sql));
    return table;
  }

  /**
   * A table that an SQL text made of another.
   *
   * @param before the other, which has been looked at
   */
  static Dataset<Row> checked(Dataset<Row> before, Dataset<Row> table, String sql) {
    why(plan(table), List.of(plan(before))).ifPresent(reason -> refuse(reason, sql));
    return table;
  }

  private static LogicalPlan plan(Dataset<Row> table) {
    return table.queryExecution().analyzed();
  }

  private static void refuse(String reason, String sql) {
    throw new InvalidInput(
        "it must give the same rows each time that it is read, however: %s in \"%s\" (a hash takes a part of a table: \"pmod(xxhash64(id), 10) < 3\")"
            .formatted(reason, sql));
  }

  /** What changes from one reading to the next; empty where nothing does. */
  private static Optional<String> why(LogicalPlan plan, List<LogicalPlan> known) {
    Deque<LogicalPlan> plans = new ArrayDeque<>(List.of(plan));
    while (!plans.isEmpty()) {
      LogicalPlan node = plans.pop();
      if (known.stream().anyMatch(own -> own == node)) {
        continue;
      }
      List<LogicalPlan> below = new ArrayList<>(CollectionConverters.asJava(node.children()));
      boolean changes =
          CollectionConverters.asJava(node.expressions()).stream().anyMatch(Repeatable::changes);
      if (changes) {
        return Optional.of("a function that gives another value each time");
      }
      String name = node.getClass().getSimpleName();
      boolean isOrdered =
          below.stream()
              .allMatch(
                  own ->
                      own.getClass().getSimpleName().equals("Sort")
                          || SOME_ROWS.contains(own.getClass().getSimpleName()));
      if (SOME_ROWS.contains(name) && (name.equals("Sample") || !isOrdered)) {
        return Optional.of(name.equals("Sample") ? "a sample of rows" : "a limit without an order");
      }
      plans.addAll(below);
      CollectionConverters.asJava(node.innerChildren())
          .forEach(
              inner -> {
                if (inner instanceof LogicalPlan own) {
                  plans.add(own);
                }
              });
      CollectionConverters.asJava(node.subqueries()).forEach(plans::add);
    }
    return Optional.empty();
  }

  /** Whether an expression, or one inside it, may give another value to the same rows. */
  private static boolean changes(Expression expression) {
    return !expression.deterministic()
        || OF_THE_FIRST_ROWS.contains(expression.getClass().getSimpleName())
        || CollectionConverters.asJava(expression.children()).stream()
            .anyMatch(Repeatable::changes);
  }
}
