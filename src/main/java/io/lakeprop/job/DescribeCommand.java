package io.lakeprop.job;

import io.lakeprop.data.Feature;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;

/** {@code describe}: what is in a saved model; starts no Spark session. */
@CommandLine.Command(
    name = "describe",
    description = "Prints what a saved model takes, gives and holds.",
    mixinStandardHelpOptions = true)
final class DescribeCommand implements Callable<Integer> {
  @CommandLine.Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "a run's folder or its model folder")
  private String folder;

  @Override
  public Integer call() throws IOException {
    Storage storage =
        folder.contains("://") ? new HadoopStorage(new Configuration()) : new LocalStorage();
    Model model = ModelFiles.read(storage, folder);
    for (LabelEncoder label : model.labels()) {
      System.out.printf(
          "label      %s%n",
          label instanceof LabelEncoder.Classes classes
              ? classes.name() + ", classes " + classes.values()
              : label.name() + ", a number");
    }
    for (Feature feature : model.encoder().features()) {
      System.out.printf("feature    %s%n", line(feature));
    }
    for (ParameterLayout.Placed placed : model.network().layout().slots()) {
      System.out.printf(
          "parameters %-28s %6d x %-6d%n",
          placed.name(), placed.slot().rows(), placed.slot().columns());
    }
    System.out.printf("in all     %,d parameters%n", model.theta().length);
    System.out.printf("from       %s%n", model.provenance());
    return 0;
  }

  private static String line(Feature feature) {
    if (feature instanceof Feature.Categorical categorical) {
      return "%s: %d values, %s"
          .formatted(
              categorical.name(),
              categorical.values().size(),
              categorical.width() == 0 ? "one-hot" : "embedding of " + categorical.width());
    }
    return "%s: %d numbers".formatted(feature.name(), feature.numbers());
  }
}
