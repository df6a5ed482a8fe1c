package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.model.NotReadable;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** What a failure that came through Spark means for the person who started the job. */
public final class Failures {
  /**
   * Classes of SQLSTATE: too many rows for a value, data that an expression cannot take, keys that
   * are there twice, expressions that are wrong, and values that are too large.
   */
  private static final List<String> OF_EXPRESSIONS = List.of("21", "22", "23", "42", "54");

  /** Packages of Spark's that compute what SQL says, the code that it generates among them. */
  private static final List<String> OF_SQL =
      List.of(
          "org.apache.spark.sql.catalyst.expressions.",
          "org.apache.spark.sql.catalyst.util.",
          "org.apache.spark.unsafe.types.");

  /** Spark's names for failures whose reason is a file or a setting that came in. */
  private static final List<String> BAD_INPUT =
      List.of("FAILED_READ_FILE", "DATA_SOURCE_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA");

  /** The same of formats that are not there; Avro's and Kafka's have names of their own. */
  private static final List<String> NO_FORMAT =
      List.of("DATA_SOURCE_NOT_FOUND", "_LEGACY_ERROR_TEMP_1139", "_LEGACY_ERROR_TEMP_1140");

  /**
   * Packages of code that is no expression: ours, and that of readers, which expressions take rows
   * from and which stand above them in a stack.
   */
  private static final List<String> OF_OTHERS =
      List.of(
          "io.lakeprop.",
          "org.apache.spark.sql.execution.",
          "org.apache.parquet.",
          "org.apache.orc.",
          "org.apache.hadoop.");

  private Failures() {}

  /** The refusal behind a failure, when bad input is the reason. */
  public static Optional<String> refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInput || cause instanceof NotReadable) {
        return Optional.of(cause.getMessage());
      }
      if (cause instanceof SparkThrowable spark && isRaised(spark)) {
        return Optional.of(spark.getMessageParameters().get("errorMessage"));
      }
      if (cause instanceof SparkThrowable spark
          && "COLUMN_ALREADY_EXISTS".equals(spark.getCondition())) {
        String name = spark.getMessageParameters().get("columnName");
        return Optional.of(ColumnNames.twice("two are called " + name));
      }
      if (cause instanceof AnalysisException || isBadInput(cause) || isThrownBySql(cause)) {
        return Optional.of(withoutAnsi(withoutTexts(firstLine(cause))));
      }
    }
    return Optional.empty();
  }

  /** A message whose list of columns does not name the one that is not the table's. */
  private static String withoutTexts(String message) {
    String own = TypedColumns.quoted(TypedColumns.TEXTS);
    return message.replace(own + ", ", "").replace(", " + own, "");
  }

  /** A message without Spark's advice to compute on with wrong values. */
  private static String withoutAnsi(String message) {
    return message.replaceAll(
        " If necessary set \"?spark\\.sql\\.ansi\\.enabled\"? to [^.]*\\.", "");
  }

  /** The part of an SQL text that failed on a row; empty where the failure is another. */
  private static Optional<String> fragment(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark && spark.getQueryContext().length > 0) {
        return Optional.of(spark.getQueryContext()[0].fragment()).filter(own -> !own.isBlank());
      }
    }
    return Optional.empty();
  }

  /** Does something with the rows of a table; a refusal says which of its expressions is wrong. */
  public static <T> T naming(TableSpec table, Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      throw Failures.<RuntimeException>named(
          table.describe(),
          fragment(e).map(own -> key(table, own)).orElseGet(() -> isOfRow(e) ? keys(table) : ""),
          e);
    }
  }

  /** Whether an expression of a person failed on a row. Our own ones raise errors by the rules. */
  private static boolean isOfRow(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AnalysisException) {
        return false;
      }
      if (cause instanceof SparkThrowable spark && isRaised(spark)) {
        return !spark.getMessageParameters().get("errorMessage").contains(", however: ");
      }
      if (cause instanceof SparkThrowable spark && isOfFiles(spark)) {
        return false;
      }
      if ((cause instanceof SparkThrowable spark && isOfExpressions(spark))
          || isThrownBySql(cause)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRaised(SparkThrowable failure) {
    return "USER_RAISED_EXCEPTION".equals(failure.getCondition());
  }

  /** The key of the job file whose SQL has a fragment. */
  private static String key(TableSpec table, String fragment) {
    for (Map.Entry<String, String> column : table.derive().entrySet()) {
      if (column.getValue().contains(fragment)) {
        return "derive %s: %s: ".formatted(column.getKey(), column.getValue());
      }
    }
    if (table.where().filter(own -> own.contains(fragment)).isPresent()) {
      return "where: %s: ".formatted(table.where().get());
    }
    return table.source() instanceof TableSpec.Query query && query.sql().contains(fragment)
        ? "in \"%s\": ".formatted(fragment.strip().lines().findFirst().orElse(""))
        : keys(table);
  }

  /** The expressions of a table, of which nobody knows which one failed. */
  private static String keys(TableSpec table) {
    List<String> keys = new ArrayList<>();
    table.derive().forEach((name, sql) -> keys.add("derive %s: %s".formatted(name, sql)));
    table.where().ifPresent(sql -> keys.add("where: " + sql));
    return keys.isEmpty() ? "" : String.join(", or ", keys) + ": ";
  }

  /**
   * Does something with a table; a refusal says which table, and where in it.
   *
   * @param table as messages name it
   * @param key of the job file that the work is about, with a colon, or nothing
   */
  public static <T> T naming(String table, String key, Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      throw Failures.<RuntimeException>named(table, key, e);
    }
  }

  private static <E extends Exception> RuntimeException named(String table, String key, Exception e)
      throws E {
    Optional<String> refusal = refusal(e);
    boolean named = e instanceof InvalidInput && names(e.getMessage(), table);
    if (named || refusal.isEmpty()) {
      @SuppressWarnings("unchecked") // Spark throws checked exceptions that nothing declares.
      E undeclared = (E) e;
      throw undeclared;
    }
    return new InvalidInput("table %s: %s%s".formatted(table, key, refusal.get()), e);
  }

  /** Whether a message says which table it is about. */
  private static boolean names(String message, String table) {
    String words = "table " + table;
    int end = message.indexOf(words) + words.length();
    return end >= words.length()
        && (end == message.length() || !Character.isLetterOrDigit(message.charAt(end)));
  }

  /** Whether a failure is about a format that this Spark has not. */
  public static boolean isOfUnknownFormat(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark && NO_FORMAT.contains("" + spark.getCondition())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBadInput(Throwable cause) {
    return cause instanceof SparkThrowable spark
        && spark.getCondition() != null
        && (isOfFiles(spark) || isOfExpressions(spark));
  }

  private static boolean isOfFiles(SparkThrowable failure) {
    return failure.getCondition() != null
        && BAD_INPUT.contains(failure.getCondition().split("\\.", 2)[0]);
  }

  /**
   * Whether a failure of Java's is that of an expression which Spark was given, such as a pattern
   * that is none: not all that expressions cannot take has a condition of Spark's.
   */
  private static boolean isThrownBySql(Throwable cause) {
    boolean isOfValues =
        cause instanceof SparkThrowable spark
            ? spark.getCondition() != null && spark.getCondition().startsWith("_LEGACY_")
            : cause instanceof IllegalArgumentException
                || cause instanceof ArithmeticException
                || cause instanceof DateTimeException;
    if (!isOfValues) {
      return false;
    }
    for (StackTraceElement call : cause.getStackTrace()) {
      if (OF_OTHERS.stream().anyMatch(call.getClassName()::startsWith)) {
        return false;
      }
      if (OF_SQL.stream().anyMatch(call.getClassName()::startsWith)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfExpressions(SparkThrowable failure) {
    return failure.getSqlState() != null
        && OF_EXPRESSIONS.contains(failure.getSqlState().substring(0, 2));
  }

  /** The first line of a message, or the failure's name when it has none. */
  public static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
