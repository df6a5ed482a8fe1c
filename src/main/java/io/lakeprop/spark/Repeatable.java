package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.WindowSpecDefinition;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Whether a table is the same each time that it is read. Training reads a table several times; one
 * whose rows change in between would be split anew by each pass.
 *
 * <p>The clocks of a job's own SQL have become constants before ({@link StandingClock}): what is
 * left asks another one, a view's for instance.
 */
final class Repeatable {
  /** Nodes of a plan that take some rows of those below, whichever come first. */
  private static final Set<String> SOME_ROWS =
      Set.of("GlobalLimit", "LocalLimit", "Offset", "Tail", "Sample");

  /** Functions that depend on the order of their rows, by Spark's class. */
  private static final Set<String> OF_ROWS_IN_ORDER =
      Set.of(
          "First",
          "Last",
          "NthValue",
          "AnyValue",
          "CollectList",
          "CollectSet",
          "ListAgg",
          "RowNumber",
          "NTile",
          "Lag",
          "Lead");

  /** Functions of an array that give the same for every order of its elements. */
  private static final Set<String> OF_ANY_ORDER =
      Set.of("SortArray", "ArraySort", "Size", "ArrayMax", "ArrayMin", "ArrayContains");

  /** Spark's classes of clocks. */
  private static final Set<String> CLOCKS =
      Set.of("CurrentDate", "CurrentTimestamp", "CurrentTime", "LocalTimestamp", "Now");

  /** Texts that are another date each day. */
  private static final Pattern OF_TODAY =
      Pattern.compile(
          "\\s*(now|today|tomorrow|yesterday)(\\s*\\S+)?\\s*", Pattern.CASE_INSENSITIVE);

  /** Names of columns that Spark makes for what windows are ordered by. */
  private static final Pattern OF_WINDOWS = Pattern.compile("_w\\d+");

  private static final Set<DataType> DATES =
      Set.of(DataTypes.DateType, DataTypes.TimestampType, DataTypes.TimestampNTZType);

  private static final String MEND_OF_CLOCKS =
      "\"current_date()\" of the job's own SQL stands still: clock";
  private static final String MEND_OF_ROWS =
      "a hash takes a part of a table: \"pmod(xxhash64(id), 10) < 3\"";
  private static final String MEND_OF_VALUES =
      "a hash of a column is as good as random: \"xxhash64(id)\"";
  private static final String MEND_OF_ORDER =
      "these have one: \"sort_array(collect_list(x))\", \"max_by(x, time)\","
          + " \"first_value(x) over (partition by k order by time)\","
          + " \"row_number() over (partition by k order by time)\"";

  /**
   * Why a table changes.
   *
   * @param what of the SQL text, for a sentence
   * @param mend what gives the same each time in its place
   */
  private record Reason(String what, String mend) {}

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

  /** How many clocks a query asks. */
  static long clocks(Dataset<Row> table) {
    return nodes(plan(table), List.of()).stream()
        .flatMap(node -> CollectionConverters.asJava(node.expressions()).stream())
        .mapToLong(Repeatable::clocks)
        .sum();
  }

  private static long clocks(Expression expression) {
    long below =
        CollectionConverters.asJava(expression.children()).stream()
            .mapToLong(Repeatable::clocks)
            .sum();
    return below + (CLOCKS.contains(expression.getClass().getSimpleName()) ? 1 : 0);
  }

  /**
   * The nodes of a plan and of the queries in its expressions, from the top down.
   *
   * @param known plans that are not looked into
   */
  static List<LogicalPlan> nodes(LogicalPlan plan, List<LogicalPlan> known) {
    List<LogicalPlan> nodes = new ArrayList<>();
    Deque<LogicalPlan> above = new ArrayDeque<>(List.of(plan));
    while (!above.isEmpty()) {
      LogicalPlan node = above.pop();
      if (known.stream().noneMatch(own -> own == node)) {
        nodes.add(node);
        above.addAll(CollectionConverters.asJava(node.children()));
        above.addAll(CollectionConverters.asJava(node.subqueries()));
      }
    }
    return nodes;
  }

  private static LogicalPlan plan(Dataset<Row> table) {
    return table.queryExecution().analyzed();
  }

  private static void refuse(Reason reason, String sql) {
    throw new InvalidInput(
        "it must give the same rows each time that it is read, however: %s in \"%s\" (%s)"
            .formatted(reason.what(), sql, reason.mend()));
  }

  /** What changes from one reading to the next; empty where nothing does. */
  private static Optional<Reason> why(LogicalPlan plan, List<LogicalPlan> known) {
    List<LogicalPlan> nodes = nodes(plan, known);
    Set<ExprId> constants = constants(nodes);
    for (LogicalPlan node : nodes) {
      for (Expression expression : CollectionConverters.asJava(node.expressions())) {
        Optional<Reason> reason = why(expression, false, constants);
        if (reason.isPresent()) {
          return reason;
        }
      }
      String name = node.getClass().getSimpleName();
      boolean isSample = name.equals("Sample");
      if (isSample || (SOME_ROWS.contains(name) && !isOrdered(node, constants))) {
        return Optional.of(
            new Reason(isSample ? "a sample of rows" : "a limit without an order", MEND_OF_ROWS));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether what a node takes its rows of has put them in order; columns that say the order and are
   * not asked for are left out after it.
   */
  private static boolean isOrdered(LogicalPlan node, Set<ExprId> constants) {
    return CollectionConverters.asJava(node.children()).stream()
        .allMatch(
            own -> {
              String name = own.getClass().getSimpleName();
              return (own instanceof Sort sort
                      && sort.global()
                      && saysOrder(sort.order(), List.of(), constants))
                  || SOME_ROWS.contains(name)
                  || (own instanceof Project && isOrdered(own, constants));
            });
  }

  /**
   * What of an expression may give another value to the same rows.
   *
   * @param anyOrder whether what is around it says an order of rows, or does not care for one.
   *     Where rows tie in that order, Spark does not say which comes first, and cannot be asked
   * @param constants columns that put no rows in order
   */
  private static Optional<Reason> why(
      Expression expression, boolean anyOrder, Set<ExprId> constants) {
    String name = expression.getClass().getSimpleName();
    if (!anyOrder && OF_ROWS_IN_ORDER.contains(name) && !hasOrder(expression, constants)) {
      return Optional.of(
          new Reason(expression.prettyName() + "() without an order", MEND_OF_ORDER));
    }
    if (CLOCKS.contains(name) || isOfToday(expression)) {
      return Optional.of(
          new Reason(
              "%s, which is another time each time"
                  .formatted(
                      CLOCKS.contains(name) ? expression.prettyName() + "()" : expression.sql()),
              MEND_OF_CLOCKS));
    }
    List<Expression> inside = CollectionConverters.asJava(expression.children());
    boolean goesOn = name.equals("AggregateExpression") && anyOrder;
    boolean below = goesOn || OF_ANY_ORDER.contains(name) || hasOrder(expression, constants);
    for (Expression child : inside) {
      Optional<Reason> reason = why(child, below, constants);
      if (reason.isPresent()) {
        return reason;
      }
    }
    // Some releases of Spark count those of rows in order among the not deterministic.
    boolean changes =
        !expression.deterministic()
            && !OF_ROWS_IN_ORDER.contains(name)
            && inside.stream().allMatch(Expression::deterministic);
    return changes
        ? Optional.of(
            new Reason(
                "%s(), which gives another value each time".formatted(expression.prettyName()),
                MEND_OF_VALUES))
        : Optional.empty();
  }

  /** A text such as {@code 'today'} that is made a date. */
  private static boolean isOfToday(Expression expression) {
    return expression instanceof Cast cast
        && DATES.contains(cast.dataType())
        && cast.child().foldable()
        && cast.child().dataType().equals(DataTypes.StringType)
        && cast.child().eval(null) instanceof UTF8String text
        && OF_TODAY.matcher(text.toString()).matches();
  }

  /**
   * Columns of Spark's own, made for the order of a window, that are made of no other column, such
   * as what {@code (select null)} is. A constant of the query's may be a union's or join's column,
   * which has its identity and is none.
   */
  private static Set<ExprId> constants(List<LogicalPlan> nodes) {
    Set<ExprId> constants = new HashSet<>();
    for (LogicalPlan node : nodes) {
      if (node instanceof Project project) {
        for (NamedExpression column : CollectionConverters.asJava(project.projectList())) {
          if (column instanceof Alias alias
              && OF_WINDOWS.matcher(alias.name()).matches()
              && alias.child().references().isEmpty()
              && alias.deterministic()) {
            constants.add(alias.exprId());
          }
        }
      }
    }
    return constants;
  }

  /** {@code over (... order by ...)} and {@code within group (order by ...)}. */
  private static boolean hasOrder(Expression expression, Set<ExprId> constants) {
    List<Expression> children = CollectionConverters.asJava(expression.children());
    return children.stream()
        .anyMatch(
            child ->
                (child instanceof SortOrder order && saysOrder(order, List.of(), constants))
                    || (child instanceof WindowSpecDefinition window
                        && saysOrder(
                            window.orderSpec(),
                            CollectionConverters.asJava(window.partitionSpec()),
                            constants)));
  }

  private static boolean saysOrder(
      scala.collection.immutable.Seq<SortOrder> orders,
      List<Expression> alike,
      Set<ExprId> constants) {
    return CollectionConverters.asJava(orders).stream()
        .anyMatch(own -> saysOrder(own, alike, constants));
  }

  /**
   * Whether rows may differ in what they are put in order by: a constant, such as {@code order by
   * null}, leaves them as they come.
   *
   * @param alike what is the same in all of the rows
   * @param constants columns that are
   */
  private static boolean saysOrder(SortOrder order, List<Expression> alike, Set<ExprId> constants) {
    boolean varies =
        CollectionConverters.asJava(order.child().references().toSeq()).stream()
            .anyMatch(column -> !constants.contains(column.exprId()));
    return varies && alike.stream().noneMatch(own -> own.semanticEquals(order.child()));
  }
}
