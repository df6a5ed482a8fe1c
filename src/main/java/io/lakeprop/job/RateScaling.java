package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.Check;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/**
 * How the learning rate follows the rows of a step, whose number may come with the data.
 *
 * @param batch rows that the rate was chosen for
 */
record RateScaling(Rule rule, int batch) {
  /** The rate as it is. */
  static final RateScaling NONE = new RateScaling(Rule.NONE, 1);

  private static final MathContext SHOWN = new MathContext(4);

  /** The names of rules. */
  enum Rule {
    NONE,
    /** As the rows (Goyal et al. 2017): a step for k steps, each of which would have been alike. */
    LINEAR,
    /** As the root of the rows (Krizhevsky 2014, You et al. 2020): the step's noise stays. */
    @AlsoCalled({"sqrt", "root"})
    SQUARE_ROOT
  }

  RateScaling {
    Check.positive(batch, "rate_batch");
  }

  /** {@code rate_batch} goes with a rule only. */
  static RateScaling read(Section optimizer) {
    Rule rule = optimizer.constant("rate_scaling", Rule.NONE);
    return rule == Rule.NONE ? NONE : new RateScaling(rule, optimizer.positive("rate_batch", 256));
  }

  /** What the rate is multiplied with for steps of so many rows. */
  double factor(int rows) {
    double ratio = (double) rows / batch;
    return switch (rule) {
      case NONE -> 1;
      case LINEAR -> ratio;
      case SQUARE_ROOT -> Math.sqrt(ratio);
    };
  }

  /** As the {@code rate} line of a run says it; empty without a rule. */
  Optional<String> words(double learningRate, int rows) {
    if (rule == Rule.NONE) {
      return Optional.empty();
    }
    double factor = factor(rows);
    return Optional.of(
        "learning rate %s x %s = %s (%s, batch %d for %d)"
            .formatted(
                shown(learningRate),
                shown(factor),
                shown(learningRate * factor),
                Section.name(rule),
                rows,
                batch));
  }

  private static String shown(double number) {
    return BigDecimal.valueOf(number).round(SHOWN).stripTrailingZeros().toPlainString();
  }
}
