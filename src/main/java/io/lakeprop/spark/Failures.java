package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** What a failure that came through Spark means for the person who started the job. */
public final class Failures {
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
      if (cause instanceof AnalysisException) {
        return Optional.of(firstLine(cause));
      }
    }
    return Optional.empty();
  }

  /** The first line of a message, or the failure's name when it has none. */
  public static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
