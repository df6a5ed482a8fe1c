package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.optim.Decline;
import io.lakeprop.optim.Schedule;
import io.lakeprop.train.Averaging;
import io.lakeprop.train.Diverged;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.Keeper;
import io.lakeprop.train.RateSweep;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.TrainerState;
import io.lakeprop.train.TrainingListener;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** {@code find-rate JOB}: which learning rates lower the job's loss. */
@CommandLine.Command(
    name = "find-rate",
    description =
        "Tries learning rates on the network of a job file, prints the loss at each and suggests"
            + " one. Leaves no run.",
    mixinStandardHelpOptions = true)
final class FindRateCommand implements Callable<Integer> {
  /** Of the object that {@code --json} is written with. */
  private static final Set<String> KEYS = Set.of("suggestion", "lowest", "curve");

  @CommandLine.Mixin private JobArguments arguments;

  @CommandLine.Option(
      names = "--from",
      defaultValue = "1e-6",
      description = "the first optimizer.learning_rate (default: ${DEFAULT-VALUE})")
  private double from;

  @CommandLine.Option(
      names = "--to",
      defaultValue = "10",
      description = "the last optimizer.learning_rate (default: ${DEFAULT-VALUE})")
  private double to;

  @CommandLine.Option(
      names = "--rounds",
      defaultValue = "100",
      description = "rounds, each at a rate of its own (default: ${DEFAULT-VALUE})")
  private int rounds;

  @CommandLine.Option(names = "--json", description = "file that the curve is written to")
  private Optional<String> json = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (!(from > 0 && from < to && Double.isFinite(to)) || rounds < 10) {
      throw new InvalidInput(
          "--from must be above 0 and below --to, and --rounds at least 10, however: from=%s to=%s rounds=%d"
              .formatted(from, to, rounds));
    }
    Optional<JsonReport> report =
        json.map(path -> new JsonReport(Places.local(), path, "find-rate", KEYS));
    Job job = arguments.job();
    if (job.optimizer().searches()) {
      throw new InvalidInput(
          "find-rate must have an optimizer that takes its rate from a schedule, however: lbfgs"
              + " searches for each step");
    }
    Console console = Console.standard();
    RateSweep sweep = new RateSweep();
    try (SparkSession session = arguments.session("find-rate")) {
      if (report.isPresent()) {
        new TablesApart(report.get().place()).check(session, job.data());
      }
      try (PreparedJob prepared = PreparedJob.of(session, job, console)) {
        prepared.describe(console);
        sweep(prepared, console, sweep);
      }
    }
    RateCurveText.print(sweep, console);
    if (report.isPresent()) {
      report.get().write(json(sweep));
      console.line("written", "%s", json.get());
    }
    return 0;
  }

  /**
   * A round at each rate, until the loss has risen far. All rates that a person meets are those of
   * the job file, which steps multiply where {@code optimizer.rate_scaling} says so.
   */
  private void sweep(PreparedJob prepared, Console console, RateSweep sweep) {
    int rows = prepared.data().batching().rowsOfRound();
    double scale = prepared.job().optimizer().rate().factor(rows);
    Schedule rising = new Decline.Exponential(scale * from, rounds - 1, to / from);
    TrainerState state = new TrainerState(prepared.theta());
    Last last = new Last();
    console.step("%d rounds at rates from %s to %s".formatted(rounds, from, to));
    try (RoundRunner runner =
        prepared.data().rounds(prepared.choice(), prepared.objective(), console)) {
      // Some rows weigh something, and an epoch reads them all.
      long most = rounds * prepared.data().plan().roundsPerEpoch();
      int tried = 0;
      boolean goesOn = true;
      while (goesOn && tried < rounds && state.round() < most) {
        prepared
            .trainer(
                runner,
                rising,
                state.round() + 1,
                Optional.empty(),
                new Averaging.None(),
                last,
                Keeper.NONE)
            .run(state);
        if (!last.weighsNothing()) {
          tried++;
          goesOn = sweep.add(last.report.learningRate() / scale, last.report.loss());
        }
      }
    } catch (Diverged e) {
      console.note(e.getMessage());
    }
  }

  private static ObjectNode json(RateSweep sweep) {
    ObjectNode report = new ObjectMapper().createObjectNode();
    sweep.suggestion().ifPresent(rate -> report.put("suggestion", rate));
    sweep.lowest().ifPresent(rate -> report.put("lowest", rate));
    ArrayNode curve = report.putArray("curve");
    for (RateSweep.Point point : sweep.points()) {
      curve
          .addObject()
          .put("rate", point.rate())
          .put("loss", point.loss())
          .put("smoothed", point.smoothed());
    }
    return report;
  }

  /** Keeps the last round's report. */
  private static final class Last implements TrainingListener {
    private RoundReport report;

    /** Whether all rows of the round weigh 0: it has no loss and makes no step. */
    boolean weighsNothing() {
      return Double.isNaN(report.loss()) && report.setback().isEmpty();
    }

    @Override
    public void round(RoundReport now) {
      report = now;
    }

    @Override
    public void evaluation(EvaluationReport now) {
      // There is none.
    }
  }
}
