package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Spark's pages say of each job, and of each table in memory, what it is for. */
final class NamedJobsTest {
  @TempDir private static Path folder;
  private static Path job;

  /** Hears what Spark's pages would show. */
  public static final class Ear extends SparkListener {
    private static final Set<String> JOBS = new ConcurrentSkipListSet<>();
    private static final Set<String> CACHED = new ConcurrentSkipListSet<>();

    @Override
    public void onJobStart(SparkListenerJobStart event) {
      JOBS.add(
          Optional.ofNullable(event.properties())
              .map(own -> own.getProperty("spark.job.description"))
              .orElse("no name"));
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
      for (RDDInfo rdd : CollectionConverters.asJava(event.stageInfo().rddInfos())) {
        if (rdd.storageLevel().isValid()) {
          CACHED.add(rdd.name());
        }
      }
    }
  }

  @BeforeAll
  static void table() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "a,b,y",
        Csv.rows(0, 300, i -> "%d,k%d,%s".formatted(i % 37, i % 3, i % 5 < 2 ? "yes" : "no")));
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %1$s/t.csv
            label: {column: y, rare: drop, minimum_count: 2}
            output: %1$s/run
            network: {hidden: 4}
            training: {epochs: 2}
            """
                .formatted(folder));
  }

  private static void run(String... arguments) {
    Ran.on("local[2]", Map.of("spark.extraListeners", Ear.class.getName()), arguments).done();
  }

  @Test
  void everyJobAndEveryCachedTableHasAName() {
    run("train", job.toString());
    run("train", job.toString(), "--overwrite", "--set", "compute.rounds=job");
    run("find-rate", job.toString(), "--rounds", "10");
    String table = folder.resolve("t.csv").toString();
    String model = folder.resolve("run").toString();
    run("evaluate", "--model", model, "--table", table);
    run("predict", "--model", model, "--table", table, "--output", folder.resolve("p").toString());
    assertTrue(
        Ear.JOBS.containsAll(
            List.of(
                "lakeprop: the statistics",
                "lakeprop: packing",
                "lakeprop: a round",
                "lakeprop: an evaluation",
                "lakeprop: resident rounds, group 0")),
        Ear.JOBS::toString);
    assertTrue(Ear.JOBS.stream().allMatch(name -> name.startsWith("lakeprop")), Ear.JOBS::toString);
    assertEquals(
        Set.of("packed train rows", "packed validation rows", "packed test rows"), Ear.CACHED);
  }
}
