package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.FastestRounds.Contender;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trial of all adapters gives the bits of one, whoever wins. */
@Timeout(120)
final class FastestRoundsTest {
  private static final long PATIENT = 60_000;

  @AfterEach
  void release() {
    TestSpark.stop();
  }

  @ParameterizedTest(name = "on {0}")
  @ValueSource(strings = {"local[4]", "local-cluster[2,2,1024]"})
  void theBitsAreThoseOfLocalRounds(String master) throws Exception {
    TestSpark.restart(master, TestSpark.executorProcesses());
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    try (SmallRounds small = new SmallRounds();
        PackedTable table = small.pack(SmallRounds.ROWS, 9, 1, 4)) {
      RoundPlan plan = small.plan(table);
      Slots slots = new Slots();
      List<Contender> ways = new ArrayList<>();
      ways.add(
          new Contender("resident", small.resident(plan, table, slots, PATIENT, Assertions::fail)));
      for (FanIn way : FanIn.values()) {
        RoundRunner jobs = new JobRounds(context, small.objective(), plan, table, slots, way);
        ways.add(new Contender(way.name(), jobs));
      }
      List<GradientSum> expected = small.expected(table, 30);
      try (FastestRounds rounds = new FastestRounds(ways, note -> {})) {
        small.assertAgrees(expected, rounds);
      }
      context.sc().listenerBus().waitUntilEmpty();
      assertEquals(0, context.statusTracker().getActiveJobIds().length, "close ends the tasks");
    }
  }

  @Test
  void aSlowAdapterIsLeftAndThePersonTold() {
    TestSpark.restart("local[2]", Map.of());
    try (SmallRounds small = new SmallRounds();
        PackedTable table = small.pack(SmallRounds.ROWS, 3, 1, 2)) {
      RoundPlan plan = small.plan(table);
      RoundRunner jobs = small.jobs(plan, table);
      Slow slow = new Slow(jobs);
      List<String> notes = new ArrayList<>();
      try (FastestRounds rounds =
          new FastestRounds(
              List.of(new Contender("slow rounds", slow), new Contender("fast rounds", jobs)),
              notes::add)) {
        small.assertAgrees(small.expected(table, 16), rounds);
      }
      assertEquals(6, slow.rounds, "two turns of three");
      assertEquals(1, notes.size());
      assertTrue(
          notes.get(0).matches("going on with fast rounds: .* ms a round, slow rounds takes .* ms"),
          notes.get(0));
    }
  }

  /** Takes half a second longer. */
  private static final class Slow implements RoundRunner {
    private final RoundRunner actual;
    private int rounds;

    Slow(RoundRunner actual) {
      this.actual = actual;
    }

    @Override
    public GradientSum gradient(float[] theta, long round) {
      rounds++;
      LockSupport.parkNanos(500_000_000);
      return actual.gradient(theta, round);
    }
  }
}
