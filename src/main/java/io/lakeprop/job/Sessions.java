package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.security.UserGroupInformation;
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

  private static final String PLUGINS = "spark.plugins";
  private static final String OURS = "io.lakeprop.spark.LakepropPlugin";

  private Sessions() {}

  /**
   * @param name that Spark's pages and logs show
   */
  static SparkSession open(String name, Secrets secrets) {
    SparkConf conf = new SparkConf();
    nameUser(Optional.ofNullable(System.getenv("HADOOP_USER_NAME")), conf.get("spark.master", ""));
    DEFAULTS.forEach(conf::setIfMissing);
    conf.set(PLUGINS, withOurs(conf.get(PLUGINS, "")));
    return SparkSession.builder()
        .config(conf)
        .appName("lakeprop " + secrets.redacted(name))
        .getOrCreate();
  }

  /**
   * Logs in a user of whom the system knows a number alone: Hadoop asks the system before it reads
   * the variable that names the user, and fails. Executor processes of the same user would fail so
   * in Spark's own start, one after the other for ever.
   */
  private static void nameUser(Optional<String> name, String master) {
    try {
      if (name.isPresent() && !UserGroupInformation.isSecurityEnabled()) {
        UserGroupInformation.getLoginUser();
      }
    } catch (IOException e) {
      if (master.startsWith("local-cluster")) {
        throw new InvalidInput(
            "executor processes need a user whom the system knows by name, however: there is no"
                + " entry in passwd (--master 'local[4]' needs none)",
            e);
      }
      UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name.orElseThrow()));
    }
  }

  /** A user's plugins stay, ours joins them: without it rounds are jobs. */
  static String withOurs(String plugins) {
    if (plugins.isBlank()) {
      return OURS;
    }
    return List.of(plugins.split("\\s*,\\s*", -1)).contains(OURS) ? plugins : plugins + "," + OURS;
  }
}
