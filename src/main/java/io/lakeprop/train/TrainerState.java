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

  /** Of theta, once training with an average has begun. */
  float[] average;

  /** How often theta was taken into the average. */
  long averaged;

  /** The same when running moments were last taken anew for it. */
  long averagedAtMoments;

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
   * The parameters of the best evaluation so far, written over by a better one; without any, the
   * average when it has begun, and the last ones otherwise.
   */
  public float[] bestTheta() {
    return bestTheta != null ? bestTheta : averaged > 0 ? average : settledTheta();
  }

  /** Theta, or the point that a line search has accepted last. */
  float[] settledTheta() {
    return Lbfgs.accepted(memory).orElse(theta);
  }

  /** Copies what was judged over the best so far: the copy is made once a training. */
  void keepBestTheta(float[] judged) {
    if (bestTheta == null) {
      bestTheta = judged.clone();
    } else {
      System.arraycopy(judged, 0, bestTheta, 0, judged.length);
    }
  }

  /** How often theta was taken into its average. */
  public long averaged() {
    return averaged;
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
