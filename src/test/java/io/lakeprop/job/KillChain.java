package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of the job by several drivers: each but the last is struck at a random moment, and the
 * next goes on, on a cluster of another size. After each the folder is looked at.
 */
final class KillChain {
  private static final Pattern STOPPED = Pattern.compile("stopped +after round ([0-9,]+)[,;]");

  /** From the last checkpoint to the end of the process, about. */
  private static final double END_SECONDS = 0.6;

  /** More than a checkpoint takes. */
  private static final double CHECKPOINT_SECONDS = 0.06;

  /** From the start of a process to its first round, as the last one has shown. */
  private static volatile double startSeconds = 5;

  private final CalmRun calm;
  private final FaultCount count;
  private final long seed;
  private final SplittableRandom random;
  private final Path folder;
  private final Aftermath aftermath;
  private long kept;

  /**
   * @param seed decides all points
   */
  KillChain(CalmRun calm, FaultCount count, long seed) throws IOException {
    this.calm = calm;
    this.count = count;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.folder = Files.createDirectory(calm.folder().resolve("chain" + seed));
    this.aftermath = new Aftermath(folder.resolve(CalmRun.OUTPUT), calm, count);
  }

  /**
   * Three to five points, then an end in peace.
   *
   * @param another whether there is to be another point
   * @param missed told of a point that came too late
   */
  void run(BooleanSupplier another, Runnable missed) throws Exception {
    int points = 3 + random.nextInt(3);
    for (int i = 0; i < points && another.getAsBoolean(); i++) {
      KillPoint point = KillPoint.draw(random, i == points - 1);
      try (DriverProcess driver = driver()) {
        if (!strike(driver, point)) {
          count.add("driver points missed", 1);
          missed.run();
        }
        told(point, i, driver, () -> check(driver, point));
      }
    }
    try (DriverProcess driver = driver()) {
      told(
          null,
          points,
          driver,
          () -> {
            assertEquals(0, driver.exitCode());
            aftermath.check();
            aftermath.checkEnd();
          });
    }
    count.add("driver runs", 1);
    count.tell("seed %d: the model, the log and the report of the calm run".formatted(seed));
  }

  private DriverProcess driver() throws IOException {
    String master = "local[%d]".formatted(1 + random.nextInt(3));
    String rounds = random.nextInt(3) == 0 ? "job" : "resident";
    count.add("driver processes", 1);
    return new DriverProcess(folder, calm.folder().resolve("job.yaml"), master, rounds);
  }

  /** Waits for the moment and strikes; false when the process has ended before. */
  private boolean strike(DriverProcess driver, KillPoint point) throws Exception {
    if (!arrive(driver, point)) {
      return false;
    }
    KillPoint.Phase phase =
        driver.hasTrained()
            ? KillPoint.Phase.END
            : driver.trains() ? KillPoint.Phase.ROUNDS : KillPoint.Phase.START;
    driver.kill(point.signal());
    int code = driver.exitCode();
    if (point.signal().equals("KILL") && code == 0) {
      return false;
    }
    count.add("driver SIG%s in %s".formatted(point.signal(), phase), 1);
    count.tell("seed %d: %s, exit code %d".formatted(seed, point, code));
    if (point.signal().equals("KILL") && aftermath.isTorn()) {
      count.add("of them inside a checkpoint", 1);
    }
    return true;
  }

  private boolean arrive(DriverProcess driver, KillPoint point) throws InterruptedException {
    if (point.phase() == KillPoint.Phase.START) {
      return driver.await(point.where() * startSeconds);
    }
    if (!driver.await(driver::trains)) {
      return false;
    }
    startSeconds = driver.seconds();
    if (point.phase() == KillPoint.Phase.END) {
      return driver.await(driver::hasTrained) && driver.await(point.where() * END_SECONDS);
    }
    // Half of what is left at most: those after it have something to do, too.
    long round = kept + (long) (point.where() * (CalmRun.ROUNDS - kept) / 2);
    return driver.await(() -> lastBegun() >= round)
        && driver.await(random.nextDouble() * CHECKPOINT_SECONDS);
  }

  private long lastBegun() {
    String[] names = folder.resolve(CalmRun.OUTPUT).resolve("checkpoints").toFile().list();
    long last = 0;
    for (String name : names == null ? new String[0] : names) {
      if (name.startsWith("round-")) {
        last = Math.max(last, Long.parseLong(name.substring("round-".length())));
      }
    }
    return last;
  }

  private void check(DriverProcess driver, KillPoint point) throws Exception {
    long before = kept;
    kept = aftermath.check();
    assertTrue(kept >= before, "round %d was kept, now %d".formatted(before, kept));
    int code = driver.exitCode();
    if (code != 0) {
      assertEquals(point.exitCode(), code);
    }
    Matcher stopped = STOPPED.matcher(driver.out());
    if (stopped.find()) {
      count.add("stopped with a checkpoint", 1);
      long round = Long.parseLong(stopped.group(1).replace(",", ""));
      assertEquals(round, kept, "a stop keeps its round");
      assertEquals(round, aftermath.lastRoundTold());
    }
  }

  /** Something that may fail, and may throw. */
  private interface Checks {
    void run() throws Exception;
  }

  /** Adds to a failure how it is made again. */
  private void told(KillPoint point, int number, DriverProcess driver, Checks checks) {
    try {
      checks.run();
    } catch (Exception | AssertionError e) {
      String what = point == null ? "the undisturbed end" : point.toString();
      throw new AssertionError(
          "-Dfaults.seed=%d repeats it: point %d, %s, in %s\n%s"
              .formatted(seed, number + 1, what, folder, driver.out()),
          e);
    }
  }
}
