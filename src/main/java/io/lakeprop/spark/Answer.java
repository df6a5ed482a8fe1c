package io.lakeprop.spark;

import java.io.Serializable;

/** What the driver tells a resident task that asks. */
sealed interface Answer extends Serializable {
  /**
   * Compute your part of this round.
   *
   * @param theta read only: tasks of one JVM may hold the same array
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Compute(long round, float[] theta) implements Answer {}

  /** Nothing to do yet: ask again. */
  record Wait() implements Answer {}

  /** The job is over: end well. */
  record Leave() implements Answer {}

  /** Another attempt has taken over: end as a killed task, so that nothing counts you as done. */
  record Outdated() implements Answer {}
}
