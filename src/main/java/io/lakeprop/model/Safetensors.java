package io.lakeprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Float vectors as a safetensors file: theta with one tensor a slot, or any vectors by their names.
 * The format is on the package's page.
 */
final class Safetensors {
  private static final int ALIGNMENT = 8;
  private static final String DTYPE = "F32";
  private static final ObjectMapper JSON = StrictJson.mapper();

  private Safetensors() {}

  static byte[] write(ParameterLayout layout, float[] theta) {
    ObjectNode header = JSON.createObjectNode();
    for (ParameterLayout.Placed placed : layout.slots()) {
      describe(header, placed.name(), shape(placed.slot()), placed.offset(), placed.end());
    }
    return file(header, List.of(theta));
  }

  /** Vectors of any length and content, in the order of their names. */
  static byte[] write(SortedMap<String, float[]> vectors) {
    ObjectNode header = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
      long end = offset + vector.getValue().length;
      describe(header, vector.getKey(), List.of((long) vector.getValue().length), offset, end);
      offset = end;
    }
    return file(header, vectors.values());
  }

  /**
   * Reads theta against the layout that the network asks for.
   *
   * @param where the file, for messages
   */
  static float[] read(String where, byte[] file, ParameterLayout layout) {
    SafetensorsHeader header = SafetensorsHeader.read(where, file);
    Set<String> unknown = new LinkedHashSet<>(header.tensors().keySet());
    for (ParameterLayout.Placed placed : layout.slots()) {
      check(where, placed, header.tensors().get(placed.name()));
      unknown.remove(placed.name());
    }
    if (!unknown.isEmpty()) {
      throw new InvalidInput(where + ": unknown tensor " + unknown.iterator().next());
    }
    float[] theta = floats(file, header.dataStart(), layout.size());
    for (int i = 0; i < theta.length; i++) {
      if (!Float.isFinite(theta[i])) {
        throw new InvalidInput(
            "%s: %s must be finite, however: %s".formatted(where, layout.describe(i), theta[i]));
      }
    }
    return theta;
  }

  /**
   * Reads vectors by their names, in the order of the file; every bit of a float comes back, those
   * of NaNs too.
   *
   * @param where the file, for messages
   */
  static Map<String, float[]> read(String where, byte[] file) {
    SafetensorsHeader header = SafetensorsHeader.read(where, file);
    Map<String, float[]> vectors = new LinkedHashMap<>();
    header
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!tensor.dtype().equals(DTYPE) || tensor.shape().size() != 1) {
                throw new InvalidInput(
                    "%s: %s must be one row of F32, however: it is %s of %s"
                        .formatted(where, name, tensor.shape(), tensor.dtype()));
              }
              int start = header.dataStart() + (int) tensor.from();
              vectors.put(name, floats(file, start, (int) (tensor.to() - tensor.from()) / 4));
            });
    return vectors;
  }

  private static void describe(
      ObjectNode header, String name, List<Long> shape, long offset, long end) {
    if (name.equals(SafetensorsHeader.METADATA)) {
      throw new InvalidInput("a vector must have a name of its own, however: " + name);
    }
    ObjectNode tensor = header.putObject(name);
    tensor.put("dtype", DTYPE);
    shape.forEach(tensor.putArray("shape")::add);
    tensor.putArray("data_offsets").add(4 * offset).add(4 * end);
  }

  /** Bytes of the longest file with so many numbers. */
  static long longest(long numbers) {
    return SafetensorsHeader.LENGTH_BYTES + SafetensorsHeader.LARGEST + 4 * numbers;
  }

  /** What stands before the numbers of a file that has one vector. */
  static byte[] head(String name, int length) {
    ObjectNode header = JSON.createObjectNode();
    describe(header, name, List.of((long) length), 0, length);
    return head(header);
  }

  /** The header's length, and the header with its padding. */
  private static byte[] head(ObjectNode header) {
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer head =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + padded)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded)
            .put(json);
    Arrays.fill(head.array(), head.position(), head.capacity(), (byte) ' ');
    return head.array();
  }

  private static byte[] file(ObjectNode header, Collection<float[]> data) {
    byte[] head = head(header);
    long bytes = head.length + 4 * data.stream().mapToLong(part -> part.length).sum();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new InvalidInput(
          "a safetensors file must be smaller than 2 GiB, however: it needs " + bytes + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(head);
    for (float[] part : data) {
      buffer.asFloatBuffer().put(part);
      buffer.position(buffer.position() + 4 * part.length);
    }
    return buffer.array();
  }

  private static float[] floats(byte[] file, int from, int count) {
    float[] floats = new float[count];
    ByteBuffer.wrap(file, from, 4 * count)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(floats);
    return floats;
  }

  private static void check(
      String where, ParameterLayout.Placed placed, SafetensorsHeader.Tensor tensor) {
    if (tensor == null) {
      throw new InvalidInput(
          where + ": " + placed.name() + " must be there, however: the key is missing");
    }
    if (!tensor.dtype().equals(DTYPE)) {
      throw new InvalidInput(
          "%s: %s must be F32, however: it is %s".formatted(where, placed.name(), tensor.dtype()));
    }
    if (!tensor.shape().equals(shape(placed.slot()))) {
      throw new InvalidInput(
          "%s: %s must have shape %s, however: the file has %s"
              .formatted(where, placed.name(), shape(placed.slot()), tensor.shape()));
    }
    if (tensor.from() != 4L * placed.offset()) {
      throw new InvalidInput(
          "%s: %s must begin at byte %d, however: %d"
              .formatted(where, placed.name(), 4L * placed.offset(), tensor.from()));
    }
  }

  private static List<Long> shape(Slot slot) {
    return slot.isVector()
        ? List.of((long) slot.columns())
        : List.of((long) slot.rows(), (long) slot.columns());
  }
}
