package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** What a failure that came through Spark means for the person who started the job. */
public final class Failures {
  /** Spark's names for failures whose reason is a file or a setting that came in. */
  private static final List<String> BAD_INPUT =
      List.of("FAILED_READ_FILE", "DATA_SOURCE_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA");

  private Failures() {}

  /** The refusal behind a failure, when bad input is the reason. */
  public static Optional<String> refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInput) {
        return Optional.of(cause.getMessage());
      }
      if (cause instanceof SparkThrowable spark
          && "USER_RAISED_EXCEPTION".equals(spark.getCondition())) {
        return Optional.of(spark.getMessageParameters().get("errorMessage"));
      }
      if (cause instanceof AnalysisException || isBadInput(cause)) {
        return Optional.of(firstLine(cause));
      }
    }
    return Optional.empty();
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
      Optional<String> refusal = refusal(e);
      boolean named = e instanceof InvalidInput && e.getMessage().contains(table);
      if (named || refusal.isEmpty()) {
        throw e;
      }
      throw new InvalidInput("table %s: %s%s".formatted(table, key, refusal.get()), e);
    }
  }

  private static boolean isBadInput(Throwable cause) {
    return cause instanceof SparkThrowable spark
        && spark.getCondition() != null
        && BAD_INPUT.contains(spark.getCondition().split("\\.", 2)[0]);
  }

  /** The first line of a message, or the failure's name when it has none. */
  public static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
