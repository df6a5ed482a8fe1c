package io.lakeprop.train;

import io.lakeprop.eval.MetricSum;

/**
 * The port through which the trainer learns how good theta is on rows that it does not learn from.
 */
public interface Evaluator {
  /** The sums over the validation rows. */
  MetricSum evaluate(float[] theta);
}
