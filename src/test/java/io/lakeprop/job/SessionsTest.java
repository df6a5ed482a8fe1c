package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.LakepropPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session adds to a user's settings, and what of a cluster's it does not take. */
final class SessionsTest {
  private static final String OURS = LakepropPlugin.class.getName();

  /** A cluster where SQL computes on with null, and clocks hang elsewhere. */
  private static final Map<String, String> CLUSTER =
      Map.of(
          "spark.sql.ansi.enabled", "false",
          "spark.sql.ansi.enforceReservedKeywords", "false",
          "spark.sql.legacy.timeParserPolicy", "LEGACY",
          "spark.sql.mapKeyDedupPolicy", "LAST_WIN",
          "spark.sql.session.timeZone", "America/New_York");

  @TempDir private Path folder;

  @Test
  void ourPluginJoinsThoseOfTheUser() {
    assertEquals(OURS, Sessions.withOurs(""));
    assertEquals(OURS, Sessions.withOurs(OURS));
    assertEquals("com.example.Own," + OURS, Sessions.withOurs("com.example.Own"));
    String both = OURS + " , com.example.Own";
    assertEquals(both, Sessions.withOurs(both));
  }

  /** A job means the same on every cluster: in training and where its model scores. */
  @Test
  void settingsThatDecideWhatSqlMeansAreSparksOwn() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "a,c,y",
        Csv.rows(0, 90, i -> i % 24 + "," + (i == 80 ? "oops" : i % 4) + ",k" + i % 2));
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: {path: %1$s/t.csv, derive: {h: 'hour(timestamp_seconds(a * 3600))'}}
            label: y
            features: {include: [h]}
            output: %1$s/run
            network: {hidden: 4}
            training: {epochs: 1, checkpoints: none}
            """
                .formatted(folder));
    String[] train = {"train", job.toString(), "--overwrite"};
    String[] evaluate = {
      "evaluate",
      "--model=" + folder + "/run",
      "--table=" + folder + "/t.csv",
      "--derive=h=hour(timestamp_seconds(a * 3600))"
    };
    Path theta = folder.resolve("run/model/theta.safetensors");
    Ran plain = Ran.lakeprop(train).done();
    byte[] expected = Files.readAllBytes(theta);
    String metrics = Ran.lakeprop(evaluate).done().out();
    Ran own = Ran.on("local[2]", CLUSTER, train).done();
    assertArrayEquals(expected, Files.readAllBytes(theta));
    assertTrue(
        own.out()
            .contains(
                "not used are spark.sql.ansi.enabled=false,"
                    + " spark.sql.legacy.timeParserPolicy=LEGACY,"
                    + " spark.sql.mapKeyDedupPolicy=LAST_WIN"),
        own.out());
    assertFalse(plain.out().contains("not used are"), plain.out());
    assertTrue(Ran.on("local[2]", CLUSTER, evaluate).done().out().endsWith(metrics));
    Refusal.assertRefused(
        Ran.on(
            "local[2]",
            CLUSTER,
            "train",
            job.toString(),
            "--overwrite",
            "--set",
            "table.derive.h=cast(c as int)"),
        List.of("derive h: cast(c as int)", "oops"));
  }
}
