package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.HeadsSum;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.Model;
import io.lakeprop.spark.Faults;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.TrainerState;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** report.json: how good the model is, what it was made of, and how long it took. */
final class RunReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT_VERSION = 1;

  private RunReport() {}

  /**
   * Seconds of a run's parts.
   *
   * @param train of the rounds of all processes
   */
  record Times(double prepare, double train, double evaluate) {}

  static ObjectNode json(
      SparkSession session,
      TrainingData data,
      Model model,
      TrainerState state,
      Map<Split, MetricSum> sums,
      Times times,
      Tally tally,
      Ended ended,
      Faults faults) {
    ObjectNode report = JSON.createObjectNode();
    report.put("format_version", FORMAT_VERSION).put("finished", Instant.now().toString());
    ObjectNode metrics = report.putObject("metrics");
    ObjectNode undefined = report.putObject("undefined");
    ObjectNode rows = JSON.createObjectNode();
    sums.forEach(
        (split, sum) -> {
          RunFolder.put(metrics.putObject(name(split)), sum.metrics(), sum.reasons());
          ObjectNode reasons = undefined.putObject(name(split));
          sum.reasons().forEach(reasons::put);
          rows.put(name(split), sum.rows());
        });
    confusion(report, data.labels(), sums);
    report.set("rows", rows);
    FindingsJson.write(report.putObject("data"), data.findings());
    report.put("rows_read", tally.rows()).put("rounds", state.round());
    report.put("rounds_per_epoch", data.plan().roundsPerEpoch());
    if (!Double.isNaN(tally.clipped())) {
      report.put("clipped", tally.clipped());
    }
    report.put("non_finite_rounds", state.leftOut());
    report.putArray("warnings").addAll(tally.warnings());
    report
        .putObject("faults")
        .put("executors_lost", faults.executorsLost())
        .put("tasks_failed", faults.tasksFailed())
        .put("stages_rerun", faults.stagesRerun())
        .put("speculative_tasks", faults.speculativeTasks());
    ended.write(report);
    report.put("parameters", model.theta().length);
    report.put("seconds", times.prepare() + times.train() + times.evaluate());
    report
        .putObject("phases")
        .put("prepare", times.prepare())
        .put("train", times.train())
        .put("evaluate", times.evaluate());
    report.put("rows_per_second", tally.rows() / times.train());
    provenance(report.putObject("provenance"), session, data, model);
    return report;
  }

  private static void provenance(
      ObjectNode json, SparkSession session, TrainingData data, Model model) {
    json.put("lakeprop", model.provenance().lakeprop())
        .put("spark", session.version())
        .put("java", Runtime.version().toString())
        .put("master", session.sparkContext().master())
        .put("seed", model.provenance().seed())
        .put("kernel", model.provenance().kernel())
        .put("batch", data.batching().batch())
        .put("accumulate", data.batching().accumulate())
        .put("slices", data.batching().slices())
        .put("groups", data.batching().groups())
        .put("training_fingerprint", model.provenance().trainingFingerprint());
  }

  /** Of the only label, or of each by its name; nothing of numbers. */
  private static void confusion(
      ObjectNode report, List<LabelEncoder> labels, Map<Split, MetricSum> sums) {
    ObjectNode byLabel = JSON.createObjectNode();
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i) instanceof LabelEncoder.Classes classes) {
        Map<Split, MetricSum> own = new EnumMap<>(Split.class);
        int label = i;
        sums.forEach(
            (split, sum) -> own.put(split, sum instanceof HeadsSum all ? all.sum(label) : sum));
        confusion(byLabel.putObject(classes.name()), classes, own);
      }
    }
    if (!byLabel.isEmpty()) {
      report.set("confusion", labels.size() == 1 ? byLabel.get(labels.get(0).name()) : byLabel);
    }
  }

  private static void confusion(
      ObjectNode json, LabelEncoder.Classes classes, Map<Split, MetricSum> sums) {
    ArrayNode names = json.putArray("classes");
    classes.values().forEach(names::add);
    sums.forEach(
        (split, sum) -> {
          ArrayNode matrix = json.putArray(name(split));
          for (double[] line : ((ClassificationSum) sum).confusion()) {
            ArrayNode row = matrix.addArray();
            for (double weight : line) {
              row.add(weight);
            }
          }
        });
  }

  /** The name that files and lines have for a split. */
  static String name(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }
}
