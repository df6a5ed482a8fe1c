package io.lakeprop.data;

/** Why a row is in no split, because the job says so. */
public enum LeftOut {
  /** It is in one. */
  NONE,
  /** A label is null or, where it is a number, NaN. */
  WITHOUT_LABEL,
  /** A label's class has too few training rows, or none. */
  RARE_CLASS
}
