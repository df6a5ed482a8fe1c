package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

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

  /**
   * Settings by which SQL and files mean something else, by how their names begin. A cluster's own
   * ones must not decide what a job and its model say: they are as Spark has them by default.
   */
  private static final List<String> MEANINGS =
      List.of(
          "spark.sql.ansi.",
          "spark.sql.legacy.",
          "spark.sql.parser.",
          "spark.sql.decimalOperations.allowPrecisionLoss",
          "spark.sql.files.ignoreCorruptFiles",
          "spark.sql.files.ignoreMissingFiles",
          "spark.sql.groupByOrdinal",
          "spark.sql.mapKeyDedupPolicy",
          "spark.sql.orderByOrdinal",
          "spark.sql.parquet.binaryAsString",
          "spark.sql.parquet.inferTimestampNTZ.enabled",
          "spark.sql.parquet.int96AsTimestamp",
          "spark.sql.parquet.int96TimestampConversion",
          "spark.sql.readSideCharPadding",
          "spark.sql.timestampType");

  /** What Spark takes from the environment where no setting says it. */
  private static final String ANSI = "spark.sql.ansi.enabled";

  /**
   * What says how files were written that Spark cannot ask: tables of the catalog have no other
   * place to say it.
   */
  private static final List<String> WRITTEN = List.of("nanosAsLong", "RebaseMode");

  /** How the same is called that decides how files are read. */
  private static final Pattern OF_READING = Pattern.compile(".*(nanosAsLong|RebaseModeInRead)");

  private static final String PLUGINS = "spark.plugins";
  private static final String OURS = "io.lakeprop.spark.LakepropPlugin";

  private Sessions() {}

  /**
   * @param name that Spark's pages and logs show
   */
  static SparkSession open(String name, Secrets secrets) {
    Interruption.bind();
    Console console = Console.standard();
    console.starting("starting Spark");
    SparkConf conf = new SparkConf();
    nameUser(Optional.ofNullable(System.getenv("HADOOP_USER_NAME")), conf.get("spark.master", ""));
    DEFAULTS.forEach(conf::setIfMissing);
    conf.set(PLUGINS, withOurs(conf.get(PLUGINS, "")));
    SparkSession session =
        SparkSession.builder()
            .config(conf)
            .appName("lakeprop " + secrets.redacted(name))
            .getOrCreate();
    Console.clear();
    // Until somebody says it better, the jobs of this thread are the command's.
    session.sparkContext().setJobDescription("lakeprop " + secrets.redacted(name));
    unset(session)
        .ifPresent(
            settings ->
                console.note(
                    "SQL and files mean the same in every session, whatever this one says: not"
                        + " used are "
                        + secrets.redacted(settings)));
    kept(session)
        .ifPresent(
            settings ->
                console.note(
                    "tables of the catalog and queries are read as this session says, so that"
                        + " another may read other values: "
                        + settings));
    return session;
  }

  /** Has settings that decide what SQL and files mean be Spark's own; tells those that were not. */
  static Optional<String> unset(SparkSession session) {
    TreeMap<String, String> others = new TreeMap<>();
    if (!Boolean.parseBoolean(session.conf().get(ANSI))) {
      others.put(ANSI, session.conf().get(ANSI));
    }
    CollectionConverters.asJava(session.conf().getAll())
        .forEach(
            (setting, value) -> {
              boolean decides =
                  MEANINGS.stream().anyMatch(setting::startsWith)
                      && WRITTEN.stream().noneMatch(setting::contains)
                      && !setting.equals(ANSI);
              if (decides && !SQLConf.isStaticConfigKey(setting)) {
                session.conf().unset(setting);
                if (!value.equalsIgnoreCase(byDefault(session, setting))) {
                  others.put(setting, value);
                }
              }
            });
    session.conf().set(ANSI, "true");
    return told(others);
  }

  /** Settings that say how files were written, where they are not Spark's own. */
  static Optional<String> kept(SparkSession session) {
    TreeMap<String, String> kept = new TreeMap<>();
    CollectionConverters.asJava(session.conf().getAll())
        .forEach(
            (setting, value) -> {
              if (OF_READING.matcher(setting).matches()) {
                session.conf().unset(setting);
                if (!value.equalsIgnoreCase(byDefault(session, setting))) {
                  kept.put(setting, value);
                }
                session.conf().set(setting, value);
              }
            });
    return told(kept);
  }

  private static Optional<String> told(SortedMap<String, String> settings) {
    return settings.isEmpty()
        ? Optional.empty()
        : Optional.of(
            settings.entrySet().stream()
                .map(own -> own.getKey() + "=" + own.getValue())
                .collect(Collectors.joining(", ")));
  }

  /** The value of a setting that nobody says; empty of one that Spark does not know. */
  private static String byDefault(SparkSession session, String setting) {
    try {
      return session.conf().get(setting);
    } catch (NoSuchElementException e) {
      return "";
    }
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
