/**
 * How good predictions are: sums that merge, and the metrics that they give.
 *
 * <p>May import: {@code base} only.
 *
 * <p>Sums travel, metrics do not: executors return a {@link io.lakeprop.eval.MetricSum}, the driver
 * merges them in the fixed order of the shards and computes the metrics once. Early stopping reads
 * these numbers, so they must be the same bits on any cluster.
 *
 * <p>Decision: several labels are a sum of sums ({@link io.lakeprop.eval.HeadsSum}) under the names
 * {@code label.metric}, so a label is judged as it would be alone. What is of no single label is
 * little: the trained loss, and for classes alone the means of accuracy and auc.
 */
package io.lakeprop.eval;
