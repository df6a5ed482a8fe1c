package io.lakeprop.train;

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

  /** Of all rates: a half for each time that training went back. */
  double rateFactor = 1;

  long leftOut;
  int leftOutInARow;
  int retries;

  /** What {@link #goBack} goes back to; null until one is kept. */
  Copy copy;

  /**
   * What a step changes, as it was after some round. The plateau's progress is no part of it: it
   * changes at evaluations only, and a copy is kept after each.
   */
  static final class Copy {
    final float[] theta;
    final Memory memory;
    long round;
    long step;

    private Copy(int size) {
      theta = new float[size];
      memory = new Memory(size);
    }
  }

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
    return bestTheta == null ? theta : bestTheta;
  }

  /** Copies theta over the best one so far: the second copy of theta is made once a training. */
  void keepBestTheta() {
    if (bestTheta == null) {
      bestTheta = theta.clone();
    } else {
      System.arraycopy(theta, 0, bestTheta, 0, theta.length);
    }
  }

  /** Keeps a copy to go back to, in the place of the last one. */
  void keepCopy() {
    if (copy == null) {
      copy = new Copy(theta.length);
    }
    System.arraycopy(theta, 0, copy.theta, 0, theta.length);
    copy.memory.set(memory);
    copy.round = round;
    copy.step = step;
  }

  /** Goes back to the copy, and on at half the rate; rounds go on counting. */
  void goBack() {
    System.arraycopy(copy.theta, 0, theta, 0, theta.length);
    memory.set(copy.memory);
    step = copy.step;
    rateFactor /= 2;
    retries++;
  }

  /** Counts a round that is left out. */
  void leaveOut() {
    leftOut++;
    leftOutInARow++;
  }

  /** Rounds that were left out because they were not finite. */
  public long leftOut() {
    return leftOut;
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
