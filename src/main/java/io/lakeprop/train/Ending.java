package io.lakeprop.train;

/** Why a training is over. */
public enum Ending {
  /** All rounds are done. */
  ROUNDS,
  /** Too many evaluations in a row were no new best. */
  PATIENCE,
  /** The line search finds no step that lowers the loss. */
  LINE_SEARCH
}
