package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Which adapters may run the rounds, and in words why. Only limits are decided here, before the
 * start; where more than one may, the first rounds show which is faster ({@link FastestRounds}).
 */
public final class RoundsChoice {
  /** What the job file asks for. */
  public enum Wish {
    /** Whatever is possible and fastest. */
    AUTO,
    /** Resident where it is possible. */
    RESIDENT,
    /** A Spark job a round. */
    JOB
  }

  /**
   * What the choice depends on.
   *
   * @param plugin whether the context was started with {@link LakepropPlugin}
   * @param processes whether executors are processes of their own
   * @param comeAndGo whether executors do, by dynamic allocation
   * @param slots tasks that can run at once
   * @param largestMessage bytes that {@code spark.rpc.message.maxSize} allows
   * @param largestResults bytes that {@code spark.driver.maxResultSize} allows a job
   * @param heap bytes that the driver's heap can grow to
   */
  record Cluster(
      boolean plugin,
      boolean processes,
      boolean comeAndGo,
      int slots,
      long largestMessage,
      long largestResults,
      long heap) {
    private static final int MEGABYTES_A_MESSAGE = 128;

    static Cluster of(JavaSparkContext context) {
      SparkConf conf = context.getConf();
      boolean processes = !context.isLocal();
      return new Cluster(
          LakepropPlugin.onDriver(),
          processes,
          processes && conf.getBoolean("spark.dynamicAllocation.enabled", false),
          Slots.of(context),
          (long) conf.getInt("spark.rpc.message.maxSize", MEGABYTES_A_MESSAGE) << 20,
          resultLimit(conf),
          Runtime.getRuntime().maxMemory());
    }
  }

  /** Bytes of results that {@code spark.driver.maxResultSize} allows a job. */
  static long resultLimit(SparkConf conf) {
    long bytes = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }

  /** What a message carries besides its numbers, and then some. */
  private static final long ENVELOPE_BYTES = 1 << 20;

  private final boolean resident;
  private final boolean trial;
  private final List<FanIn> ways;
  private final String words;
  private final RoundLoad load;

  private RoundsChoice(
      boolean resident, boolean trial, List<FanIn> ways, String words, RoundLoad load) {
    this.resident = resident;
    this.trial = trial;
    this.ways = List.copyOf(ways);
    this.words = words;
    this.load = load;
  }

  /** As the {@code rounds} line of a run says it. */
  public String words() {
    return words;
  }

  /** What each round moves. */
  public RoundLoad load() {
    return load;
  }

  /** Whether rounds begin as resident ones. */
  boolean resident() {
    return resident;
  }

  /** Whether the first rounds try resident rounds against job rounds. */
  boolean trial() {
    return trial;
  }

  /** How job rounds may add up, the plainest first; none when only resident rounds are possible. */
  List<FanIn> ways() {
    return ways;
  }

  /**
   * Chooses.
   *
   * @throws InvalidInput when the driver cannot take in the rounds in any way
   */
  static RoundsChoice of(Wish wish, Cluster cluster, RoundLoad load) {
    List<FanIn> ways = new ArrayList<>(FanIn.of(load.tasks()));
    Optional<String> tooMuch = misfit(cluster, load, FanIn.DIRECT);
    ways.removeIf(way -> misfit(cluster, load, way).isPresent());
    if (tooMuch.isEmpty()) {
      ways.retainAll(FanIn.worthTrying(load.tasks()));
    }
    Optional<String> notResident =
        wish == Wish.JOB ? Optional.of("") : impossible(wish, cluster, load);
    if (notResident.isEmpty()) {
      boolean trial = wish == Wish.AUTO && cluster.processes();
      return new RoundsChoice(true, trial, ways, "resident rounds", load);
    }
    if (ways.isEmpty()) {
      List<FanIn> all = FanIn.of(load.tasks());
      throw new InvalidInput(misfit(cluster, load, all.get(all.size() - 1)).orElseThrow());
    }
    String words = ways.get(0).words() + tooMuch.map(reason -> ", " + reason).orElse("");
    if (!notResident.get().isEmpty() && !notResident.equals(tooMuch)) {
      words += (tooMuch.isPresent() ? "; " : ": ") + notResident.get();
    }
    return new RoundsChoice(false, false, ways, words, load);
  }

  private static Optional<String> impossible(Wish wish, Cluster cluster, RoundLoad load) {
    if (!cluster.plugin()) {
      return Optional.of(
          "spark.plugins must name %s, however: it was not started"
              .formatted(LakepropPlugin.class.getName()));
    }
    if (cluster.slots() < load.tasks()) {
      return Optional.of(
          "%d tasks must run at once, however: slots=%d".formatted(load.tasks(), cluster.slots()));
    }
    if (load.largestMessage() + ENVELOPE_BYTES > cluster.largestMessage()) {
      return Optional.of(
          "a task's sums must fit spark.rpc.message.maxSize=%dm, however: %s"
              .formatted(cluster.largestMessage() >> 20, megabytes(load.largestMessage())));
    }
    if (wish == Wish.AUTO && cluster.comeAndGo()) {
      return Optional.of(
          "executors must stay, however: spark.dynamicAllocation.enabled=true"
              + " (compute.rounds: resident tries)");
    }
    return overflow(cluster, load, FanIn.DIRECT);
  }

  /** Why the driver cannot take in job rounds in this way. */
  private static Optional<String> misfit(Cluster cluster, RoundLoad load, FanIn way) {
    long results = load.results(way);
    if (results > cluster.largestResults()) {
      return Optional.of(
          "a round's results must fit spark.driver.maxResultSize=%s, however: %s of %,d parameters"
              .formatted(
                  megabytes(cluster.largestResults()), megabytes(results), load.parameters()));
    }
    return overflow(cluster, load, way);
  }

  /** Why the driver's heap cannot hold rounds whose sums arrive in this way. */
  private static Optional<String> overflow(Cluster cluster, RoundLoad load, FanIn way) {
    long bytes = load.vectorsAtOnce(way) * load.theta();
    return bytes <= cluster.heap()
        ? Optional.empty()
        : Optional.of(
            "the driver's heap must hold %d vectors of %,d parameters, %s, however: spark.driver.memory gives it %s"
                .formatted(
                    load.vectorsAtOnce(way),
                    load.parameters(),
                    megabytes(bytes),
                    megabytes(cluster.heap())));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 0x1.0p20);
  }
}
