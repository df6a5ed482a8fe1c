package io.lakeprop.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Small checkpoints that hold every kind of number. */
final class TinyCheckpoint {
  private static final float[] HARD = {
    Float.intBitsToFloat(0x7fc12345),
    Float.intBitsToFloat(0xffc00001),
    Float.intBitsToFloat(0x7f800001),
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    -0f,
    Float.MIN_VALUE,
    Float.MAX_VALUE,
    0.1f
  };

  private TinyCheckpoint() {}

  /** After a round; -1 for no best model. */
  static Checkpoint of(long round, long best) {
    SortedMap<String, Double> numbers = new TreeMap<>();
    numbers.put("best_score", Double.NaN);
    numbers.put("memory.high", Double.POSITIVE_INFINITY);
    numbers.put("memory.low", Double.NEGATIVE_INFINITY);
    numbers.put("memory.zero", -0.0);
    numbers.put("memory.small", Double.MIN_VALUE);
    numbers.put("rate_factor", 0.1);
    numbers.put("round", (double) round);
    SortedMap<String, float[]> vectors = new TreeMap<>();
    vectors.put("theta", HARD.clone());
    vectors.put("memory.adam.m", new float[] {round, best});
    vectors.put("average", new float[0]);
    return new Checkpoint(
        round,
        new Snapshot(numbers, vectors),
        best < 0 ? OptionalLong.empty() : OptionalLong.of(best),
        new TreeMap<>(Map.of("kernel", "ejml", "feature größe \"x\"", "numeric")),
        "table: t.csv\nlabel: größe\n");
  }

  /** A model that differs by its round. */
  static Model best(long round) {
    Model model = TinyModel.quantity();
    return new Model(
        model.encoder(),
        model.labels(),
        model.offset(),
        model.network(),
        model.loss(),
        new float[] {2, round},
        model.provenance());
  }

  /** Writes both, as a training does. */
  static void write(CheckpointFiles files, long round, long best) throws java.io.IOException {
    if (best >= 0) {
      files.writeBest(best, best(best));
    }
    files.write(of(round, best));
  }

  /** Everything in it as text, with the bits of each number. */
  static String bits(Checkpoint checkpoint) {
    StringBuilder text = new StringBuilder();
    text.append(checkpoint.round()).append(checkpoint.best()).append(checkpoint.facts());
    checkpoint
        .state()
        .numbers()
        .forEach((name, n) -> text.append(name).append(Double.doubleToRawLongBits(n)).append('\n'));
    checkpoint
        .state()
        .vectors()
        .forEach((name, v) -> text.append(name).append(bits(v)).append('\n'));
    return text.append(checkpoint.job()).toString();
  }

  private static List<Integer> bits(float[] vector) {
    Integer[] bits = new Integer[vector.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(vector[i]);
    }
    return Arrays.asList(bits);
  }
}
