package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.ShellWord;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.Model;
import io.lakeprop.spark.Failures;
import io.lakeprop.spark.SparkScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code evaluate}: metrics of a saved model on a table that has the label. */
@CommandLine.Command(
    name = "evaluate",
    description = "Prints the metrics of a saved model on a table with labels.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  /** Of the object that {@code --json} is written with. */
  private static final Set<String> KEYS =
      Set.of("rows", "rows_without_label", "rows_of_rare_classes", "metrics", "undefined");

  @CommandLine.Option(
      names = "--model",
      required = true,
      description = "a run's folder or its model folder")
  private String folder;

  @CommandLine.Mixin private TableArguments table;

  @CommandLine.Option(names = "--weight", description = "column of row weights")
  private Optional<String> weight = Optional.empty();

  @CommandLine.Option(names = "--json", description = "also writes the metrics to this file")
  private Optional<String> json = Optional.empty();

  @Override
  public Integer call() throws IOException {
    try (Scoring scoring = Scoring.open("evaluate", folder, table.secrets())) {
      Optional<JsonReport> file =
          json.map(
              path ->
                  new JsonReport(
                      scoring.session().sparkContext().hadoopConfiguration(),
                      path,
                      "evaluate",
                      KEYS));
      Scoring.Table rows =
          scoring.table(table, judgedBy(scoring.model()), false, file.map(JsonReport::place));
      if (weight.isEmpty()) {
        scoring.model().table().weight().ifPresent(EvaluateCommand::tellWeight);
      }
      SparkScorer.Evaluation evaluation =
          ScoringProgress.over(
              scoring,
              "evaluating",
              () ->
                  Failures.naming(
                      rows.spec(),
                      () -> scoring.scorer().evaluate(rows.rows(), weight, rows.name())));
      scoring.scorer().notes(rows.name()).forEach(Console.standard()::note);
      MetricSum sum = evaluation.sum().checked("table's");
      System.out.printf("rows %,d%n", sum.rows());
      leftOut(evaluation.withoutLabel(), "without a label");
      leftOut(evaluation.ofRareClasses(), "of classes that were rare in training");
      sum.metrics().forEach((key, value) -> System.out.printf("%s %s%n", key, value));
      sum.undefined()
          .forEach((key, reason) -> System.out.printf("%s is not defined: %s%n", key, reason));
      if (file.isPresent()) {
        ObjectNode report = new ObjectMapper().createObjectNode().put("rows", sum.rows());
        report.put("rows_without_label", evaluation.withoutLabel());
        report.put("rows_of_rare_classes", evaluation.ofRareClasses());
        RunFolder.put(report.putObject("metrics"), sum.metrics(), sum.reasons());
        ObjectNode undefined = report.putObject("undefined");
        sum.reasons().forEach(undefined::put);
        file.get().write(report);
      }
    }
    return 0;
  }

  private static void tellWeight(String column) {
    Console.standard()
        .note(
            "rows count alike here; training weighed them by column %s (--weight %s does so)"
                .formatted(column, ShellWord.of(column)));
  }

  /** Columns that evaluation reads beside the features. */
  private List<String> judgedBy(Model model) {
    List<String> columns = new ArrayList<>(weight.stream().toList());
    model.labels().forEach(label -> columns.add(label.name()));
    return columns;
  }

  private static void leftOut(long rows, String which) {
    if (rows > 0) {
      System.out.printf("left out, as in training: %,d rows %s%n", rows, which);
    }
  }
}
