package io.lakeprop.data;

/** Why a row is in no split, because the job says so. */
public enum LeftOut {
  /** It is in one. */
  NONE(0),
  /** A label is null or, where it is a number, NaN. */
  WITHOUT_LABEL(1),
  /** A label's class has too few training rows, or none. */
  RARE_CLASS(2);

  private final int code;

  LeftOut(int code) {
    this.code = code;
  }

  /** What a column of a table has for it. */
  public int code() {
    return code;
  }

  /** The reason that a column of a table has. */
  public static LeftOut of(int code) {
    return switch (code) {
      case 0 -> NONE;
      case 1 -> WITHOUT_LABEL;
      case 2 -> RARE_CLASS;
      default -> throw new IllegalArgumentException("a reason must be 0, 1 or 2, however: " + code);
    };
  }
}
