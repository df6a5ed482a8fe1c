package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.train.GradientSum;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An executor that is gone, with its blocks and shuffle files, costs time and no bits. */
@Timeout(240)
final class LostExecutorTest {
  private static final int ROUNDS = 9;

  @BeforeAll
  static void cluster() {
    Map<String, String> settings = new HashMap<>(TestSpark.ourJar());
    settings.put("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1");
    TestSpark.restart("local-cluster[2,1,1024]", settings);
  }

  @AfterAll
  static void release() {
    TestSpark.stop();
  }

  @Test
  void residentRoundsGoOn() {
    try (SmallRounds small = new SmallRounds();
        PackedTable table = small.pack(SmallRounds.ROWS, 3, 1, 2);
        ResidentRounds rounds =
            small.resident(
                small.plan(table),
                table,
                new Slots(),
                ResidentRounds.LONGEST_START_MILLIS,
                Assertions::fail)) {
      List<GradientSum> expected = small.expected(table, ROUNDS);
      for (int round = 0; round < ROUNDS; round++) {
        small.assertAgrees(expected, rounds, round);
        if (round == 2 || round == 5) {
          List<ProcessHandle> executors = executors().toList();
          assertEquals(2, executors.size());
          executors.get(0).destroyForcibly();
        }
      }
    }
  }

  /** The executors of this JVM's cluster: it has no other children that are Java. */
  private static Stream<ProcessHandle> executors() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"));
  }
}
