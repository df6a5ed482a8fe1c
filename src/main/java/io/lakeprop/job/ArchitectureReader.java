package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.InitialTheta;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.LayerSpec;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.WeightStart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code network} section of a job file. */
final class ArchitectureReader {
  private static final List<Integer> ANY_WIDTH = List.of(1);
  private static final double DROPOUT = 0.1;
  private static final double DROPOUT_OF_A_LAYER = 0.1;
  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 1e-5;
  private static final String PRELU = "prelu";
  private static final String CONSTANT = "constant";
  private static final double VALUE = 0.01;

  private ArchitectureReader() {}

  /** The ways to say what a network is. */
  private enum Type {
    @AlsoCalled({
      "mlp",
      "dense",
      "feed_forward",
      "fully_connected",
      "multilayer_perceptron",
      "multi_layer_perceptron"
    })
    PERCEPTRON,
    @AlsoCalled({"resnet"})
    RESIDUAL,
    @AlsoCalled({"sequential", "custom", "list"})
    LAYERS
  }

  /** The ways to normalise in a recipe. */
  private enum Norm {
    NONE,
    @AlsoCalled({"batch_norm", "batchnorm1d", "batch_normalization", "bn"})
    BATCH,
    @AlsoCalled({"layer_norm", "layer_normalization", "ln"})
    LAYER
  }

  /** The names of layers. */
  private enum Kind {
    @AlsoCalled({"dense", "fc", "fully_connected", "affine"})
    LINEAR,
    @AlsoCalled({
      "nonlinearity",
      "relu",
      "leaky_relu",
      "elu",
      "selu",
      "gelu",
      "silu",
      "swish",
      "tanh",
      "sigmoid",
      "mish",
      "softplus"
    })
    ACTIVATION,
    PRELU,
    @AlsoCalled({"batch_normalization", "batch_norm_1d", "bn", "batch"})
    BATCH_NORM,
    @AlsoCalled({"layer_normalization", "ln", "layer", "norm"})
    LAYER_NORM,
    @AlsoCalled({"drop"})
    DROPOUT,
    ALPHA_DROPOUT,
    @AlsoCalled({"noise"})
    GAUSSIAN_NOISE,
    @AlsoCalled({"periodic", "plr", "periodic_features"})
    PERIODIC_EMBEDDING,
    @AlsoCalled({"batch_ensemble", "tabm"})
    BATCH_ENSEMBLE_LINEAR,
    @AlsoCalled({"residual", "skip", "sum", "shortcut"})
    ADD,
    @AlsoCalled({"concatenate", "cat", "merge"})
    CONCAT
  }

  /**
   * @param sameLoss whether the loss must be the same function of theta in every round: without
   *     random numbers, and with rows that do not depend on each other
   */
  static Architecture read(Section section, boolean sameLoss) {
    Type type = section.constant("type", Type.PERCEPTRON);
    Architecture.Start start =
        new Architecture.Start(
            new InitialTheta(initializer(section), Map.of()),
            section.constant("output_bias", Architecture.Bias.PRIOR));
    Architecture architecture =
        switch (type) {
          case PERCEPTRON -> perceptron(section, start, sameLoss);
          case RESIDUAL -> residual(section, start, sameLoss ? 0 : DROPOUT);
          case LAYERS -> layers(section, start);
        };
    section.end();
    if (sameLoss) {
      checkSame(section, architecture.layers());
    }
    return architecture;
  }

  private static void checkSame(Section section, List<LayerSpec.Named> layers) {
    layers.forEach(layer -> checkSame(section, layer));
  }

  private static void checkSame(Section section, LayerSpec.Named layer) {
    boolean varies =
        layer.spec() instanceof LayerSpec.Dropout
            || layer.spec() instanceof LayerSpec.AlphaDropout
            || layer.spec() instanceof LayerSpec.GaussianNoise
            || layer.spec() instanceof LayerSpec.BatchNorm;
    if (varies) {
      throw new InvalidInput(
          "%s: network must have the same loss in every round for lbfgs, without dropout, noise and batch norm, however: \"%s\" is %s"
              .formatted(section.where(), layer.name(), word(layer.spec())));
    }
  }

  /** A name, or a map in which the constant has a value. */
  private static Optional<WeightStart> initializer(Section section) {
    Optional<Yaml> value = section.value("initializer");
    List<Section> own = section.sections("initializer", "type");
    if (value.isPresent() && own.size() != 1) {
      throw section.refusal(value.get(), "initializer", "must be a name or a map");
    }
    return own.stream().findFirst().map(ArchitectureReader::start);
  }

  private static WeightStart start(Section section) {
    section.required("type");
    Optional<Initializer> named = section.constantOr(CONSTANT, "type", Initializer.class);
    WeightStart start =
        named.isPresent()
            ? named.get()
            : section.made(
                () -> new WeightStart.Constant((float) section.number32("value", VALUE)));
    section.end();
    return start;
  }

  /** Without layers until the training rows have told how wide they are. */
  private static Architecture perceptron(
      Section section, Architecture.Start start, boolean sameLoss) {
    Optional<List<Integer>> hidden = section.sizes("hidden");
    Architecture.Unit unit = unit(section, sameLoss ? 0 : DROPOUT);
    List<LayerSpec.Named> layers = Architecture.perceptron(hidden.orElse(ANY_WIDTH), unit);
    if (sameLoss) {
      checkSame(section, layers);
    }
    return hidden
        .map(widths -> new Architecture("%s%s".formatted(widths, words(unit)), layers, start))
        .orElse(new Architecture("", List.of(), start));
  }

  private static Architecture residual(Section section, Architecture.Start start, double dropout) {
    int blocks = section.positive("blocks", 4);
    int width = section.positive("width", 128);
    int inner = section.positive("inner", 2 * width);
    Architecture.Unit unit = unit(section, dropout);
    return new Architecture(
        "%d residual blocks of %d around %d%s".formatted(blocks, width, inner, words(unit)),
        Architecture.residual(blocks, width, inner, unit),
        start);
  }

  private static Architecture.Unit unit(Section section, double dropout) {
    LayerSpec activation =
        section
            .constantOr(PRELU, "activation", Nonlinearity.SILU)
            .<LayerSpec>map(LayerSpec.Activation::new)
            .orElseGet(LayerSpec.PRelu::new);
    Optional<LayerSpec> norm =
        switch (section.constant("norm", Norm.NONE)) {
          case NONE -> Optional.empty();
          case BATCH -> Optional.of(new LayerSpec.BatchNorm((float) MOMENTUM, (float) EPSILON));
          case LAYER -> Optional.of(new LayerSpec.LayerNorm((float) EPSILON));
        };
    return new Architecture.Unit(activation, norm, dropouts(section, dropout), noise(section));
  }

  /** Dropout is as given, or as otherwise unless there is alpha dropout instead. */
  private static List<LayerSpec> dropouts(Section section, double otherwise) {
    List<LayerSpec> dropouts = new ArrayList<>();
    double alpha = section.number32("alpha_dropout", 0.0);
    double plain = section.number32("dropout", alpha > 0 ? 0 : otherwise);
    LayerSpec dropout = section.made(() -> new LayerSpec.Dropout((float) plain));
    LayerSpec alphaDropout = section.made(() -> new LayerSpec.AlphaDropout((float) alpha));
    if (plain > 0) {
      dropouts.add(dropout);
    }
    if (alpha > 0) {
      dropouts.add(alphaDropout);
    }
    return dropouts;
  }

  private static Optional<LayerSpec> noise(Section section) {
    return Optional.of(section.number32("noise", 0.0))
        .filter(deviation -> deviation != 0)
        .map(d -> section.made(() -> new LayerSpec.GaussianNoise(d.floatValue())));
  }

  private static String words(Architecture.Unit unit) {
    StringBuilder words = new StringBuilder();
    words.append(", ").append(word(unit.activation()));
    unit.norm().ifPresent(norm -> words.append(", ").append(word(norm)));
    unit.dropouts().forEach(dropout -> words.append(", ").append(word(dropout)));
    unit.noise().ifPresent(noise -> words.append(", ").append(word(noise)));
    return words.toString();
  }

  private static String word(LayerSpec spec) {
    return spec.on(1).words();
  }

  private static Architecture layers(Section section, Architecture.Start start) {
    List<LayerSpec.Named> layers = new ArrayList<>();
    Map<Kind, Integer> counts = new HashMap<>();
    Set<String> names = new LinkedHashSet<>(Set.of(Network.INPUT));
    Map<String, WeightStart> starts = new HashMap<>();
    for (Section own : section.sections("layers")) {
      own.required("type");
      Kind kind = own.constant("type", Kind.class).orElseThrow();
      String automatic = Section.name(kind) + counts.merge(kind, 1, Integer::sum);
      String name = own.text("name", automatic);
      layers.add(new LayerSpec.Named(name, layer(own, kind, names)));
      if (kind == Kind.LINEAR) {
        initializer(own).ifPresent(weight -> starts.put(name, weight));
      }
      own.end();
      if (!names.add(name)) {
        throw own.refusal(own.required("name"), "name", "must be new");
      }
    }
    InitialTheta initial = new InitialTheta(start.initial().all(), starts);
    return new Architecture(
        layers.size() + " layers and the head",
        layers,
        new Architecture.Start(initial, start.outputBias()));
  }

  private static LayerSpec layer(Section section, Kind kind, Set<String> below) {
    return switch (kind) {
      case LINEAR -> new LayerSpec.Linear(needed(section, "units"));
      case ACTIVATION -> {
        section.required("function");
        yield new LayerSpec.Activation(
            section.constant("function", Nonlinearity.class).orElseThrow());
      }
      case PRELU -> new LayerSpec.PRelu();
      case BATCH_NORM -> batchNorm(section);
      case LAYER_NORM -> layerNorm(section);
      case DROPOUT -> {
        double rate = section.number32("rate", DROPOUT_OF_A_LAYER);
        yield section.made(() -> new LayerSpec.Dropout((float) rate));
      }
      case ALPHA_DROPOUT -> {
        double rate = section.number32("rate", DROPOUT_OF_A_LAYER);
        yield section.made(() -> new LayerSpec.AlphaDropout((float) rate));
      }
      case GAUSSIAN_NOISE -> {
        double deviation = section.number32("deviation", 0.1);
        yield section.made(() -> new LayerSpec.GaussianNoise((float) deviation));
      }
      case PERIODIC_EMBEDDING ->
          new LayerSpec.PeriodicEmbedding(needed(section, "frequencies"), needed(section, "width"));
      case BATCH_ENSEMBLE_LINEAR ->
          new LayerSpec.BatchEnsembleLinear(needed(section, "members"), needed(section, "units"));
      case ADD -> new LayerSpec.Add(from(section, below));
      case CONCAT -> new LayerSpec.Concat(from(section, below));
    };
  }

  private static LayerSpec batchNorm(Section section) {
    double momentum = section.number32("momentum", MOMENTUM);
    double epsilon = section.number32("epsilon", EPSILON);
    return section.made(() -> new LayerSpec.BatchNorm((float) momentum, (float) epsilon));
  }

  private static LayerSpec layerNorm(Section section) {
    double epsilon = section.number32("epsilon", EPSILON);
    return section.made(() -> new LayerSpec.LayerNorm((float) epsilon));
  }

  private static int needed(Section section, String key) {
    section.required(key);
    return section.positive(key).orElseThrow();
  }

  private static String from(Section section, Set<String> below) {
    Yaml value = section.required("from");
    return section
        .text("from")
        .filter(below::contains)
        .orElseThrow(() -> section.refusal(value, "from", "must be one of " + below));
  }
}
