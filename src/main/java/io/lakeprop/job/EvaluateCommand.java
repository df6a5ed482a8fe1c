package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.eval.MetricSum;
import java.io.IOException;
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
    try (Scoring scoring = Scoring.open("evaluate", folder)) {
      Optional<JsonReport> file =
          json.map(path -> new JsonReport(scoring.storage(), path, Set.of("rows", "metrics")));
      Scoring.Table rows = scoring.table(table, false);
      MetricSum sum = scoring.scorer().evaluate(rows.rows(), weight, rows.name());
      System.out.printf("rows %,d%n", sum.rows());
      sum.metrics().forEach((key, value) -> System.out.printf("%s %s%n", key, value));
      if (file.isPresent()) {
        ObjectNode report = new ObjectMapper().createObjectNode().put("rows", sum.rows());
        RunFolder.put(report.putObject("metrics"), sum.metrics());
        file.get().write(report);
      }
    }
    return 0;
  }
}
