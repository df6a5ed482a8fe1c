package io.lakeprop.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Strict reading of one JSON object: each key is asked for once by its type, and {@link #end}
 * refuses the keys that nobody asked for. Every refusal names the file and the path in it.
 */
final class JsonObject {
  private static final int MOST_SHOWN = 10;

  private final String where;
  private final JsonNode node;
  private final Set<String> asked = new HashSet<>();

  JsonObject(String where, JsonNode node) {
    this.where = where;
    this.node = node;
    if (!node.isObject()) {
      throw refusal(where, "must be an object", node);
    }
  }

  /** All keys there are, in their order; none counts as asked for. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Whether a key that may be left out is there. */
  boolean has(String key) {
    asked.add(key);
    return node.has(key);
  }

  /** Whether the value of a key is a text. */
  boolean isText(String key) {
    return value(key).isTextual();
  }

  String text(String key) {
    return text(key, value(key));
  }

  private String text(String key, JsonNode value) {
    if (!value.isTextual()) {
      throw refusal(path(key), "must be a text", value);
    }
    return value.textValue();
  }

  boolean flag(String key) {
    JsonNode value = value(key);
    if (!value.isBoolean()) {
      throw refusal(path(key), "must be true or false", value);
    }
    return value.booleanValue();
  }

  int whole(String key) {
    JsonNode value = value(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw refusal(path(key), "must be a whole number of 32 bits", value);
    }
    return value.intValue();
  }

  long wholeLong(String key) {
    return wholeLong(key, value(key));
  }

  List<Long> wholeLongs(String key) {
    List<Long> list = new ArrayList<>();
    array(key).forEach(element -> list.add(wholeLong(key, element)));
    return list;
  }

  private long wholeLong(String key, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw refusal(path(key), "must be a whole number of 64 bits", value);
    }
    return value.longValue();
  }

  double number(String key) {
    return number(key, value(key));
  }

  float real(String key) {
    return real(key, value(key));
  }

  List<Float> reals(String key) {
    List<Float> list = new ArrayList<>();
    array(key).forEach(element -> list.add(real(key, element)));
    return list;
  }

  private float real(String key, JsonNode value) {
    float real = (float) number(key, value);
    if (Float.isInfinite(real)) {
      throw refusal(path(key), "must be a number of 32 bits", value);
    }
    return real;
  }

  private double number(String key, JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw refusal(path(key), "must be a finite number", value);
    }
    return value.doubleValue();
  }

  /** A constant by its name in lower case. */
  <E extends Enum<E>> E constant(String key, E[] constants) {
    String text = text(key);
    return Arrays.stream(constants)
        .filter(constant -> key(constant).equals(text))
        .findFirst()
        .orElseThrow(
            () -> {
              String names =
                  Arrays.stream(constants).map(JsonObject::key).collect(Collectors.joining(", "));
              return refusal(key, "must be one of " + names, text);
            });
  }

  /** The same of an optional key. */
  <E extends Enum<E>> E constant(String key, E[] constants, E otherwise) {
    return has(key) ? constant(key, constants) : otherwise;
  }

  /** How a constant is written. */
  static String key(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  JsonObject object(String key) {
    return new JsonObject(path(key), value(key));
  }

  <T> List<T> objects(String key, Function<JsonObject, T> reader) {
    List<T> list = new ArrayList<>();
    for (JsonNode element : array(key)) {
      list.add(reader.apply(new JsonObject(path(key) + "[" + list.size() + "]", element)));
    }
    return list;
  }

  List<String> texts(String key) {
    List<String> list = new ArrayList<>();
    array(key).forEach(element -> list.add(text(key, element)));
    return list;
  }

  double[] numbers(String key) {
    JsonNode array = array(key);
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(key, array.get(i));
    }
    return numbers;
  }

  /** Refuses keys that were not asked for. */
  void end() {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!asked.contains(key)) {
                throw new InvalidInput(path(key) + ": unknown key");
              }
            });
  }

  /** A refusal that names the place of a key. */
  InvalidInput refusal(String key, String rule, String value) {
    return new InvalidInput(path(key) + " " + rule + ", however: " + value);
  }

  private JsonNode array(String key) {
    JsonNode value = value(key);
    if (!value.isArray()) {
      throw refusal(path(key), "must be a list", value);
    }
    return value;
  }

  private JsonNode value(String key) {
    asked.add(key);
    JsonNode value = node.get(key);
    if (value == null) {
      throw new InvalidInput(path(key) + " must be there, however: the key is missing");
    }
    return value;
  }

  private String path(String key) {
    return where + (where.endsWith(":") ? " " : ".") + key;
  }

  private static InvalidInput refusal(String path, String rule, JsonNode value) {
    // A large value is not written out only to be cut.
    String shown = value.size() > MOST_SHOWN ? value.size() + " values" : value.toString();
    return new InvalidInput(
        path
            + " "
            + rule
            + ", however: "
            + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown));
  }
}
