package io.lakeprop.optim;

import io.lakeprop.base.Check;
import io.lakeprop.nn.ParameterLayout.Range;
import java.util.Arrays;
import java.util.List;

/** A rewriting of some ranges' elements; ranges are in ascending order and do not overlap. */
public sealed interface RangeRule extends UpdateRule {
  /** The parameters it is for. */
  List<Range> ranges();

  /**
   * {@code u = u + decay theta}.
   *
   * <p>Before an adaptive rule this is L2 regularisation; after it, decoupled weight decay
   * (Loshchilov and Hutter 2019).
   */
  record AddDecayedWeights(double decay, List<Range> ranges) implements RangeRule {
    public AddDecayedWeights {
      Check.notNegative(decay, "weight_decay");
      ranges = List.copyOf(ranges);
    }

    @Override
    public void apply(Update update) {
      float rate = (float) decay;
      float[] theta = update.theta();
      update.rewrite(
          Windows.of(ranges),
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              u[i] += rate * theta[i];
            }
          });
    }
  }

  /** {@code u = u + l1 sign(theta)}: the gradient of {@code l1 |theta|}, 0 at 0. */
  record AddSigns(double l1, List<Range> ranges) implements RangeRule {
    public AddSigns {
      Check.notNegative(l1, "l1");
      ranges = List.copyOf(ranges);
    }

    @Override
    public void apply(Update update) {
      float rate = (float) l1;
      float[] theta = update.theta();
      update.rewrite(
          Windows.of(ranges),
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              u[i] += rate * Math.signum(theta[i]);
            }
          });
    }
  }

  /** {@code u = factor u}: a learning rate of their own. */
  record ScaleRanges(double factor, List<Range> ranges) implements RangeRule {
    public ScaleRanges {
      Check.positive(factor, "rate");
      ranges = List.copyOf(ranges);
    }

    @Override
    public void apply(Update update) {
      float by = (float) factor;
      update.rewrite(
          Windows.of(ranges),
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              u[i] *= by;
            }
          });
    }
  }

  /**
   * {@code u = -0}, which leaves every theta as it is to the bit, a negative zero too. First in a
   * chain it keeps the ranges out of norms and memories, last it is what the ranges get.
   */
  record Freeze(List<Range> ranges) implements RangeRule {
    public Freeze {
      ranges = List.copyOf(ranges);
    }

    @Override
    public void apply(Update update) {
      update.rewrite(Windows.of(ranges), (u, from, to) -> Arrays.fill(u, from, to, -0f));
    }
  }
}
