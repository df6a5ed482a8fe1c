package io.lakeprop.train;

import io.lakeprop.base.Chunks;
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

  /** Of all rates: a half for each time that training went back. */
  double rateFactor = 1;

  long leftOut;
  int leftOutInARow;
  int retries;

  /** What {@link #goBack} goes back to; null until one is kept. */
  Copy copy;

  /** False from the moment a round's sum is there until all that follows from it is done. */
  boolean whole = true;

  /**
   * What a step changes, as it was after some round. The plateau's progress is no part of it: it
   * changes at evaluations only, and a copy is kept after each.
   */
  static final class Copy {
    final float[] theta;
    final Memory memory;
    float[] average;
    long averaged;
    long averagedAtMoments;
    long round;
    long step;

    Copy(int size) {
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

  /** Keeps a copy to go back to, in the place of the last one. */
  void keepCopy() {
    if (copy == null) {
      copy = new Copy(theta.length);
    }
    System.arraycopy(theta, 0, copy.theta, 0, theta.length);
    copy.memory.set(memory);
    copy.average = copied(average, copy.average);
    copy.averaged = averaged;
    copy.averagedAtMoments = averagedAtMoments;
    copy.round = round;
    copy.step = step;
  }

  /** Goes back to the copy, and on at half the rate; rounds go on counting. */
  void goBack() {
    System.arraycopy(copy.theta, 0, theta, 0, theta.length);
    memory.set(copy.memory);
    average = copied(copy.average, average);
    averaged = copy.averaged;
    averagedAtMoments = copy.averagedAtMoments;
    step = copy.step;
    rateFactor /= 2;
    retries++;
  }

  /** A vector in the place of another that is as long; null where there is none. */
  private static float[] copied(float[] from, float[] into) {
    if (from == null || into == null) {
      return from == null ? null : from.clone();
    }
    System.arraycopy(from, 0, into, 0, from.length);
    return into;
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

  /** Takes theta into its average: {@code average += weight (theta - average)}. */
  void takeIntoAverage(float weight) {
    float[] from = theta;
    float[] into = average;
    Chunks.forEach(
        into.length,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            into[i] += weight * (from[i] - into[i]);
          }
        });
    averaged++;
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

  /**
   * Whether it is that after a round, of which nothing is still to be done: what may be kept when a
   * training fails.
   */
  public boolean whole() {
    return whole;
  }

  /** Whether an evaluation has kept a best theta. */
  public boolean judged() {
    return bestTheta != null;
  }

  /** The best score so far; NaN without an evaluation. */
  public double bestScore() {
    return bestScore;
  }
}
