package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What may happen to tasks that stay: the bits are the same, or the caller is told; none is left.
 */
@Timeout(120)
final class ResidentRoundsTest {
  private static final int ROUNDS = 8;
  private static final long PATIENT = 60_000;

  private static SmallRounds small;
  private JavaSparkContext context;
  private PackedTable table;
  private RoundPlan plan;
  private List<GradientSum> expected;

  @BeforeAll
  static void table() {
    // A task may fail three times here; local[2] gives up at the first failure.
    TestSpark.restart("local[2,4]", Map.of());
    small = new SmallRounds();
  }

  @AfterAll
  static void release() {
    small.close();
    TestSpark.stop();
  }

  @BeforeEach
  void pack() {
    context = JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    table = small.pack(SmallRounds.ROWS, 3, 1, 2);
    plan = small.plan(table);
    expected = small.expected(table, ROUNDS);
  }

  @AfterEach
  void nothingRuns() {
    soon(() -> context.statusTracker().getActiveJobIds().length == 0, "a job still runs");
    table.close();
  }

  private ResidentRounds resident(PackedTable of) {
    return resident(of, new Slots());
  }

  private ResidentRounds resident(PackedTable of, Slots slots) {
    return small.resident(plan, of, slots, PATIENT, Assertions::fail);
  }

  @Test
  void oneJobRunsAllRoundsAndEndsWithThem() throws Exception {
    Jobs jobs = new Jobs();
    context.sc().addSparkListener(jobs);
    List<Thread> before = nonDaemons();
    try (ResidentRounds rounds = resident(table)) {
      small.assertAgrees(expected, rounds);
      context.sc().listenerBus().waitUntilEmpty();
      assertEquals(1, context.statusTracker().getActiveJobIds().length);
    } finally {
      context.sc().removeSparkListener(jobs);
    }
    context.sc().listenerBus().waitUntilEmpty();
    assertEquals(0, context.statusTracker().getActiveJobIds().length, "close waits for the end");
    assertEquals(2, jobs.tasks.size());
    assertEquals(before, nonDaemons());
  }

  @Test
  void roundsMayComeInAnyOrderAndBeRepeated() {
    try (ResidentRounds rounds = resident(table)) {
      for (int round : new int[] {5, 0, 0, 7, 3, 3}) {
        small.assertAgrees(expected, rounds, round);
      }
    }
  }

  @Test
  void aTaskThatFailsThreeTimesJoinsLater() {
    PackedTable shaky = with(new FailThreeTimes());
    small.assertAgrees(expected, small.jobs(plan, shaky));
    try (ResidentRounds rounds = resident(shaky)) {
      small.assertAgrees(expected, rounds);
    }
  }

  @Test
  void aTaskThatIsKilledBetweenRoundsIsReplaced() throws InterruptedException {
    Jobs jobs = new Jobs();
    context.sc().addSparkListener(jobs);
    try (ResidentRounds rounds = resident(table)) {
      for (int round = 0; round < ROUNDS; round++) {
        small.assertAgrees(expected, rounds, round);
        if (round % 3 == 1) {
          context.sc().killTaskAttempt(jobs.tasks.take(), false, "a test kills it");
        }
      }
    } finally {
      context.sc().removeSparkListener(jobs);
    }
  }

  @Test
  void aFailureForGoodReachesTheCallerAsThatOfAJobDoes() {
    PackedTable broken = with(new RefuseAlways());
    RoundRunner jobs = small.jobs(plan, broken);
    Exception ofJob = assertThrows(Exception.class, () -> jobs.gradient(small.theta(), 0));
    try (ResidentRounds rounds = resident(broken)) {
      Exception own = assertThrows(Exception.class, () -> rounds.gradient(small.theta(), 0));
      assertEquals(ofJob.getClass(), own.getClass());
      assertEquals(Optional.of("rows must be good, however: bad"), Failures.refusal(own));
      assertEquals(Failures.refusal(ofJob), Failures.refusal(own));
    }
  }

  @Test
  void aJobThatFailsAfterRoundsStartsAgain() {
    try (ResidentRounds rounds = resident(table)) {
      for (int round = 0; round < ROUNDS; round++) {
        small.assertAgrees(expected, rounds, round);
        context.sc().cancelAllJobs();
      }
    }
  }

  @Test
  void anEvaluationWithAsManyTasksAsSlotsHasTheTasksLeave() {
    Slots slots = new Slots();
    JobEvaluator evaluator =
        new JobEvaluator(context, small.objective(), small.scores(), table, slots);
    try (ResidentRounds rounds = resident(table, slots)) {
      for (int round = 0; round < ROUNDS; round++) {
        small.assertAgrees(expected, rounds, round);
        assertEquals(SmallRounds.ROWS, evaluator.evaluate(small.theta()).rows());
      }
    }
  }

  @Test
  void withoutSlotsForAllRoundsGoOnAsJobs() {
    List<String> notes = new ArrayList<>();
    try (PackedTable wide = small.pack(SmallRounds.ROWS, 3, 1, 3);
        ResidentRounds rounds = small.resident(plan, wide, new Slots(), 1000, notes::add)) {
      small.assertAgrees(expected, rounds);
    }
    assertEquals(
        List.of(
            "3 resident tasks must run at once, however: for 1 s they could not; going on with a"
                + " job a round"),
        notes);
  }

  @Test
  void roundsAreResidentAgainWhenTheSlotsAreThere() throws Exception {
    List<String> notes = new ArrayList<>();
    JavaFutureAction<Void> other =
        context.parallelize(List.of(1), 1).foreachAsync(unused -> Thread.sleep(1500));
    soon(() -> context.statusTracker().getActiveJobIds().length == 1, "no job");
    try (ResidentRounds rounds = small.resident(plan, table, new Slots(), 500, notes::add)) {
      for (int round = 0; notes.size() < 2; round++) {
        small.assertAgrees(expected, rounds, round % ROUNDS);
      }
      small.assertAgrees(expected, rounds);
      assertEquals(1, context.statusTracker().getActiveJobIds().length);
    }
    other.get();
    assertTrue(notes.get(0).endsWith("going on with a job a round"), notes.toString());
    assertEquals("resident rounds again: there are slots for 2 tasks", notes.get(1));
  }

  @Test
  void anInterruptedCallerSendsTheTasksHome() throws InterruptedException {
    try (PackedTable wide = small.pack(SmallRounds.ROWS, 3, 1, 3);
        ResidentRounds rounds = resident(wide)) {
      List<Throwable> failures = new ArrayList<>();
      CountDownLatch end = new CountDownLatch(1);
      Thread caller =
          new Thread(
              () -> {
                failures.add(
                    assertThrows(
                        IllegalStateException.class, () -> rounds.gradient(small.theta(), 0)));
                assertTrue(Thread.interrupted(), "the thread stays interrupted");
                // The tasks of a thread that ends would leave anyway.
                assertDoesNotThrow(() -> end.await());
              },
              "caller");
      caller.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      caller.start();
      soon(() -> context.statusTracker().getActiveJobIds().length == 1, "no job");
      caller.interrupt();
      soon(() -> context.statusTracker().getActiveJobIds().length == 0, "the tasks stay");
      end.countDown();
      caller.join();
      assertEquals(1, failures.size());
      assertInstanceOf(InterruptedException.class, failures.get(0).getCause());
    }
  }

  @Test
  void tasksLeaveWhenTheirCallerIsGone() throws InterruptedException {
    ResidentRounds rounds = resident(table);
    Thread caller = new Thread(() -> rounds.gradient(small.theta(), 0), "caller");
    caller.start();
    caller.join();
    soon(() -> context.statusTracker().getActiveJobIds().length == 0, "the tasks wait for ever");
  }

  @Test
  void memoryStaysFlat() {
    int rounds = 1500;
    try (SmallRounds larger = new SmallRounds(List.of(200, 200));
        PackedTable packed = larger.pack(40, 2, 1, 2);
        ResidentRounds resident =
            larger.resident(
                SmallRounds.plan(packed, 4), packed, new Slots(), PATIENT, Assertions::fail)) {
      int bytes = 4 * larger.theta().length;
      assertTrue(bytes > 150_000);
      for (int round = 0; round < 100; round++) {
        resident.gradient(larger.theta(), round);
      }
      long before = usedHeap();
      for (int round = 100; round < rounds; round++) {
        resident.gradient(larger.theta(), round);
      }
      long grown = usedHeap() - before;
      assertTrue(grown < 100L * bytes, "grown by " + grown + " bytes");
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static List<Thread> nonDaemons() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon())
        .sorted((a, b) -> Long.compare(a.getId(), b.getId()))
        .toList();
  }

  private static void soon(BooleanSupplier holds, String otherwise) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, otherwise);
      Thread.onSpinWait();
    }
  }

  private PackedTable with(FlatMapFunction<Iterator<PackedBlock>, PackedBlock> trouble) {
    return new PackedTable(
        table.blocks().mapPartitions(trouble, true), table.shardRows(), table.placement());
  }

  /** Lets a partition through from its fourth attempt on. */
  private record FailThreeTimes() implements FlatMapFunction<Iterator<PackedBlock>, PackedBlock> {
    @Override
    public Iterator<PackedBlock> call(Iterator<PackedBlock> blocks) {
      if (TaskContext.get().attemptNumber() < 3) {
        throw new IllegalStateException("the first three attempts fail");
      }
      return blocks;
    }
  }

  /** Finds a row that breaks a rule. */
  private record RefuseAlways() implements FlatMapFunction<Iterator<PackedBlock>, PackedBlock> {
    @Override
    public Iterator<PackedBlock> call(Iterator<PackedBlock> blocks) {
      throw new InvalidInput("rows must be good, however: bad");
    }
  }

  /** Notes the tasks that start. */
  private static final class Jobs extends SparkListener {
    private final BlockingQueue<Long> tasks = new LinkedBlockingQueue<>();

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
      tasks.add(event.taskInfo().taskId());
    }
  }
}
