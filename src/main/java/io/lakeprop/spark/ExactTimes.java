package io.lakeprop.spark;

import java.util.Map;

/**
 * How timestamps are written as JSON: with all of their microseconds, of which Spark's own pattern
 * keeps the milliseconds.
 */
public final class ExactTimes {
  /** Of Spark's writer and of {@code to_json}. */
  public static final Map<String, String> OPTIONS =
      Map.of(
          "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]XXX",
          "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]");

  private ExactTimes() {}
}
