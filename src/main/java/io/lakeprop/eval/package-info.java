/**
 * How good predictions are: sums that merge, and the metrics that they give.
 *
 * <p>May import: {@code base} only.
 *
 * <p>Sums travel, metrics do not: executors return a {@link io.lakeprop.eval.MetricSum}, the driver
 * merges them in the fixed order of the shards and computes the metrics once. Early stopping reads
 * these numbers, so they must be the same bits on any cluster.
 *
 * <p>Decision: a metric that is not defined on its rows (auc of one class, r2 of labels that are
 * alike) is no NaN: it is not among the metrics, and {@code undefined} says why. What is left is a
 * number on any legal rows, or infinite where the mean is; a NaN is a failure ({@link
 * io.lakeprop.eval.NotANumber}) and ends the command. A row of weight 0 says nothing, even where
 * its loss is infinite.
 *
 * <p>Decision: several labels are a sum of sums ({@link io.lakeprop.eval.HeadsSum}) under the names
 * {@code label.metric}, so a label is judged as it would be alone. What is of no single label is
 * little: the trained loss, and for classes alone the means of accuracy and auc.
 */
package io.lakeprop.eval;
