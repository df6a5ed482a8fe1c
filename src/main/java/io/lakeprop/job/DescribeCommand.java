package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.Printable;
import io.lakeprop.base.YamlText;
import io.lakeprop.data.Feature;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.NotReadable;
import io.lakeprop.model.Provenance;
import io.lakeprop.model.Storage;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.Recompute;
import io.lakeprop.nn.WorkspacePlan;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.RoundLoad;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;

/** {@code describe}: what is in a saved model; starts no Spark session. */
@CommandLine.Command(
    name = "describe",
    description = "Prints what a saved model takes, gives and holds.",
    mixinStandardHelpOptions = true)
final class DescribeCommand implements Callable<Integer> {
  /** The fewest of a run. */
  private static final int SLICES = 2;

  /** Bytes of the longest job file that is read. */
  private static final long LONGEST_JOB = 4L * Yaml.LONGEST;

  /** As messages print it, with one slash, too. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

  @CommandLine.Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "a run's folder or its model folder")
  private String folder;

  @CommandLine.Option(
      names = "--piece",
      description = "rows of one pass (default: the run's, else " + JobReader.PIECE + ")")
  private Optional<Integer> piece = Optional.empty();

  @CommandLine.Option(
      names = "--slices",
      description = "parts of a round (default: the run's, else " + SLICES + ")")
  private Optional<Integer> slices = Optional.empty();

  @CommandLine.Option(
      names = "--tasks",
      description = "that share the slices (default: a task a slice)")
  private Optional<Integer> tasks = Optional.empty();

  @CommandLine.Option(
      names = "--recompute",
      description = "none, auto or layers a segment (default: the run's, else none)")
  private Optional<String> recompute = Optional.empty();

  @CommandLine.Option(names = "--json", description = "also writes the costs to this file")
  private Optional<String> json = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (folder.isBlank()) {
      throw new InvalidInput("a model must be a folder, however: its name is empty");
    }
    boolean elsewhere = SCHEME.matcher(folder).lookingAt();
    Storage storage = elsewhere ? new HadoopStorage(new Configuration()) : new LocalStorage();
    Configuration files = elsewhere ? new Configuration() : Places.local();
    Optional<JsonReport> report =
        json.map(path -> new JsonReport(files, path, "describe", CostTable.KEYS));
    Model model = ModelFiles.read(storage, folder);
    CostTable costs = costs(model, training(storage));
    for (LabelEncoder label : model.labels()) {
      print(
          "label      %s",
          label instanceof LabelEncoder.Classes classes
              ? classes.name() + ", classes " + listed(classes.values())
              : label.name() + ", a number");
    }
    for (Feature feature : model.encoder().features()) {
      print("feature    %s", line(feature));
    }
    for (ParameterLayout.Placed placed : model.network().layout().slots()) {
      print(
          "parameters %-28s %6d x %-6d",
          placed.name(), placed.slot().rows(), placed.slot().columns());
    }
    System.out.println();
    costs.lines().forEach(line -> print("%s", line));
    print("from       %s", from(model.provenance()));
    if (report.isPresent()) {
      report.get().write(costs.json());
    }
    return 0;
  }

  /** Names in brackets; those that could be taken for others stand between quotes. */
  private static String listed(List<String> names) {
    return names.stream()
        .map(
            name ->
                name.matches("[^\\s,\"\\[\\]]+( [^\\s,\"\\[\\]]+)*") ? name : YamlText.quoted(name))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String from(Provenance provenance) {
    return "Lakeprop %s, seed %d, kernel %s, %,d rounds on %,d training rows (fingerprint %s)%s"
        .formatted(
            provenance.lakeprop(),
            provenance.seed(),
            provenance.kernel(),
            provenance.rounds(),
            provenance.trainingRows(),
            provenance.trainingFingerprint(),
            provenance.classWeights().isEmpty()
                ? ""
                : ", weights of the classes " + provenance.classWeights());
  }

  /** A line, whatever characters a stranger's names have. */
  private static void print(String format, Object... values) {
    System.out.println(Printable.line(String.format(Locale.ROOT, format, values)));
  }

  /** Of a round and its passes as the command line says, else as the run had them. */
  private CostTable costs(Model model, Section run) {
    int rows = piece.or(() -> run.positive("piece")).orElse(JobReader.PIECE);
    int parts = slices.or(() -> run.positive("slices")).orElse(SLICES);
    Check.positive(rows, "--piece");
    Check.positive(parts, "--slices");
    int sharing = tasks.orElse(parts);
    Check.require(
        sharing >= 1 && sharing <= parts,
        "--tasks must be from 1 to the slices, " + parts,
        "--tasks",
        sharing);
    Recompute way =
        JobReader.recompute(
            recompute.map(text -> section("--recompute", "recompute: " + text)).orElse(run));
    return new CostTable(
        new WorkspacePlan(model.network(), rows, model.loss().labels(), way),
        new RoundLoad(parts, sharing, model.theta().length, model.network().counted(), 0));
  }

  /** What the run's job file says of training; nothing where a model stands alone. */
  private Section training(Storage storage) throws IOException {
    Optional<String> run = run(storage);
    if (run.isEmpty() || !storage.exists(RunFolder.job(run.get()))) {
      return section("", "{}");
    }
    String file = RunFolder.job(run.get());
    byte[] text = storage.read(file, LONGEST_JOB);
    return section(file, new String(text, StandardCharsets.UTF_8)).section("training");
  }

  /** The folder of the run that the model is of: the one that is named, or the one around it. */
  private Optional<String> run(Storage storage) throws IOException {
    String own = folder.replaceFirst("/+$", "");
    String inside = "/" + RunFolder.MODEL;
    if (RunMark.read(storage, own).isPresent()) {
      return Optional.of(own);
    }
    Optional<String> around =
        own.endsWith(inside)
            ? Optional.of(own.substring(0, own.length() - inside.length()))
            : Optional.of(".").filter(here -> own.equals(RunFolder.MODEL));
    return around.isPresent() && isRun(storage, around.get()) ? around : Optional.empty();
  }

  /**
   * Whether a folder is a run's; the model in one that may not be read is described all the same.
   */
  private static boolean isRun(Storage storage, String folder) throws IOException {
    try {
      return RunMark.read(storage, folder).isPresent();
    } catch (NotReadable e) {
      return false;
    }
  }

  private static Section section(String where, String yaml) {
    return new Section("", Yaml.read(where, yaml));
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
