package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/** One vector of float32 numbers as a safetensors file, written without a copy in memory. */
final class VectorFile {
  private static final int NUMBERS_AT_ONCE = 16_384;

  private VectorFile() {}

  static void write(String name, float[] vector, OutputStream out) throws IOException {
    out.write(Safetensors.head(name, vector.length));
    ByteBuffer buffer = ByteBuffer.allocate(4 * NUMBERS_AT_ONCE).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < vector.length; from += NUMBERS_AT_ONCE) {
      int count = Math.min(NUMBERS_AT_ONCE, vector.length - from);
      buffer.clear().asFloatBuffer().put(vector, from, count);
      out.write(buffer.array(), 0, 4 * count);
    }
  }

  /**
   * Reads it back, bit for bit.
   *
   * @param where the file, for messages
   * @param length which it must have
   */
  static float[] read(String where, String name, int length, byte[] file) {
    Map<String, float[]> vectors = Safetensors.read(where, file);
    if (!vectors.keySet().equals(Set.of(name))) {
      throw new InvalidInput(
          "%s must have the vector %s alone, however: it has %s"
              .formatted(where, name, vectors.keySet()));
    }
    float[] vector = vectors.get(name);
    if (vector.length != length) {
      throw new InvalidInput(
          "%s must have %,d numbers, however: it has %,d".formatted(where, length, vector.length));
    }
    return vector;
  }
}
