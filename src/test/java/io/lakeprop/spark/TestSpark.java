package io.lakeprop.spark;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of the tests' JVM: two cores, the settings that users get, and a Kryo that
 * refuses every class which nobody registered.
 */
public final class TestSpark {
  private static final Path SETTINGS = Path.of("conf", "local.properties");
  private static SparkSession session;

  private TestSpark() {}

  /** The shared session; a new one when the last was stopped. */
  public static synchronized SparkSession session() {
    if (session == null || session.sparkContext().isStopped()) {
      restart("local[2]", Map.of());
    }
    return session;
  }

  /** Replaces the shared session by one on another master, until it is stopped. */
  public static synchronized void restart(String master, Map<String, String> more) {
    stop();
    SparkConf conf = new SparkConf(false);
    settings(master).forEach(conf::set);
    more.forEach(conf::set);
    session = SparkSession.builder().config(conf).appName("tests").getOrCreate();
  }

  /** Stops the shared session: a JVM has room for one, and a command opens its own. */
  public static synchronized void stop() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }

  /** The settings of conf/local.properties on this master, made strict. */
  public static Map<String, String> settings(String master) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(SETTINGS)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> settings = new TreeMap<>();
    properties.stringPropertyNames().forEach(k -> settings.put(k, properties.getProperty(k)));
    settings.put("spark.master", master);
    settings.put("spark.kryo.registrationRequired", "true");
    settings.merge(
        "spark.kryo.registrator", SparkClasses.class.getName(), (own, more) -> own + "," + more);
    // Small tables: 200 partitions a shuffle would be most of the tests' time.
    settings.put("spark.sql.shuffle.partitions", "3");
    settings.put("spark.sql.warehouse.dir", Path.of("target", "warehouse").toUri().toString());
    return settings;
  }

  /**
   * Settings for executor processes that get our classes as a cluster's do: in a jar, after their
   * start. The class path of their start has the libraries.
   */
  public static Map<String, String> executorProcesses() {
    return Map.of(
        "spark.executor.extraClassPath",
        TestProcesses.libraries(),
        "spark.executor.extraJavaOptions",
        String.join(" ", TestProcesses.executorOptions()),
        "spark.jars",
        TestProcesses.ourClasses().toUri().toString());
  }
}
