package io.lakeprop.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.eval.Monitor;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.Warning;
import java.util.ArrayList;
import java.util.List;

/**
 * What the report counts over all rounds. Of rounds before a resumption it is counted again from
 * their lines.
 */
final class Tally {
  private final List<JsonNode> warnings = new ArrayList<>();
  private long rows;
  private long clippable;
  private long clipped;
  private double seconds;
  private final List<Double> scores = new ArrayList<>();
  private final String monitor;

  /**
   * @param decides the metric by which evaluations judge
   */
  Tally(Monitor decides) {
    monitor = decides.key();
  }

  /** Counts a line of an earlier process. */
  void add(JsonNode line) {
    if (line.has("validation")) {
      scores.add(line.path("validation").path(monitor).asDouble(Double.NaN));
    } else if (line.has("warning")) {
      warnings.add(line);
    } else if (line.has("rows")) {
      rows += line.path("rows").asLong();
      seconds += line.path("seconds").asDouble();
      if (line.has("clipped")) {
        clip(line.path("clipped").asBoolean());
      }
    }
  }

  void add(RoundReport report) {
    rows += report.rows();
    seconds += report.times().total() * 1e-9;
    report.clipped().ifPresent(this::clip);
  }

  private void clip(boolean bitten) {
    clippable++;
    clipped += bitten ? 1 : 0;
  }

  void add(EvaluationReport report) {
    scores.add(report.metrics().getOrDefault(monitor, Double.NaN));
  }

  /** Of the evaluations, by the metric that decides. */
  List<Double> scores() {
    return scores;
  }

  void add(Warning warning) {
    warnings.add(RunFolder.json(warning));
  }

  /** As files have them. */
  List<JsonNode> warnings() {
    return warnings;
  }

  /** Read by all rounds. */
  long rows() {
    return rows;
  }

  /** Of all rounds, without evaluations. */
  double seconds() {
    return seconds;
  }

  /** Share of the rounds in which clipping bit, of those in which it could; NaN of none. */
  double clipped() {
    return (double) clipped / clippable;
  }
}
