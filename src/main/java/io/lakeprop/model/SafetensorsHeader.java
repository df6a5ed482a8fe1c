package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands in front of the numbers of a safetensors file: names, types, shapes and places, all
 * of which fit together and fill the file to its last byte. Nothing is allocated by what it claims.
 *
 * @param tensors by name, in the order of the header
 * @param dataStart where in the file the numbers begin
 */
record SafetensorsHeader(Map<String, Tensor> tensors, int dataStart) {
  /** The length of the header stands before it. */
  static final int LENGTH_BYTES = 8;

  /** Where tools leave texts of their own; no tensor. */
  static final String METADATA = "__metadata__";

  /** Bytes of the longest header. */
  static final int LARGEST = 100_000_000;

  private static final int MOST_DIMENSIONS = 8;
  private static final Map<String, Integer> WIDTHS = Map.of("F32", 4, "F64", 8);

  /**
   * A tensor's place.
   *
   * @param from first byte, counted from the start of the numbers
   * @param to one past its last byte
   */
  record Tensor(String dtype, List<Long> shape, long from, long to) {}

  /**
   * Reads and checks the header of a whole file.
   *
   * @param where the file, for messages
   */
  static SafetensorsHeader read(String where, byte[] file) {
    int length = length(where, file);
    JsonObject json = StrictJson.read(where, file, LENGTH_BYTES, length);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : json.keys()) {
      if (name.equals(METADATA)) {
        checkMetadata(json.object(name));
      } else {
        tensors.put(name, tensor(json.object(name)));
      }
    }
    int dataStart = LENGTH_BYTES + length;
    checkPlaces(where, tensors, file.length - dataStart);
    return new SafetensorsHeader(tensors, dataStart);
  }

  private static int length(String where, byte[] file) {
    // Unsigned in the format, so that the largest ones come out negative.
    long length =
        file.length < LENGTH_BYTES
            ? -1
            : ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LARGEST || length > file.length - LENGTH_BYTES) {
      throw new InvalidInput(
          ("%s: the header must lie inside the file and have at most %d bytes, however: header=%s"
                  + " bytes, file=%d bytes")
              .formatted(
                  where,
                  LARGEST,
                  file.length < LENGTH_BYTES ? "no" : Long.toUnsignedString(length),
                  file.length));
    }
    return (int) length;
  }

  private static void checkMetadata(JsonObject json) {
    json.keys().forEach(json::text);
  }

  private static Tensor tensor(JsonObject json) {
    String dtype = json.text("dtype");
    if (!WIDTHS.containsKey(dtype)) {
      throw json.refusal("dtype", "must be F32 or F64", dtype);
    }
    List<Long> shape = json.wholeLongs("shape");
    List<Long> range = json.wholeLongs("data_offsets");
    json.end();
    if (range.size() != 2 || range.get(0) < 0 || range.get(1) < range.get(0)) {
      throw json.refusal("data_offsets", "must be [from, to] with 0 <= from <= to", shown(range));
    }
    if (shape.size() > MOST_DIMENSIONS || shape.stream().anyMatch(dimension -> dimension < 0)) {
      throw json.refusal(
          "shape",
          "must have at most " + MOST_DIMENSIONS + " dimensions, none of them negative",
          shown(shape));
    }
    if (range.get(1) - range.get(0) != bytes(json, shape, WIDTHS.get(dtype))) {
      throw json.refusal("data_offsets", "must hold shape " + shape + " of " + dtype, shown(range));
    }
    return new Tensor(dtype, shape, range.get(0), range.get(1));
  }

  private static long bytes(JsonObject json, List<Long> shape, int width) {
    try {
      long bytes = width;
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw json.refusal("shape", "must have fewer than 2^63 bytes", shown(shape));
    }
  }

  /** One after the other, from the first byte to the last: no overlap, no hole, nothing behind. */
  private static void checkPlaces(String where, Map<String, Tensor> tensors, long dataBytes) {
    List<Map.Entry<String, Tensor>> inOrder = new ArrayList<>(tensors.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Tensor> e) -> e.getValue().from())
            .thenComparingLong(e -> e.getValue().to()));
    long end = 0;
    for (Map.Entry<String, Tensor> entry : inOrder) {
      if (entry.getValue().from() != end) {
        throw new InvalidInput(
            ("%s: tensors must lie one after another, however: %s begins at byte %d, and those"
                    + " before it end at %d")
                .formatted(where, entry.getKey(), entry.getValue().from(), end));
      }
      end = entry.getValue().to();
    }
    if (end != dataBytes) {
      throw new InvalidInput(
          "%s: the tensors must fill the file, however: they take %d bytes and %d are there"
              .formatted(where, end, dataBytes));
    }
  }

  private static String shown(List<Long> numbers) {
    return numbers.size() > MOST_DIMENSIONS ? numbers.size() + " numbers" : numbers.toString();
  }
}
