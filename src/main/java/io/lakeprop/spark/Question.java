package io.lakeprop.spark;

import io.lakeprop.train.GradientSum;
import java.io.Serializable;
import java.util.List;

/**
 * What a resident task sends to the driver: its part of a round, if it has one, and the question
 * what to do next.
 *
 * @param board of the job that the task belongs to
 * @param attempt of the task's stage
 * @param task from 0
 * @param round that the parts belong to; -1 without parts
 * @param parts of the task, not the task's any more once they are sent
 */
record Question(long board, int attempt, int task, long round, List<Part> parts)
    implements Serializable {

  /** A node of the round's tree; the sum is null when its slices had no rows. */
  record Part(int from, int to, GradientSum sum) implements Serializable {}

  /** What next? */
  static Question idle(long board, int attempt, int task) {
    return new Question(board, attempt, task, -1, List.of());
  }

  /** Here is my part of a round; what next? */
  Question with(long doneRound, List<Part> doneParts) {
    return new Question(board, attempt, task, doneRound, doneParts);
  }
}
