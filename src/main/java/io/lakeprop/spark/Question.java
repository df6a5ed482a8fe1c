package io.lakeprop.spark;

import io.lakeprop.train.GradientSum;
import io.lakeprop.train.TreeSum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a resident task sends to the driver: its share of a part of a round, if it has one, and the
 * question what to do next.
 *
 * <p>The message, like {@link Answer}, is an array of bytes: Spark's RPC on an executor knows the
 * classes of Spark and of the JDK, but not those that came in the application's jar. Little-endian:
 * board (8 bytes), attempt (4), task (4), round (8), its part (4), number of nodes (4); a node:
 * from (4), to (4), parameters (4; -1 without a sum), and with a sum: loss (8), weight (8), rows
 * (8), nanoseconds of computing (8), number of counters (4), gradient, counters.
 *
 * @param board of the job that the task belongs to
 * @param attempt of the task's stage
 * @param task from 0
 * @param part of a round that the nodes belong to; {@link RoundPart#NONE} from a task that has done
 *     none
 * @param nodes as in the message
 */
record Question(long board, int attempt, int task, RoundPart part, ByteBuffer nodes) {
  private static final int HEADER_BYTES = 32;
  private static final int NODE_BYTES = 12;
  private static final int SUM_BYTES = 36;
  private static final int NO_SUM = -1;

  /**
   * The message.
   *
   * @param nodes of the round's tree that the task has summed
   */
  static byte[] write(
      long board, int attempt, int task, RoundPart part, List<TreeSum.Node<GradientSum>> nodes) {
    int bytes = HEADER_BYTES;
    for (TreeSum.Node<GradientSum> node : nodes) {
      bytes = Math.addExact(bytes, NODE_BYTES + bytes(node.sum()));
    }
    byte[] message = new byte[bytes];
    ByteBuffer out = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(board).putInt(attempt).putInt(task);
    out.putLong(part.round()).putInt(part.part()).putInt(nodes.size());
    for (TreeSum.Node<GradientSum> node : nodes) {
      out.putInt(node.from()).putInt(node.to());
      GradientSum sum = node.sum();
      out.putInt(sum == null ? NO_SUM : sum.gradient().length);
      if (sum != null) {
        out.putDouble(sum.loss()).putDouble(sum.weight()).putLong(sum.rows());
        out.putLong(sum.computeNanos()).putInt(sum.flatRows().length);
        put(out, sum.gradient());
        put(out, sum.flatRows());
      }
    }
    return message;
  }

  private static int bytes(GradientSum sum) {
    if (sum == null) {
      return 0;
    }
    int numbers = Math.addExact(sum.gradient().length, sum.flatRows().length);
    return Math.addExact(SUM_BYTES, Math.multiplyExact(Float.BYTES, numbers));
  }

  private static void put(ByteBuffer out, float[] numbers) {
    out.asFloatBuffer().put(numbers);
    out.position(out.position() + Float.BYTES * numbers.length);
  }

  private static float[] take(ByteBuffer in, int length) {
    float[] numbers = new float[length];
    in.asFloatBuffer().get(numbers);
    in.position(in.position() + Float.BYTES * length);
    return numbers;
  }

  /** Reads a message as far as its nodes. */
  static Question read(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    return new Question(
        in.getLong(), in.getInt(), in.getInt(), new RoundPart(in.getLong(), in.getInt()), in);
  }

  /** The nodes that the task has summed, in new arrays. */
  List<TreeSum.Node<GradientSum>> sums() {
    ByteBuffer in = nodes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int count = in.getInt();
    List<TreeSum.Node<GradientSum>> sums = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = in.getInt();
      int to = in.getInt();
      int parameters = in.getInt();
      sums.add(new TreeSum.Node<>(from, to, parameters == NO_SUM ? null : sum(in, parameters)));
    }
    return sums;
  }

  private static GradientSum sum(ByteBuffer in, int parameters) {
    double loss = in.getDouble();
    double weight = in.getDouble();
    long rows = in.getLong();
    long computeNanos = in.getLong();
    int counters = in.getInt();
    float[] gradient = take(in, parameters);
    float[] flatRows = take(in, counters);
    return new GradientSum(gradient, flatRows, loss, weight, rows).computed(computeNanos);
  }
}
