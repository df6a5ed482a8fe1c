package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShellWord;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.NotReadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** A job file and what overrides it, as arguments of a command. */
final class JobArguments {
  @CommandLine.Parameters(index = "0", paramLabel = "JOB", description = "job file (YAML)")
  private String file;

  @CommandLine.Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "overrides a key of the job file, such as training.epochs=5")
  private List<String> overrides = new ArrayList<>();

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  /** Names the cause where an override has its equals sign missing, and so leaves an argument. */
  static CommandLine.IParameterExceptionHandler explaining(
      CommandLine.IParameterExceptionHandler otherwise, Secrets secrets) {
    return (failure, arguments) -> {
      secrets.learnVariables(List.of(arguments));
      Optional<String> meant = overrideMeant(List.of(arguments));
      if (meant.isEmpty()) {
        return otherwise.handleParseException(failure, arguments);
      }
      String key = meant.get().substring(0, meant.get().indexOf('='));
      failure
          .getCommandLine()
          .getErr()
          .println(
              "error: "
                  + new InvalidInput(
                          "--set must be key=value, however: %s (did you mean %s?)"
                              .formatted(key, ShellWord.of(meant.get())))
                      .getMessage());
      return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
    };
  }

  /** The first override whose value is an argument of its own, with its equals sign. */
  private static Optional<String> overrideMeant(List<String> arguments) {
    for (int at = 0; at + 2 < arguments.size(); at++) {
      String key = arguments.get(at + 1);
      String value = arguments.get(at + 2);
      if (arguments.get(at).equals("--set")
          && !key.contains("=")
          && !isOption(key)
          && !isOption(value)) {
        return Optional.of(key + "=" + value);
      }
    }
    return Optional.empty();
  }

  /** Whether an argument is no key and no value; negative numbers are values. */
  private static boolean isOption(String argument) {
    return argument.startsWith("-") && !argument.matches("-[.\\d].*");
  }

  /** As it was given. */
  String file() {
    return file;
  }

  /** A session that is named after a command and the file. */
  SparkSession session(String name) {
    Console.standard().line("lakeprop", "%s, %s", Version.lakeprop(), file);
    return Sessions.open(name + " " + file, secrets());
  }

  private Secrets secrets() {
    return ((Main) command.root().userObject()).secrets();
  }

  /** Reads the job from the local disk. */
  Job job() throws IOException {
    Secrets secrets = secrets();
    String text = text();
    learn(secrets, text, System.getenv());
    Yaml.Mapping resolved = JobTree.resolve(file, text, overrides, System.getenv());
    RedactedJob job = new RedactedJob(secrets, resolved);
    job.values().forEach(secrets::learn);
    secrets.learnColumns(job.columns());
    return JobReader.read(resolved);
  }

  /** Before anything is said of the file, or of what overrides it. */
  private void learn(Secrets secrets, String text, Map<String, String> environment) {
    overrides.forEach(secrets::learnText); // What is within one may turn out to be no YAML.
    try {
      learn(secrets, new RedactedJob(secrets, Yaml.read(file, text)));
      Yaml.Mapping job = JobTree.attempt(file, text, overrides, environment);
      learn(secrets, new RedactedJob(secrets, job));
    } catch (InvalidInput e) {
      secrets.learnText(text); // Whoever reads the file to use it says what is wrong.
    }
  }

  private void learn(Secrets secrets, RedactedJob job) {
    job.values().forEach(secrets::learn);
    for (String override : overrides) {
      if (JobTree.variable(override).filter(job::isSecretVariable).isPresent()) {
        secrets.learnAsQuoted(override.substring(override.indexOf('=') + 1));
      }
    }
  }

  private String text() throws IOException {
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new InvalidInput(
          "job file %s must be a file, however: it is a folder (%s)"
              .formatted(file, insteadOf(path)));
    }
    if (!LocalStorage.isThere(path)) {
      throw new InvalidInput("job file " + file + " must exist, however: there is no such file");
    }
    // A pipe that somebody names is read as long as its writer writes, but no further than this.
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(4 * Yaml.LONGEST + 1);
    } catch (AccessDeniedException e) {
      throw new NotReadable("job file " + file, e);
    }
    if (bytes.length > 4 * Yaml.LONGEST) {
      throw new InvalidInput(
          "job file %s must have at most %d characters, however: it has more than %d bytes"
              .formatted(file, Yaml.LONGEST, bytes.length - 1));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidInput("job file " + file + " must be UTF-8 text, however: it is not", e);
    }
  }

  /** The file that somebody means who names its folder. A run refuses what lies in its output. */
  private static String insteadOf(Path folder) throws IOException {
    Path inside = folder.resolve(RunFolder.JOB);
    if (!Files.isRegularFile(inside)) {
      return "the job file is YAML, such as job.yaml";
    }
    return RunMark.read(new LocalStorage(), folder.toString()).isPresent()
        ? "the run's job is %s: copy it out of the run, and name the copy".formatted(inside)
        : "did you mean %s?".formatted(inside);
  }
}
