package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShellWord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      CommandLine.IParameterExceptionHandler otherwise) {
    return (failure, arguments) -> {
      int at = List.of(arguments).indexOf("--set") + 1;
      if (at == 0 || at + 1 >= arguments.length || arguments[at].contains("=")) {
        return otherwise.handleParseException(failure, arguments);
      }
      failure
          .getCommandLine()
          .getErr()
          .println(
              "error: "
                  + new InvalidInput(
                          "--set must be key=value, however: %s (did you mean %s?)"
                              .formatted(
                                  arguments[at],
                                  ShellWord.of(arguments[at] + "=" + arguments[at + 1])))
                      .getMessage());
      return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
    };
  }

  /** As it was given. */
  String file() {
    return file;
  }

  /** Reads the job from the local disk. */
  Job job() throws IOException {
    Secrets secrets = ((Main) command.root().userObject()).secrets();
    String text = text();
    learn(secrets, text);
    Yaml.Mapping resolved = JobTree.resolve(file, text, overrides, System.getenv());
    RedactedJob job = new RedactedJob(secrets, resolved);
    job.values().forEach(secrets::learn);
    secrets.learnColumns(job.columns());
    return JobReader.read(resolved);
  }

  /** Before anything is said of the file. */
  private void learn(Secrets secrets, String text) {
    try {
      new RedactedJob(secrets, Yaml.read(file, text)).values().forEach(secrets::learn);
    } catch (InvalidInput e) {
      secrets.learnFile(text); // Whoever reads the file to use it says what is wrong.
    }
  }

  private String text() throws IOException {
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new InvalidInput(
          "job file %s must be a file, however: it is a folder (%s)"
              .formatted(
                  file,
                  Files.isRegularFile(path.resolve("job.yaml"))
                      ? "did you mean %s?".formatted(path.resolve("job.yaml"))
                      : "the job file is YAML, such as job.yaml"));
    }
    if (!Files.exists(path)) {
      throw new InvalidInput("job file " + file + " must exist, however: there is no such file");
    }
    // A pipe that somebody names is read as long as its writer writes, but no further than this.
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(4 * Yaml.LONGEST + 1);
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
}
