package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.data.SyntheticTable;
import io.lakeprop.nn.Kernel;
import io.lakeprop.spark.RoundsChoice;
import io.lakeprop.spark.SyntheticData;
import io.lakeprop.train.Batching;
import io.lakeprop.train.LocalRounds;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.RoundTimes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** {@code bench}: how fast this Spark trains, against what the machine could do. */
@CommandLine.Command(
    name = "bench",
    description =
        "Measures training on random rows (a perceptron with relu, softmax cross-entropy, Adam),"
            + " and large products of matrices in the same process.",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  /** Who runs the rounds. */
  enum Rounds {
    AUTO,
    JOB,
    RESIDENT,
    LOCAL
  }

  /** What multiplies; {@code AUTO} for the fastest. */
  enum KernelWish {
    AUTO,
    OPENBLAS,
    SYSTEM,
    VECTOR,
    EJML;

    Optional<Kernel> kernel() {
      return this == AUTO ? Optional.empty() : Optional.of(Kernel.valueOf(name()));
    }
  }

  /** Of the object that {@code --json} is written with, in either way to measure. */
  private static final Set<String> KEYS =
      Set.of(
          "rows_per_second",
          "gflops",
          "sgemm_peak_gflops",
          "fraction_of_peak",
          "round_ms",
          "round_ms_p90",
          "driver_heap_mb",
          "measured_rounds",
          "parameters",
          "kernel",
          "rounds",
          "tasks",
          "layers",
          "batch",
          "piece",
          "slices",
          "master",
          "round_floor_ms");

  /** Options that say which rounds are measured. */
  private static final List<String> OF_ROUNDS =
      List.of("--layers", "--batch", "--rows", "--slices", "--piece", "--rounds", "--kernel");

  private static final Map<String, ToLongFunction<RoundTimes>> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put("total", RoundTimes::total);
    PARTS.put("compute", RoundTimes::compute);
    PARTS.put("overhead", RoundTimes::overhead);
    PARTS.put("waiting", RoundTimes::waiting);
    PARTS.put("aggregate", RoundTimes::aggregate);
    PARTS.put("optimizer", RoundTimes::optimizer);
    PARTS.put("broadcast", RoundTimes::broadcast);
  }

  @CommandLine.Option(
      names = "--layers",
      split = ",",
      defaultValue = "54,256,256,7",
      description = "widths, inputs first and classes last (default: ${DEFAULT-VALUE})")
  private List<Integer> layers;

  @CommandLine.Option(
      names = "--batch",
      defaultValue = "8192",
      description = "rows of a round (default: ${DEFAULT-VALUE})")
  private int batch;

  @CommandLine.Option(
      names = "--rows",
      defaultValue = "65536",
      description = "rows of the table (default: ${DEFAULT-VALUE})")
  private int rows;

  @CommandLine.Option(
      names = "--slices",
      description = "parts of a round (default: about 512 rows each, as in a job)")
  private Integer slices;

  @CommandLine.Option(
      names = "--piece",
      defaultValue = "" + JobReader.PIECE,
      description = "rows of one forward and backward pass (default: ${DEFAULT-VALUE})")
  private int piece;

  @CommandLine.Option(
      names = "--rounds",
      defaultValue = "auto",
      description = "auto, job, resident, or local: one thread without Spark (default: auto)")
  private Rounds rounds;

  @CommandLine.Option(
      names = "--kernel",
      defaultValue = "auto",
      description = "auto, openblas, system, vector or ejml (default: auto)")
  private KernelWish kernel;

  @CommandLine.Option(
      names = "--seconds",
      defaultValue = "10",
      description = "of measured rounds, after a warm-up (default: ${DEFAULT-VALUE})")
  private double seconds;

  @CommandLine.Option(names = "--json", description = "file that the figures are written to")
  private Optional<String> json = Optional.empty();

  @CommandLine.Option(
      names = "--round-floor",
      description = "measures rounds with next to no arithmetic instead, beside an empty Spark job")
  private boolean roundFloor;

  @CommandLine.Spec private CommandLine.Model.CommandSpec command;

  /** What would have no effect must not be there. */
  private void checkRoundFloor() {
    CommandLine.ParseResult given = command.commandLine().getParseResult();
    List<String> others = OF_ROUNDS.stream().filter(given::hasMatchedOption).toList();
    if (roundFloor && !others.isEmpty()) {
      throw new InvalidInput(
          "--round-floor has rounds of its own and must stand without options of others, however: "
              + JobReader.there(others));
    }
  }

  @Override
  public Integer call() throws IOException {
    checkRoundFloor();
    Bench bench = new Bench(layers);
    if (batch < 1 || rows < batch || piece < 1) {
      throw new InvalidInput(
          "--batch must be from 1 to --rows, and --piece at least 1, however: batch=%d rows=%d piece=%d"
              .formatted(batch, rows, piece));
    }
    Optional<JsonReport> file =
        json.map(path -> new JsonReport(Places.local(), path, "bench", KEYS));
    Console console = Console.standard();
    try (SparkSession session = Sessions.open("bench", Secrets.ofSpark())) {
      ObjectNode report =
          roundFloor
              ? new RoundFloor(session, console, seconds).run()
              : run(bench, session, console);
      if (file.isPresent()) {
        file.get().write(report);
        console.line("written", "%s", json.get());
      }
    }
    return 0;
  }

  private ObjectNode run(Bench bench, SparkSession session, Console console) {
    Kernel.Choice choice = Kernel.choose(kernel.kernel());
    Objective objective = bench.objective(piece, choice.kernel());
    int parts =
        Batching.of(
                OptionalInt.of(batch),
                1,
                slices == null ? OptionalInt.empty() : OptionalInt.of(slices),
                rows,
                Float.BYTES * bench.inputs())
            .slices();
    SyntheticTable table = new SyntheticTable(bench.inputs(), bench.classes(), Bench.SEED);
    console.line("kernel", "%s", choice.words());
    if (rounds == Rounds.LOCAL) {
      int[] shardRows = SyntheticData.shardRows(rows, parts);
      RoundPlan plan = new RoundPlan(Bench.SEED, batch, parts, shardRows);
      List<PackedBlock> blocks = new ArrayList<>();
      for (int shard = 0; shard < parts; shard++) {
        blocks.add(table.block(shard, shardRows[shard]));
      }
      RoundRunner runner = new LocalRounds(objective, plan, blocks);
      return measure(console, bench, objective, plan, runner, 1, "local", choice.name());
    }
    try (SyntheticData data = SyntheticData.pack(session, table, rows, parts)) {
      RoundPlan plan = data.plan(Bench.SEED, batch);
      RoundsChoice way =
          data.choose(RoundsChoice.Wish.valueOf(rounds.name()), objective, Bench.VECTORS);
      try (RoundRunner runner = data.rounds(way, objective, plan, console::note)) {
        return measure(
            console, bench, objective, plan, runner, data.tasks(), way.words(), choice.name());
      }
    }
  }

  private ObjectNode measure(
      Console console,
      Bench bench,
      Objective objective,
      RoundPlan plan,
      RoundRunner runner,
      int threads,
      String way,
      String kernelName) {
    console.line(
        "rounds", "%,d rows in %d slices on %d tasks, %s", batch, plan.slices(), threads, way);
    double peak = SgemmPeak.gflops(threads);
    Bench.Measured measured = Bench.run(objective, plan, runner, seconds);
    runner.close();
    // Clocks and neighbours change: the better of before and after.
    peak = Math.max(peak, SgemmPeak.gflops(threads));
    double gflops = measured.rowsPerSecond() * objective.plan().trainingFlops() * 1e-9;
    int parameters = objective.network().layout().size();
    console.line(
        "speed",
        "%,.0f rows/s, %.1f GFLOP/s, %.3f of the %.1f GFLOP/s of large products; %,d parameters",
        measured.rowsPerSecond(),
        gflops,
        gflops / peak,
        peak,
        parameters);
    ObjectNode report = new ObjectMapper().createObjectNode();
    report.put("rows_per_second", measured.rowsPerSecond()).put("gflops", gflops);
    report.put("sgemm_peak_gflops", peak).put("fraction_of_peak", gflops / peak);
    ObjectNode medians = report.putObject("round_ms");
    ObjectNode deciles = report.putObject("round_ms_p90");
    StringBuilder line = new StringBuilder();
    PARTS.forEach(
        (name, part) -> {
          Quantiles millis = Quantiles.millis(measured.times(), part);
          medians.put(name, millis.median());
          deciles.put(name, millis.p90());
          line.append(
              String.format(Locale.ROOT, "  %s %.2f (%.2f)", name, millis.median(), millis.p90()));
        });
    console.line("round ms", "median (p90):%s", line);
    console.line(
        "driver",
        "%.1f MB of heap in use before, %.1f MB after %,d rounds",
        measured.heapBefore() * 1e-6,
        measured.heapAfter() * 1e-6,
        measured.times().size());
    report
        .putObject("driver_heap_mb")
        .put("before", measured.heapBefore() * 1e-6)
        .put("after", measured.heapAfter() * 1e-6);
    report.put("measured_rounds", measured.times().size()).put("parameters", parameters);
    report.put("kernel", kernelName).put("rounds", way).put("tasks", threads);
    bench.layers().forEach(report.putArray("layers")::add);
    report.put("batch", batch).put("piece", piece);
    report.put("slices", plan.slices());
    return report;
  }
}
