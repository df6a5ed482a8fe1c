package io.lakeprop.spark;

import java.io.Serializable;

/**
 * A part of a round: what tasks compute at once.
 *
 * @param part from 0
 */
record RoundPart(long round, int part) implements Serializable {
  /** Of a task that has computed none. */
  static final RoundPart NONE = new RoundPart(-1, 0);
}
