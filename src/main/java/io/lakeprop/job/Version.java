package io.lakeprop.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.spark.package$;
import picocli.CommandLine;

/** The versions of this program and of what it runs on. */
final class Version implements CommandLine.IVersionProvider {
  /** The version in the build file. */
  static String lakeprop() {
    try (InputStream in = Version.class.getResourceAsStream("/io/lakeprop/version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "lakeprop " + lakeprop(),
      "Spark " + package$.MODULE$.SPARK_VERSION(),
      "Java " + Runtime.version()
    };
  }
}
