package io.lakeprop.spark;

import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** A setting of a session that is on for a while, and then what it was before. */
final class SessionSwitch {
  private SessionSwitch() {}

  /** What the work gives while the setting is true. */
  static <T> T on(SparkSession session, String setting, Supplier<T> work) {
    String before = session.conf().get(setting);
    session.conf().set(setting, "true");
    try {
      return work.get();
    } finally {
      session.conf().set(setting, before);
    }
  }
}
