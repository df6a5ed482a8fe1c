package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.TableSpec;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.LakeTable;
import io.lakeprop.spark.SparkScorer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
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
    TableSpec spec = table.spec();
    try (SparkSession session = Sessions.open("evaluate " + folder)) {
      Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
      Model model = ModelFiles.read(storage, folder);
      JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
      try (SparkScorer scorer = new SparkScorer(context, model)) {
        MetricSum sum = scorer.evaluate(LakeTable.open(session, spec), weight, spec.describe());
        System.out.printf("rows %,d%n", sum.rows());
        sum.metrics().forEach((key, value) -> System.out.printf("%s %s%n", key, value));
        if (json.isPresent()) {
          ObjectNode report = new ObjectMapper().createObjectNode().put("rows", sum.rows());
          RunFolder.put(report.putObject("metrics"), sum.metrics());
          storage.write(
              json.get(), (report.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return 0;
  }
}
