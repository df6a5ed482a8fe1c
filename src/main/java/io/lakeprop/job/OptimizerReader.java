package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.Check;
import io.lakeprop.nn.Slot;
import io.lakeprop.optim.Optimizer;
import io.lakeprop.optim.Parameters;
import io.lakeprop.optim.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The section {@code optimizer}; a key that the chosen type does not use is unknown. */
final class OptimizerReader {
  private static final String NONE = "none";

  private OptimizerReader() {}

  /** The names of optimizers. */
  enum Type {
    @AlsoCalled({"gd", "gradient_descent", "stochastic_gradient_descent"})
    SGD(0.01),
    @AlsoCalled({"sgd_momentum", "sgdm", "heavy_ball"})
    MOMENTUM(0.01),
    @AlsoCalled({"nag", "nesterov_momentum", "sgd_nesterov"})
    NESTEROV(0.01),
    ADAGRAD(0.01),
    ADADELTA(1),
    RMSPROP(0.001),
    ADAM(0.001),
    @AlsoCalled({"adam_weight_decay", "decoupled_adam"})
    ADAMW(0.005, 0.05, Optional.of(1.0)),
    ADAMAX(0.002),
    NADAM(0.002),
    RADAM(0.001),
    LAMB(0.001),
    LARS(1),
    LION(0.0001),
    @AlsoCalled({"bfgs", "l_bfgs_b", "limited_memory_bfgs"})
    LBFGS(1);

    private final double learningRate;
    private final double weightDecay;
    private final Optional<Double> clipNorm;

    Type(double learningRate) {
      this(learningRate, 0, Optional.empty());
    }

    Type(double learningRate, double weightDecay, Optional<Double> clipNorm) {
      this.learningRate = learningRate;
      this.weightDecay = weightDecay;
      this.clipNorm = clipNorm;
    }
  }

  static Job.Optimizer read(Section section) {
    Type type = section.constant("type", Type.ADAMW);
    if (type == Type.LBFGS) {
      return lbfgs(section);
    }
    Optimizer optimizer = optimizer(section, type);
    double learningRate = section.number32("learning_rate", type.learningRate);
    RateScaling scaling = RateScaling.read(section);
    Length warmup = Length.read(section, "warmup_", 0);
    List<Rate.Part> schedule = ScheduleReader.read(section);
    double weightDecay = section.number32("weight_decay", type.weightDecay);
    List<ParameterGroup> groups = groups(section);
    Recipe.Clipping clipping = clipping(section, type.clipNorm);
    Recipe.Penalties penalties = penalties(section);
    section.end();
    return section.made(
        () -> {
          Recipe recipe = new Recipe(clipping, penalties, optimizer);
          // What a rule refuses is refused here, before Spark starts.
          recipe.rule(new Parameters(List.of()));
          Rate rate = new Rate(learningRate, scaling, warmup, schedule);
          return new Job.Optimizer(recipe, rate, weightDecay, groups);
        });
  }

  /**
   * Its line search needs a loss and a gradient that belong together and a rate that it sets
   * itself: no clipping, penalty or schedule.
   */
  private static Job.Optimizer lbfgs(Section section) {
    int history = section.positive("history", 10);
    double tolerance = section.number("tolerance", 1e-5);
    double learningRate = section.number32("learning_rate", Type.LBFGS.learningRate);
    double weightDecay = section.number32("weight_decay", Type.LBFGS.weightDecay);
    List<ParameterGroup> groups = groups(section);
    section.end();
    return section.made(
        () -> {
          for (ParameterGroup group : groups) {
            boolean searched = group.rate() == 0 || group.rate() == 1;
            Check.require(
                searched, "a group of lbfgs must be frozen or have no rate", "rate", group.rate());
          }
          Recipe recipe =
              new Recipe(
                  Recipe.Clipping.NONE,
                  Recipe.Penalties.NONE,
                  new Optimizer.LimitedMemoryBfgs(history, tolerance));
          recipe.rule(new Parameters(List.of()));
          Rate rate =
              new Rate(learningRate, RateScaling.NONE, Length.NONE, ScheduleReader.CONSTANT);
          return new Job.Optimizer(recipe, rate, weightDecay, groups);
        });
  }

  private static Optimizer optimizer(Section section, Type type) {
    return switch (type) {
      case SGD -> new Optimizer.Sgd();
      case MOMENTUM ->
          new Optimizer.Momentum(momentum(section, 0.9), number(section, "dampening", 0));
      case NESTEROV -> new Optimizer.Nesterov(momentum(section, 0.9));
      case ADAGRAD -> new Optimizer.Adagrad(epsilon(section, 1e-10));
      case ADADELTA ->
          new Optimizer.Adadelta(number(section, "decay", 0.9), epsilon(section, 1e-6));
      case RMSPROP -> rmsProp(section);
      case ADAM -> adam(section);
      case ADAMW -> new Optimizer.AdamW(beta1(section), beta2(section), epsilon(section, 1e-8));
      case ADAMAX -> new Optimizer.Adamax(beta1(section), beta2(section), epsilon(section, 1e-8));
      case NADAM ->
          new Optimizer.NAdam(
              beta1(section),
              beta2(section),
              epsilon(section, 1e-8),
              section.number("momentum_decay", 0.004));
      case RADAM -> new Optimizer.RAdam(beta1(section), beta2(section), epsilon(section, 1e-8));
      case LAMB -> new Optimizer.Lamb(beta1(section), beta2(section), epsilon(section, 1e-6));
      case LARS ->
          new Optimizer.Lars(momentum(section, 0.9), section.number32("trust_coefficient", 0.001));
      case LION -> new Optimizer.Lion(beta1(section), number(section, "beta2", 0.99));
      case LBFGS -> throw new AssertionError("read apart");
    };
  }

  private static Optimizer rmsProp(Section section) {
    float decay = number(section, "decay", 0.99);
    float epsilon = epsilon(section, 1e-8);
    float momentum = momentum(section, 0);
    return section.flag("centered", false)
        ? new Optimizer.CenteredRmsProp(decay, epsilon, momentum)
        : new Optimizer.RmsProp(decay, epsilon, momentum);
  }

  private static Optimizer adam(Section section) {
    float beta1 = beta1(section);
    float beta2 = beta2(section);
    float epsilon = epsilon(section, 1e-8);
    return section.flag("amsgrad", false)
        ? new Optimizer.AmsGrad(beta1, beta2, epsilon)
        : new Optimizer.Adam(beta1, beta2, epsilon);
  }

  private static float momentum(Section section, double otherwise) {
    return number(section, "momentum", otherwise);
  }

  private static float beta1(Section section) {
    return number(section, "beta1", 0.9);
  }

  private static float beta2(Section section) {
    return number(section, "beta2", 0.999);
  }

  private static float epsilon(Section section, double otherwise) {
    return number(section, "epsilon", otherwise);
  }

  private static float number(Section section, String key, double otherwise) {
    return (float) section.number32(key, otherwise);
  }

  /**
   * @param otherwise the bound of the whole gradient's norm that holds without the key
   */
  private static Recipe.Clipping clipping(Section section, Optional<Double> otherwise) {
    Optional<Double> norm = clipNorm(section, otherwise);
    return section.made(
        () ->
            new Recipe.Clipping(
                section.number32("clip_value"),
                section.number32("clip_adaptive"),
                section.number32("clip_layer_norm"),
                norm));
  }

  private static Optional<Double> clipNorm(Section section, Optional<Double> otherwise) {
    String key = "clip_norm";
    Optional<Yaml> given = section.value(key);
    if (given.isEmpty()) {
      return otherwise.map(bound -> section.or(key, Optional.empty(), bound));
    }
    return given.get() instanceof Yaml.Scalar scalar && scalar.text().equals(NONE)
        ? Optional.empty()
        : section.number32(key);
  }

  private static Recipe.Penalties penalties(Section section) {
    return section.made(
        () ->
            new Recipe.Penalties(
                section.number32("l1", 0.0),
                section.number32("l2", 0.0),
                section.number32("max_norm")));
  }

  private static List<ParameterGroup> groups(Section optimizer) {
    List<ParameterGroup> groups = new ArrayList<>();
    for (Section section : optimizer.sections("groups", "slots")) {
      Optional<String> slots = section.text("slots");
      Optional<Slot.Role> role = section.constant("role", Slot.Role.class);
      Optional<Double> rate = section.number32("rate");
      Optional<Double> decay = section.number32("weight_decay");
      boolean frozen = section.flag("frozen", false);
      if (!frozen && decay.isPresent()) {
        section.or("rate", rate, 1.0);
      }
      section.end();
      groups.add(
          section.made(() -> ParameterGroup.of(section.where(), slots, role, rate, decay, frozen)));
    }
    return groups;
  }
}
