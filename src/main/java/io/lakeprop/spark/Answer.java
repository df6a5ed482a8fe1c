package io.lakeprop.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the driver tells a resident task that asks, as the bytes of the message (see {@link
 * Question} for why), little-endian: kind (4 bytes), and for {@code COMPUTE} round (8), its part
 * (4) and theta.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Answer(byte[] message) {
  /** What to do. */
  enum Kind {
    /** Nothing yet: ask again. */
    WAIT(0),
    /** Compute your share of a part of a round. */
    COMPUTE(1),
    /** The job is over: end well. */
    LEAVE(2),
    /** Another attempt has taken over: end as a killed task, so that nothing counts you as done. */
    OUTDATED(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of answer has the code " + code);
    }
  }

  private static final int ROUND_AT = 4;
  private static final int THETA_AT = 16;

  static Answer of(Kind kind) {
    byte[] message = new byte[ROUND_AT];
    buffer(message).putInt(kind.code);
    return new Answer(message);
  }

  /**
   * The answer to all tasks of a part of a round.
   *
   * @param theta copied
   */
  static Answer compute(RoundPart part, float[] theta) {
    byte[] message =
        new byte[Math.addExact(THETA_AT, Math.multiplyExact(Float.BYTES, theta.length))];
    ByteBuffer out = buffer(message).putInt(Kind.COMPUTE.code);
    out.putLong(part.round()).putInt(part.part());
    out.asFloatBuffer().put(theta);
    return new Answer(message);
  }

  private static ByteBuffer buffer(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer from(int position) {
    return buffer(message).position(position);
  }

  Kind kind() {
    return Kind.of(from(0).getInt());
  }

  /** What to compute. */
  RoundPart part() {
    ByteBuffer in = from(ROUND_AT);
    return new RoundPart(in.getLong(), in.getInt());
  }

  /** A copy of theta for that round. */
  float[] theta() {
    float[] theta = new float[(message.length - THETA_AT) / Float.BYTES];
    from(THETA_AT).asFloatBuffer().get(theta);
    return theta;
  }
}
