package io.lakeprop.train;

import io.lakeprop.optim.Lbfgs;
import io.lakeprop.optim.Memory;
import io.lakeprop.optim.Plateau;

/** All that changes while training: what a checkpoint must hold. */
public final class TrainerState {
  final float[] theta;
  final Memory memory;
  long round;
  long step;
  float[] bestTheta;
  double bestScore = Double.NaN;
  long bestRound;
  int evaluationsSinceBest;
  Plateau.Progress plateau = Plateau.Progress.START;

  /** The start. */
  public TrainerState(float[] theta) {
    this.theta = theta.clone();
    this.memory = new Memory(theta.length);
  }

  /** The parameters after the last round. */
  public float[] theta() {
    return theta;
  }

  /**
   * The parameters of the best evaluation so far, written over by a better one; the last ones
   * without any.
   */
  public float[] bestTheta() {
    return bestTheta == null ? judgedTheta() : bestTheta;
  }

  /** What evaluations see: theta, or the point that a line search has accepted. */
  float[] judgedTheta() {
    return Lbfgs.accepted(memory).orElse(theta);
  }

  /** Copies what was judged over the best one so far: the copy is made once a training. */
  void keepBestTheta() {
    if (bestTheta == null) {
      bestTheta = judgedTheta().clone();
    } else {
      System.arraycopy(judgedTheta(), 0, bestTheta, 0, theta.length);
    }
  }

  /** Rounds done. */
  public long round() {
    return round;
  }

  /** Rounds done when the best evaluation was made; all of them without any. */
  public long bestRound() {
    return bestTheta == null ? round : bestRound;
  }

  /** The best score so far; NaN without an evaluation. */
  public double bestScore() {
    return bestScore;
  }
}
