package io.lakeprop.job;

import io.lakeprop.eval.NotANumber;
import io.lakeprop.spark.Failures;
import io.lakeprop.train.Diverged;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * The command line: {@code train}, {@code find-rate}, {@code evaluate}, {@code predict}, {@code
 * describe}, {@code bench}.
 */
@CommandLine.Command(
    name = "lakeprop",
    description = "Trains neural networks on tables of a data lake.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      TrainCommand.class,
      FindRateCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      DescribeCommand.class,
      BenchCommand.class
    })
public final class Main implements Callable<Integer> {
  private static final List<String> FIRST_STEPS =
      List.of(
          "Lakeprop trains neural networks on tables of a data lake. A job file, job.yaml:",
          "",
          "  table: customers.csv        # or Parquet, ORC, JSON, Delta, Iceberg, a query",
          "  label: churned              # the column to predict; the others are features",
          "  output: runs/customers",
          "",
          "and what to do with it:",
          "",
          "  ./submit.sh train job.yaml",
          "  ./submit.sh evaluate --model runs/customers --table newer.csv",
          "  ./submit.sh predict --model runs/customers --table newer.csv --output scored",
          "  ./submit.sh describe runs/customers",
          "",
          "Without a table of your own: ./submit.sh train jobs/quickstart.yaml",
          "",
          "  ./submit.sh --help          all commands, and the options of Spark",
          "  ./submit.sh train --help    the options of a command",
          "  README.md                   the keys of job files, tables, clusters",
          "  jobs/                       a commented job file a kind of use");
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  @CommandLine.Option(
      names = "--stacktrace",
      description = "show where in the code a failure comes from",
      scope = CommandLine.ScopeType.INHERIT)
  private boolean stacktrace;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final Secrets secrets;

  private Main(Secrets secrets) {
    this.secrets = secrets;
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    StandardError.wholeAtTheEnd();
    int code = run(args);
    System.out.flush();
    System.exit(code);
  }

  /** Runs a command: 0 done, 2 refused because of what came in, 1 any other failure. */
  static int run(String... args) {
    // Numbers and names in files have the same digits and letters wherever the process runs, and
    // the times of ORC files and databases the same hours: Spark reads these by the JVM's zone.
    Locale.setDefault(Locale.ROOT);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Secrets secrets = Secrets.ofSpark();
    secrets.learnArguments(args);
    secrets.learnEnvironment(System.getenv());
    PrintStream out = System.out;
    PrintStream err = System.err;
    // Whatever is printed, by whomever: a message may quote any value or address.
    System.setOut(RedactedLines.to(out, secrets));
    System.setErr(RedactedLines.to(err, secrets));
    try {
      return commandLine(secrets).execute(args);
    } finally {
      System.out.flush();
      System.err.flush();
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** The commands and their options. */
  static CommandLine commandLine() {
    return commandLine(Secrets.ofSpark());
  }

  private static CommandLine commandLine(Secrets secrets) {
    Main main = new Main(secrets);
    CommandLine line = new CommandLine(main);
    return line.setParameterExceptionHandler(
            JobArguments.explaining(line.getParameterExceptionHandler(), secrets))
        // No colours: what is printed has no escapes, whoever they are from.
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, command, parsed) -> main.explain(failure, command));
  }

  /** What a newcomer sees: how to begin, and where to read on. */
  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    FIRST_STEPS.forEach(err::println);
    err.flush();
    return REFUSED;
  }

  /** What this command must not tell. */
  Secrets secrets() {
    return secrets;
  }

  /** One line for a person; the stack only when asked for. */
  private int explain(Exception failure, CommandLine command) {
    if (Interruption.isEnding()) {
      return FAILED; // Nobody sees it: the signal's own code is on its way.
    }
    PrintWriter err = command.getErr();
    boolean hasJob =
        command.getCommandSpec().mixins().values().stream()
            .noneMatch(mixin -> mixin.userObject() instanceof TableArguments);
    Optional<String> refusal =
        isOurs(failure)
            ? Optional.empty()
            : Failures.refusal(failure).map(own -> hasJob ? own : CommandLineMends.of(own));
    String line = refusal.orElseGet(() -> failureLine(failure));
    Console.clear();
    err.println("error: " + line);
    if (stacktrace) {
      failure.printStackTrace(err);
    } else if (refusal.isEmpty() && !isOurs(failure)) {
      err.println("(--stacktrace shows where it comes from)");
    }
    return refusal.isPresent() ? REFUSED : FAILED;
  }

  /** A failure that says all there is to say. */
  private static boolean isOurs(Exception failure) {
    return failure instanceof Diverged
        || failure instanceof NotANumber
        || failure instanceof RunLock.Lost
        || failure instanceof Checkpoints.Failed;
  }

  private static String failureLine(Exception failure) {
    Throwable told = failure instanceof UncheckedIOException io ? io.getCause() : failure;
    // The plain kind's message says it all, such as "writing F: No space left on device".
    return isOurs(failure) || told.getClass().equals(IOException.class)
        ? Failures.firstLine(told)
        : told.getClass().getSimpleName() + ": " + Failures.firstLine(told);
  }
}
