package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The key {@code optimizer.schedule}: a name, a map, or a list of them that follow each other. */
final class ScheduleReader {
  private static final String KEY = "schedule";

  /** The same rate from beginning to end. */
  static final List<Rate.Part> CONSTANT =
      List.of(new Rate.Part(new RateCurve.Constant(), 1, Optional.empty()));

  private ScheduleReader() {}

  /** The names of schedules. */
  enum Type {
    @AlsoCalled({"none", "fixed"})
    CONSTANT,
    @AlsoCalled({"step_lr", "step_decay", "staircase", "steplr"})
    STEP,
    @AlsoCalled({"multi_step_lr", "piecewise_constant", "piecewise"})
    MULTI_STEP,
    @AlsoCalled({"exponential_lr", "exponential_decay", "exp"})
    EXPONENTIAL,
    @AlsoCalled({"inverse_time_decay", "inv_scaling"})
    INVERSE_TIME,
    @AlsoCalled({"cosine_annealing", "cosine_annealing_lr", "cosine_decay"})
    COSINE,
    @AlsoCalled({"linear_lr", "linear_decay"})
    LINEAR,
    @AlsoCalled({"polynomial_lr", "polynomial_decay", "poly"})
    POLYNOMIAL,
    @AlsoCalled({
      "cosine_annealing_warm_restarts",
      "sgdr",
      "cosine_decay_restarts",
      "cosine_restarts"
    })
    COSINE_WARM_RESTARTS,
    @AlsoCalled({"one_cycle_lr", "1cycle"})
    ONE_CYCLE,
    @AlsoCalled({"plateau", "reduce_lr_on_plateau"})
    REDUCE_ON_PLATEAU
  }

  static List<Rate.Part> read(Section optimizer) {
    List<Section> given = optimizer.sections(KEY, "type");
    List<Section> sections = given.isEmpty() ? List.of(optimizer.sectionOrNone(KEY)) : given;
    List<Rate.Part> parts = new ArrayList<>();
    for (Section section : sections) {
      Type type = section.constant("type", Type.COSINE);
      if (type == Type.REDUCE_ON_PLATEAU && sections.size() > 1) {
        throw section.refusal(section.required("type"), "type", "must stand alone");
      }
      parts.add(part(section, type, parts.size() + 1 == sections.size()));
    }
    return parts;
  }

  /**
   * The last one may go on to the end of the training; only where it has an end it has a length.
   */
  private static Rate.Part part(Section section, Type type, boolean last) {
    if (type == Type.MULTI_STEP && section.value("at_rounds").isEmpty()) {
      section.required("at_epochs");
    }
    RateCurve curve = section.made(() -> curve(section, type));
    double rate = section.number("rate", 1.0);
    Optional<Length> length = !last || ends(curve) ? Length.read(section, "") : Optional.empty();
    section.end();
    if (!last && length.isEmpty()) {
      section.required("epochs");
    }
    return section.made(() -> new Rate.Part(curve, rate, length));
  }

  private static boolean ends(RateCurve curve) {
    return curve instanceof RateCurve.Cosine
        || curve instanceof RateCurve.Linear
        || curve instanceof RateCurve.Polynomial
        || curve instanceof RateCurve.OneCycle;
  }

  private static RateCurve curve(Section section, Type type) {
    return switch (type) {
      case CONSTANT -> new RateCurve.Constant();
      case STEP -> new RateCurve.Step(length(section, "every_", 10), factor(section, 0.1));
      case MULTI_STEP ->
          new RateCurve.MultiStep(Length.readAll(section, "at_"), factor(section, 0.1));
      case EXPONENTIAL ->
          new RateCurve.Exponential(length(section, "every_", 1), factor(section, 0.95));
      case INVERSE_TIME ->
          new RateCurve.InverseTime(length(section, "every_", 1), section.number("decay", 0.1));
      case COSINE -> new RateCurve.Cosine(finalRate(section));
      case LINEAR -> new RateCurve.Linear(finalRate(section));
      case POLYNOMIAL -> new RateCurve.Polynomial(finalRate(section), section.number("power", 2.0));
      case COSINE_WARM_RESTARTS ->
          new RateCurve.CosineWarmRestarts(
              finalRate(section), length(section, "first_", 10), section.positive("growth", 2));
      case ONE_CYCLE ->
          new RateCurve.OneCycle(
              section.number("rise", 0.3),
              section.number("start_divisor", 25.0),
              section.number("final_divisor", 1e4));
      case REDUCE_ON_PLATEAU ->
          new RateCurve.ReduceOnPlateau(
              factor(section, 0.1),
              section.notNegative("patience", 3),
              section.number("threshold", 1e-4),
              finalRate(section));
    };
  }

  private static double finalRate(Section section) {
    return section.number("final_rate", 0.0);
  }

  private static double factor(Section section, double otherwise) {
    return section.number("factor", otherwise);
  }

  private static Length length(Section section, String prefix, double epochs) {
    return Length.read(section, prefix, epochs);
  }
}
