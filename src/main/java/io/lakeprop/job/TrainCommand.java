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

  @CommandLine.ArgGroup private Earlier earlier = new Earlier();

  /** What to do with an earlier run; one of them. */
  private static final class Earlier {
    @CommandLine.Option(
        names = "--overwrite",
        description =
            "replaces an earlier run in the output folder; before the first round, once job and"
                + " tables have been checked, it deletes that run with its model")
    private boolean overwrite;

    @CommandLine.Option(
        names = "--resume",
        description =
            "goes on from the last checkpoint of an earlier run of the same job; from the start"
                + " where there is none")
    private boolean resume;

    @CommandLine.Option(
        names = "--extend",
        description = "as --resume, with other training.epochs, rounds or patience")
    private boolean extend;

    RunFolder.Earlier action() {
      if (overwrite) {
        return RunFolder.Earlier.REPLACE;
      }
      if (extend) {
        return RunFolder.Earlier.EXTEND;
      }
      return resume ? RunFolder.Earlier.RESUME : RunFolder.Earlier.REFUSE;
    }
  }

  @Override
  public Integer call() throws IOException {
    Job job = arguments.job();
    try (SparkSession session = arguments.session("train")) {
      OutputPlace.ofRun(session.sparkContext().hadoopConfiguration(), job.output())
          .checkJobFile(arguments.file());
      return train(session, job, earlier.action(), Console.standard());
    }
  }

  /** Runs a job in a session. */
  static int train(SparkSession session, Job read, RunFolder.Earlier earlier, Console console)
      throws IOException {
    Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
    OutputPlace place =
        OutputPlace.ofRun(session.sparkContext().hadoopConfiguration(), read.output());
    place.checkRuns();
    new TablesApart(place).check(session, read.data());
    OutputFolder.of(storage, read.output()).check(earlier);
    try (RunLock lock = RunLock.take(storage, read.output(), console::waiting)) {
      // Whoever held the lock may have ended a run here meanwhile.
      OutputFolder folder = OutputFolder.of(storage, read.output());
      folder.check(earlier);
      boolean goesOn = earlier == RunFolder.Earlier.RESUME || earlier == RunFolder.Earlier.EXTEND;
      Job job = goesOn ? RunClock.ofRun(read, storage, read.output()) : read;
      Resumption resumption =
          switch (earlier) {
            case RESUME, EXTEND ->
                Resumption.find(storage, job, earlier == RunFolder.Earlier.EXTEND, console);
            case REFUSE, REPLACE -> Resumption.none(job.output());
          };
      if (earlier == RunFolder.Earlier.RESUME && RunFolder.isDone(storage, job.output())) {
        console.line(
            "done",
            "%s is finished already; the tables were not looked at (%s)",
            job.output(),
            resumption.onwards());
        return 0;
      }
      folder.kept().ifPresent(console::note);
      return new TrainRun(session, storage, job, console, resumption, lock).run();
    }
  }
}
