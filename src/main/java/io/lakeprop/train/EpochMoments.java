package io.lakeprop.train;

import io.lakeprop.nn.RunningMoments;

/**
 * Running moments of batch normalisation for a theta that no round has moved: the exact weighted
 * moments of all training rows, each read once, in training mode (what PyTorch's {@code update_bn}
 * does, batch by batch).
 *
 * <p>It takes the rounds of an epoch, and of their gradients only what batch normalisation puts in
 * the place of its moments; they add up in double precision, in the order of rounds. Always the
 * first epoch's rounds: two averages then meet the same pieces and the same dropout.
 */
record EpochMoments(RoundRunner runner, RoundPlan plan, RunningMoments moments) {
  /** Sets the running moments in theta. */
  void set(float[] theta) {
    double[] sums = new double[moments.size()];
    double weight = 0;
    long rows = 0;
    for (long round = 0; round < plan.roundsPerEpoch(); round++) {
      GradientSum sum = runner.gradient(theta, round);
      moments.add(sum.gradient(), sums);
      weight += sum.weight();
      rows += sum.rows();
    }
    moments.set(theta, sums, weight, rows);
  }
}
