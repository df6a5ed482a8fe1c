package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.TableSpec;
import io.lakeprop.data.UselessColumns;
import io.lakeprop.eval.LabelMetric;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.Monitor;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Recompute;
import io.lakeprop.optim.Optimizer;
import io.lakeprop.spark.RoundsChoice;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.train.Batching;
import io.lakeprop.train.NonFinite;
import io.lakeprop.train.Snapshots;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * From a resolved job file to a {@link Job}; every default of a key stands where the key is read,
 * here or in the reader of its section, and nowhere else.
 */
final class JobReader {
  /** Rows of one forward and backward pass, unless the job says so. */
  static final int PIECE = 512;

  /**
   * Rises with each release in which a default is another one: a run that was begun with others
   * would go on as another job.
   */
  static final int DEFAULTS = 3;

  /** A batch of all rows, whatever their number. */
  static final String ALL = "all";

  private static final double DEFAULT_FRACTION = 0.1;

  /** From one evaluation to the next, of a line search. */
  private static final int ROUNDS_OF_A_SEARCH = 10;

  /** Keys of a table that say how its files are read. */
  private static final List<String> OF_FILES =
      List.of("format", "options", "schema", "malformed", "missing", "corrupt_files");

  private JobReader() {}

  static Job read(Yaml.Mapping resolved) {
    Keys keys = Keys.strict();
    try {
      return read(new Section("", resolved, keys), resolved);
    } catch (InvalidInput refusal) {
      throw keys.complaint()
          .map(complaint -> KeyAdvice.of(resolved, complaint, refusal))
          .orElse(refusal);
    }
  }

  /**
   * A copy of a job that says all that holds for it: each key that its reading asks for has its
   * value, null where it stands for nothing.
   */
  static Yaml.Mapping complete(Yaml.Mapping resolved) {
    Keys keys = Keys.strict();
    read(new Section("", resolved, keys), resolved);
    return keys.defaults().complete(resolved);
  }

  /** The keys that a reading of the job asks for, as far as its values let it come. */
  static Keys keys(Yaml.Mapping resolved) {
    Keys keys = Keys.lenient();
    try {
      read(new Section("", resolved, keys), resolved);
    } catch (InvalidInput refusal) {
      // What was asked for until then is asked for.
    }
    return keys;
  }

  private static Job read(Section root, Yaml.Mapping resolved) {
    root.value(JobTree.VARS);
    root.required("output");
    String output = root.text("output").orElseThrow();
    long seed = root.whole("seed", 1L);
    RunClock clock = RunClock.read(root, resolved);
    root.required("table");
    TableSpec train = clock.in(table(root, "table"));
    Held validation = held(root, "validation").by(clock);
    Held test = held(root, "test").by(clock);
    LabelReader.Labelled labelled = LabelReader.read(root);
    FeatureSettings features = features(root.section("features"));
    Job.Optimizer optimizer = OptimizerReader.read(root.section("optimizer"));
    Architecture architecture =
        ArchitectureReader.read(root.section("network"), optimizer.searches());
    Section section = root.section("training");
    OptionalInt batch = batch(section, optimizer.searches());
    OptionalInt slices = optional(section.positive("slices"));
    int accumulate = section.positive("accumulate", 1);
    Job.Training training = training(section, optimizer.searches());
    Job.Compute compute = compute(root.section("compute"));
    root.end();
    root.alternatives(JobTree.VARS, "clock", "label", "loss", "heads");
    if (optimizer.searches() && training.average().vectors() > 0) {
      throw section.refusal(
          section.required("average"), "average", "must be none for lbfgs, whose theta are trials");
    }
    checkHistory(root.section("optimizer"), optimizer, training);
    if (optimizer.rate().plateau().isPresent() && validation.isNone()) {
      throw root.refusal(
          root.required("validation"), "validation", "must be there for reduce_on_plateau");
    }
    TrainingData.Request data =
        root.made(
            () ->
                new TrainingData.Request(
                    train,
                    validation.table(),
                    test.table(),
                    validation.fraction(),
                    test.fraction(),
                    features,
                    labelled.labels(),
                    seed,
                    batch,
                    slices,
                    accumulate,
                    clock.zone()));
    return new Job(
        output, seed, data, labelled.heads(), architecture, training, optimizer, compute, resolved);
  }

  /** What lbfgs remembers must fit into a checkpoint, or training could not go on from any. */
  private static void checkHistory(
      Section section, Job.Optimizer optimizer, Job.Training training) {
    if (!training.checkpoints().any()
        || !(optimizer.recipe().optimizer() instanceof Optimizer.LimitedMemoryBfgs lbfgs)) {
      return;
    }
    boolean copied = training.nonFinite() == NonFinite.RETRY;
    int most =
        Optimizer.LimitedMemoryBfgs.longestHistory(
            Snapshots.mostOfMemory(training.average().vectors(), copied));
    if (lbfgs.history() > most) {
      throw section.refusal(
          section.required("history"),
          "history",
          "must be at most %d%s, which checkpoints have room for"
              .formatted(most, copied ? " with training.non_finite: retry" : ""),
          " (a shorter one, or training.checkpoints: none)");
    }
  }

  /** A table that is held back, or a fraction of the training table. */
  private record Held(Optional<TableSpec> table, double fraction) {
    boolean isNone() {
      return table.isEmpty() && fraction == 0;
    }

    Held by(RunClock clock) {
      return new Held(table.map(clock::in), fraction);
    }
  }

  private static Held held(Section root, String key) {
    Optional<Yaml> value = root.value(key);
    if (value.isEmpty()) {
      double fraction = root.or(key, Optional.empty(), DEFAULT_FRACTION);
      return new Held(Optional.empty(), fraction);
    }
    if (value.get() instanceof Yaml.Scalar scalar) {
      Optional<String> number = Guess.asNumber(scalar.text());
      if (number.isPresent() && scalar.value().get() instanceof String) {
        throw root.refusal(
            scalar,
            key,
            "must be a fraction, none or a table",
            Guess.question(Optional.of(number.get() + ", without quotes")));
      }
      if (scalar.value().get() instanceof Number) {
        double fraction = root.number(key).orElseThrow();
        if (!(fraction >= 0 && fraction < 1)) {
          throw root.refusal(scalar, key, "must be in [0, 1)");
        }
        return new Held(Optional.empty(), fraction);
      }
      if (scalar.text().equals("none")) {
        return new Held(Optional.empty(), 0);
      }
    }
    return new Held(Optional.of(table(root, key)), 0);
  }

  /** The paths of files alone, or a map. */
  private static TableSpec table(Section parent, String key) {
    Section section = parent.section(key, "path");
    List<String> paths = section.texts("path");
    Optional<String> name = section.text("name");
    Optional<String> sql = section.text("sql");
    Optional<Integer> sample = section.positive("sample");
    Optional<String> format = section.text("format");
    section.made("format", () -> TableFormat.checked(format));
    Map<String, String> options = section.map("options");
    Optional<String> schema = section.text("schema");
    Optional<TableSpec.CorruptFiles> corrupt =
        section.constant("corrupt_files", TableSpec.CorruptFiles.class);
    Optional<TableSpec.Malformed> malformed =
        section.constant("malformed", TableSpec.Malformed.class);
    Optional<List<String>> missing =
        section.value("missing").map(given -> section.textsOrEmpty("missing"));
    Map<String, String> derive = section.map("derive");
    Optional<String> where = section.text("where");
    section.end();
    section.alternatives("path", "name", "sql", "sample");
    int sources =
        (paths.isEmpty() ? 0 : 1) + (name.isPresent() ? 1 : 0) + (sql.isPresent() ? 1 : 0);
    if (sources != 1) {
      throw new InvalidInput(
          "%s: %s must have one of path, name and sql, however: it has %d"
              .formatted(section.where(), key, sources));
    }
    if (paths.isEmpty()
        && (format.isPresent()
            || schema.isPresent()
            || !options.isEmpty()
            || sample.isPresent()
            || malformed.isPresent()
            || missing.isPresent()
            || corrupt.isPresent())) {
      throw new InvalidInput(
          "%s: %s: format, options, schema, malformed, missing, corrupt_files and sample go with path, however: path is missing"
              .formatted(section.where(), key));
    }
    if (sample.isPresent()) {
      checkSample(section, paths);
    }
    TableSpec.Source source =
        name.isPresent()
            ? new TableSpec.Named(name.get())
            : sql.isPresent()
                ? new TableSpec.Query(sql.get())
                : sample.isPresent()
                    ? new TableSpec.Sample(paths.get(0), sample.get())
                    : section.made(
                        () ->
                            new TableSpec.Files(
                                paths,
                                format,
                                options,
                                schema,
                                section.or("corrupt_files", corrupt, TableSpec.CorruptFiles.REFUSE),
                                section.or("malformed", malformed, TableSpec.Malformed.REFUSE),
                                missing));
    return new TableSpec(source, derive, where);
  }

  /** A sample table is written and read in one way; no key says another. */
  private static void checkSample(Section section, List<String> paths) {
    List<String> others = OF_FILES.stream().filter(key -> section.value(key).isPresent()).toList();
    if (!others.isEmpty()) {
      throw new InvalidInput(
          "%s: %s must stand without keys of a reader, however: %s"
              .formatted(section.where(), section.full("sample"), there(others)));
    }
    if (paths.size() != 1) {
      throw new InvalidInput(
          "%s: %s must stand beside one path, however: there are %d"
              .formatted(section.where(), section.full("sample"), paths.size()));
    }
  }

  /** Keys that are there, and the mend. */
  static String there(List<String> keys) {
    int last = keys.size() - 1;
    return last == 0
        ? keys.get(0) + " is there (leave it out)"
        : "%s and %s are there (leave them out)"
            .formatted(String.join(", ", keys.subList(0, last)), keys.get(last));
  }

  private static FeatureSettings features(Section section) {
    FeatureSpec.Numeric numeric =
        numeric(
            section.section("numeric"),
            new FeatureSpec.Numeric("", FeatureSpec.Scaling.QUANTILE, false));
    FeatureSpec.Vector vector =
        vector(
            section.section("vector"),
            new FeatureSpec.Vector("", FeatureSpec.Scaling.STANDARD, false, false));
    FeatureSpec.Categorical categorical =
        categorical(
            section.section("categorical"), new FeatureSpec.Categorical("", 5, 10_000, 10, 0));
    Map<String, FeatureSpec> columns = new LinkedHashMap<>();
    Section own = section.section("columns");
    for (String name : own.keys()) {
      columns.put(name, column(own.section(name).inheriting(), name, numeric, vector, categorical));
    }
    FeatureSettings settings =
        new FeatureSettings(
            section.texts("include"),
            section.texts("exclude"),
            numeric,
            vector,
            categorical,
            columns,
            section.constant("useless", UselessColumns.Treatment.DROP));
    section.end();
    return settings;
  }

  /** The kinds of features. */
  private enum Kind {
    @AlsoCalled({"number", "numerical", "continuous", "float", "integer", "int", "double"})
    NUMERIC,
    @AlsoCalled({"array", "embedding"})
    VECTOR,
    @AlsoCalled({"category", "categories", "string", "text", "nominal"})
    CATEGORICAL
  }

  private static FeatureSpec column(
      Section section,
      String name,
      FeatureSpec.Numeric numeric,
      FeatureSpec.Vector vector,
      FeatureSpec.Categorical categorical) {
    section.required("kind");
    return switch (section.constant("kind", Kind.class).orElseThrow()) {
      case NUMERIC ->
          numeric(
              section,
              new FeatureSpec.Numeric(
                  name,
                  numeric.scaling(),
                  numeric.log(),
                  numeric.notFinite(),
                  numeric.unit(),
                  numeric.calendar()));
      case VECTOR ->
          vector(
              section,
              new FeatureSpec.Vector(
                  name, vector.scaling(), vector.log(), vector.shared(), vector.notFinite()));
      case CATEGORICAL ->
          categorical(
              section,
              new FeatureSpec.Categorical(
                  name,
                  categorical.minimumCount(),
                  categorical.maximumValues(),
                  categorical.oneHotUpTo(),
                  categorical.width()));
    };
  }

  private static FeatureSpec.Numeric numeric(Section section, FeatureSpec.Numeric d) {
    FeatureSpec.Numeric numeric =
        new FeatureSpec.Numeric(
            d.name(),
            scaling(section, d.scaling()),
            log(section, d.log()),
            notFinite(section, d.notFinite()),
            d.unit(),
            section.flag("calendar", d.calendar()));
    section.end();
    return numeric;
  }

  private static FeatureSpec.Vector vector(Section section, FeatureSpec.Vector d) {
    FeatureSpec.Vector vector =
        new FeatureSpec.Vector(
            d.name(),
            scaling(section, d.scaling()),
            log(section, d.log()),
            section.flag("shared", d.shared()),
            notFinite(section, d.notFinite()));
    section.end();
    return vector;
  }

  private static FeatureSpec.Categorical categorical(Section section, FeatureSpec.Categorical d) {
    FeatureSpec.Categorical categorical =
        section.made(
            () ->
                new FeatureSpec.Categorical(
                    d.name(),
                    section.positive("minimum_count", d.minimumCount()),
                    section.positive("maximum_values", d.maximumValues()),
                    section.notNegative("one_hot_up_to", d.oneHotUpTo()),
                    width(section, d.width())));
    section.end();
    return categorical;
  }

  /** 0 leaves the width of an embedding to its column's values. */
  private static int width(Section section, int otherwise) {
    return otherwise == 0
        ? section.positive("width").orElse(0)
        : section.positive("width", otherwise);
  }

  private static FeatureSpec.Scaling scaling(Section section, FeatureSpec.Scaling otherwise) {
    return section.constant("scaling", otherwise);
  }

  private static boolean log(Section section, boolean otherwise) {
    return section.flag("log", otherwise);
  }

  private static NotFinite notFinite(Section section, NotFinite otherwise) {
    return new NotFinite(
        section.constant("nan", otherwise.nan()),
        section.constant("infinity", otherwise.infinity()));
  }

  /** A number of rows, or {@code all}. */
  private static OptionalInt batch(Section section, boolean allRows) {
    section
        .value("batch")
        .filter(
            value -> value instanceof Yaml.Scalar scalar && scalar.value().get() instanceof String)
        .map(Yaml.Scalar.class::cast)
        .filter(scalar -> !scalar.text().equals(ALL))
        .ifPresent(
            scalar -> {
              throw section.refusal(
                  scalar, "batch", "must be a whole number or all", Guess.number(scalar.text()));
            });
    if (allRows && section.value("batch").isEmpty()) {
      section.or("batch", Optional.empty(), ALL);
    }
    boolean all =
        section
            .value("batch")
            .map(value -> value instanceof Yaml.Scalar scalar && scalar.text().equals(ALL))
            .orElse(allRows);
    return all ? OptionalInt.of(Batching.ALL_ROWS) : optional(section.positive("batch"));
  }

  /** A round that is one evaluation of a line search costs an epoch, and says less than one. */
  private static Job.Training training(Section section, boolean searches) {
    String everyRounds = "evaluate_every_rounds";
    Optional<Integer> every =
        searches
            ? Optional.of(section.positive(everyRounds, ROUNDS_OF_A_SEARCH))
            : section.positive(everyRounds);
    Job.Training training =
        new Job.Training(
            optional(section.positive("epochs")),
            optionalLong(section.positive("rounds")),
            section.positive("piece", PIECE),
            recompute(section),
            optional(section.notNegative("patience")),
            monitor(section),
            optionalLong(every),
            Average.read(section),
            section.constant("non_finite", NonFinite.STOP),
            section.notNegative("layer_figures_every", 1),
            CheckpointSettings.read(section));
    section.end();
    return training;
  }

  /** Keys of the section {@code training} that a job gives, and that only validation rows need. */
  static List<String> ofValidation(Yaml.Mapping resolved) {
    Section training = new Section("", resolved).section("training");
    return Stream.of("patience", "monitor", "evaluate_every_rounds")
        .filter(key -> training.value(key).isPresent())
        .map(training::full)
        .toList();
  }

  /** A metric, or one of a label among several: {@code label.metric}. */
  private static Optional<Monitor> monitor(Section section) {
    Optional<String> text = section.text("monitor");
    int dot = text.map(name -> name.lastIndexOf('.')).orElse(-1);
    if (dot < 0) {
      return section.constant("monitor", Metric.class).map(Monitor.class::cast);
    }
    String label = text.get().substring(0, dot);
    Optional<Metric> metric = Metric.of(text.get().substring(dot + 1));
    if (metric.isEmpty()) {
      List<String> metrics = Arrays.stream(Metric.values()).map(Metric::key).toList();
      throw section.refusal(
          section.required("monitor"),
          "monitor",
          "must be a metric or LABEL.METRIC, METRIC one of " + metrics,
          Guess.question(
              Guess.constant(text.get().substring(dot + 1), Metric.class, metrics)
                  .map(near -> label + "." + near)));
    }
    return metric.map(of -> new LabelMetric(label, of));
  }

  static Recompute recompute(Section section) {
    Optional<Yaml> value = section.value("recompute");
    String text = section.text("recompute", "none");
    if (text.equals("none")) {
      return new Recompute.None();
    } else if (text.equals("auto")) {
      return new Recompute.Auto();
    }
    if (value.get() instanceof Yaml.Scalar scalar
        && scalar.value().get() instanceof Long layers
        && layers >= 1
        && layers <= Integer.MAX_VALUE) {
      return new Recompute.Every(layers.intValue());
    }
    throw section.refusal(
        value.get(), "recompute", "must be none, auto or a positive number of layers");
  }

  private static Job.Compute compute(Section section) {
    RoundsChoice.Wish rounds = section.constant("rounds", RoundsChoice.Wish.AUTO);
    Optional<Kernel> kernel = section.constantOrAuto("kernel", Kernel.class);
    section.end();
    return new Job.Compute(rounds, kernel);
  }

  private static OptionalInt optional(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  private static OptionalLong optionalLong(Optional<Integer> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }
}
