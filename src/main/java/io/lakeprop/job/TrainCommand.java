package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** {@code train JOB}: reads a job file and runs it. */
@CommandLine.Command(
    name = "train",
    description = "Trains the network of a job file and keeps the best model.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @CommandLine.Parameters(index = "0", paramLabel = "JOB", description = "job file (YAML)")
  private String file;

  @CommandLine.Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "overrides a key of the job file, such as training.epochs=5")
  private List<String> overrides = new ArrayList<>();

  @CommandLine.Option(
      names = "--overwrite",
      description = "replaces an earlier run in the output folder")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    Job job = JobReader.read(JobTree.resolve(file, Text.read(file), overrides, System.getenv()));
    Console console = Console.standard();
    try (SparkSession session = Sessions.open("train " + file)) {
      Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
      RunFolder.check(storage, job.output(), overwrite);
      new TrainRun(session, storage, job, console).run();
    }
    return 0;
  }

  /** Reads a job file from the local disk. */
  private static final class Text {
    static String read(String file) throws IOException {
      java.nio.file.Path path = java.nio.file.Path.of(file);
      if (!java.nio.file.Files.isRegularFile(path)) {
        throw new InvalidInput("job file " + file + " must exist, however: there is no such file");
      }
      try {
        return java.nio.file.Files.readString(path);
      } catch (java.nio.charset.CharacterCodingException e) {
        throw new InvalidInput("job file " + file + " must be UTF-8 text, however: it is not", e);
      }
    }
  }
}
