package io.lakeprop.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Settings of a session that are others for a while, and then what they were before. */
final class SessionSwitch {
  private SessionSwitch() {}

  /** What the work gives while a setting is true. */
  static <T> T on(SparkSession session, String setting, Supplier<T> work) {
    return with(session, Map.of(setting, "true"), work);
  }

  /** What the work gives while settings have these values. */
  static <T> T with(SparkSession session, Map<String, String> settings, Supplier<T> work) {
    Map<String, Optional<String>> before = new LinkedHashMap<>();
    settings
        .keySet()
        .forEach(name -> before.put(name, Optional.ofNullable(session.conf().get(name, null))));
    settings.forEach((name, value) -> session.conf().set(name, value));
    try {
      return work.get();
    } finally {
      before.forEach(
          (name, own) ->
              own.ifPresentOrElse(
                  value -> session.conf().set(name, value), () -> session.conf().unset(name)));
    }
  }
}
