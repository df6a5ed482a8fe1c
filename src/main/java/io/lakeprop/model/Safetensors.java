package io.lakeprop.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Theta as a safetensors file, one tensor a slot; the format is on the package's page. */
final class Safetensors {
  private static final int LARGEST_HEADER = 100_000_000;
  private static final int ALIGNMENT = 8;
  private static final ObjectMapper JSON = StrictJson.mapper();

  private Safetensors() {}

  static byte[] write(ParameterLayout layout, float[] theta) {
    ObjectNode header = JSON.createObjectNode();
    for (ParameterLayout.Placed placed : layout.slots()) {
      ObjectNode tensor = header.putObject(placed.name());
      tensor.put("dtype", "F32");
      tensor.set("shape", shape(placed.slot()));
      tensor.putArray("data_offsets").add(4L * placed.offset()).add(4L * placed.end());
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    long bytes = 8L + padded + 4L * theta.length;
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new InvalidInput(
          "theta.safetensors must be smaller than 2 GiB, however: it needs " + bytes + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(padded).put(json);
    while (buffer.position() < 8 + padded) {
      buffer.put((byte) ' ');
    }
    buffer.asFloatBuffer().put(theta);
    return buffer.array();
  }

  /**
   * Reads theta against the layout that the network asks for.
   *
   * @param where the file, for messages
   */
  static float[] read(String where, byte[] file, ParameterLayout layout) {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long length = file.length < 8 ? -1 : buffer.getLong();
    if (length < 2 || length > LARGEST_HEADER || length > file.length - 8) {
      throw new InvalidInput(
          "%s: the header must lie inside the file, however: header=%d bytes, file=%d bytes"
              .formatted(where, length, file.length));
    }
    JsonObject header = new JsonObject(where + ":", header(where, file, (int) length));
    for (ParameterLayout.Placed placed : layout.slots()) {
      JsonObject tensor = header.object(placed.name());
      check(where, placed, tensor);
    }
    header.end();
    long expected = 8 + length + 4L * layout.size();
    if (file.length != expected) {
      throw new InvalidInput(
          "%s must be %d bytes long, however: it has %d".formatted(where, expected, file.length));
    }
    float[] theta = new float[layout.size()];
    buffer.position(8 + (int) length);
    buffer.asFloatBuffer().get(theta);
    for (int i = 0; i < theta.length; i++) {
      if (!Float.isFinite(theta[i])) {
        throw new InvalidInput(
            "%s: %s must be finite, however: %s".formatted(where, layout.describe(i), theta[i]));
      }
    }
    return theta;
  }

  private static JsonNode header(String where, byte[] file, int length) {
    try {
      return JSON.readTree(new String(file, 8, length, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new InvalidInput(where + ": the header is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void check(String where, ParameterLayout.Placed placed, JsonObject tensor) {
    if (!tensor.text("dtype").equals("F32")) {
      throw tensor.refusal("dtype", "must be F32", tensor.text("dtype"));
    }
    double[] wanted = shapeOf(placed.slot());
    double[] shape = tensor.numbers("shape");
    if (!Arrays.equals(shape, wanted)) {
      throw new InvalidInput(
          "%s: %s must have shape %s, however: the file has %s"
              .formatted(where, placed.name(), words(wanted), words(shape)));
    }
    double[] offsets = tensor.numbers("data_offsets");
    if (!Arrays.equals(offsets, new double[] {4.0 * placed.offset(), 4.0 * placed.end()})) {
      throw tensor.refusal(
          "data_offsets",
          "must be [%d, %d]".formatted(4L * placed.offset(), 4L * placed.end()),
          words(offsets));
    }
    tensor.end();
  }

  private static ArrayNode shape(Slot slot) {
    ArrayNode shape = JSON.createArrayNode();
    for (double dimension : shapeOf(slot)) {
      shape.add((int) dimension);
    }
    return shape;
  }

  private static double[] shapeOf(Slot slot) {
    return slot.isVector()
        ? new double[] {slot.columns()}
        : new double[] {slot.rows(), slot.columns()};
  }

  private static String words(double[] numbers) {
    return Arrays.toString(Arrays.stream(numbers).mapToLong(n -> (long) n).toArray());
  }
}
