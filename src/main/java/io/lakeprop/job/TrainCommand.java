package io.lakeprop.job;

import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** {@code train JOB}: reads a job file and runs it. */
@CommandLine.Command(
    name = "train",
    description = "Trains the network of a job file and keeps the best model.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @CommandLine.Mixin private JobArguments arguments;

  @CommandLine.Option(
      names = "--overwrite",
      description = "replaces an earlier run in the output folder")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    Job job = arguments.job();
    Console console = Console.standard();
    try (SparkSession session = Sessions.open("train " + arguments.file())) {
      Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
      RunFolder.check(storage, job.output(), overwrite);
      new TrainRun(session, storage, job, console).run();
    }
    return 0;
  }
}
