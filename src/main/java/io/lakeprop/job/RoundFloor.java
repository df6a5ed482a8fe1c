package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.SyntheticTable;
import io.lakeprop.nn.Kernel;
import io.lakeprop.spark.RoundsChoice;
import io.lakeprop.spark.SyntheticData;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.RoundTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What a round costs without its arithmetic: a row a slice, one linear layer of so many parameters,
 * beside a Spark job that does nothing.
 */
final class RoundFloor {
  private static final int[] WIDTHS = {100, 316, 1000, 3162};
  private static final int[] SLICES = {2, 16, 64};
  private static final int EMPTY_JOBS = 100;
  private static final double LONGEST_SECONDS = 3;

  private final SparkSession session;
  private final Console console;
  private final double seconds;

  RoundFloor(SparkSession session, Console console, double seconds) {
    this.session = session;
    this.console = console;
    this.seconds = Math.min(seconds, LONGEST_SECONDS);
  }

  ObjectNode run() {
    ObjectNode report = new ObjectMapper().createObjectNode();
    report.put("master", session.sparkContext().master());
    ArrayNode rows = report.putArray("round_floor_ms");
    console.line(
        "floor", "median ms beyond the arithmetic (p90), the sum added on the driver included");
    for (int width : WIDTHS) {
      for (int slices : SLICES) {
        measure(width, slices, rows.addObject());
      }
    }
    return report;
  }

  private void measure(int width, int slices, ObjectNode report) {
    SyntheticTable table = new SyntheticTable(width, width, Bench.SEED);
    Objective objective =
        new Bench(List.of(width, width)).objective(1, Kernel.choose(Optional.empty()).kernel());
    try (SyntheticData data = SyntheticData.pack(session, table, slices, slices)) {
      RoundPlan plan = data.plan(Bench.SEED, slices);
      int parameters = objective.network().layout().size();
      Quantiles empty = emptyJobs(data);
      report.put("parameters", parameters).put("slices", slices).put("empty_job", empty.median());
      StringBuilder line = new StringBuilder();
      for (RoundsChoice.Wish wish : List.of(RoundsChoice.Wish.JOB, RoundsChoice.Wish.RESIDENT)) {
        String name = Section.name(wish);
        try {
          RoundsChoice choice = data.choose(wish, objective, Bench.VECTORS);
          try (RoundRunner runner = data.rounds(choice, objective, plan, console::note)) {
            Quantiles overhead =
                Quantiles.millis(
                    Bench.run(objective, plan, runner, seconds).times(), RoundTimes::overhead);
            report.put(name, overhead.median());
            line.append(
                String.format(
                    Locale.ROOT, ", %s %.2f (%.2f)", name, overhead.median(), overhead.p90()));
          }
        } catch (InvalidInput e) {
          line.append(", ").append(name).append(" refused: ").append(e.getMessage());
        }
      }
      console.line(
          "floor",
          "%,11d parameters, %2d slices on %d tasks: empty job %.2f (%.2f)%s",
          parameters,
          slices,
          data.tasks(),
          empty.median(),
          empty.p90(),
          line);
    }
  }

  private static Quantiles emptyJobs(SyntheticData data) {
    List<Long> nanos = new ArrayList<>();
    for (int i = -EMPTY_JOBS; i < EMPTY_JOBS; i++) {
      long started = System.nanoTime();
      data.emptyJob();
      if (i >= 0) {
        nanos.add(System.nanoTime() - started);
      }
    }
    return Quantiles.millis(nanos, Long::longValue);
  }
}
