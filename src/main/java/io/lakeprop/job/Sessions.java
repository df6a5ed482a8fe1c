package io.lakeprop.job;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark's session as every command wants it. */
final class Sessions {
  /** What the code relies on; a user's own setting wins. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "spark.master", "local[*]",
          "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
          "spark.kryo.registrator", "io.lakeprop.spark.LakepropRegistrator",
          "spark.sql.session.timeZone", "UTC",
          "spark.ui.showConsoleProgress", "false");

  private Sessions() {}

  static SparkSession open(String name) {
    SparkConf conf = new SparkConf();
    DEFAULTS.forEach(conf::setIfMissing);
    return SparkSession.builder().config(conf).appName("lakeprop " + name).getOrCreate();
  }
}
