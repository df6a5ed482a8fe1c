package io.lakeprop.text;

import java.io.Serial;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys that a schema declares for an object, and those of the objects in their values. Parsers
 * look for them letter by letter, while SQL does not tell capitals apart: a key in other capitals
 * is one whose value is lost without a word.
 */
public final class JsonKeys implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** Of values whose keys nobody declares. */
  public static final JsonKeys ANY = new JsonKeys(Map.of(), null);

  private final HashMap<String, JsonKeys> values;
  private final TreeMap<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final JsonKeys each;

  private JsonKeys(Map<String, JsonKeys> values, JsonKeys each) {
    this.values = new HashMap<>(values);
    this.each = each;
    values.keySet().forEach(name -> names.put(name, name));
  }

  /** Of an object, by its keys. */
  public static JsonKeys of(Map<String, JsonKeys> values) {
    return values.isEmpty() ? ANY : new JsonKeys(values, null);
  }

  /** Of an array with such elements, or of an object that has such a value under any key. */
  public static JsonKeys each(JsonKeys value) {
    return value == ANY ? ANY : new JsonKeys(Map.of(), value);
  }

  /** Whether no key is declared. */
  boolean areAny() {
    return values.isEmpty() && each == null;
  }

  /** The declared key that a key differs from in capitals alone. */
  Optional<String> otherwise(String key) {
    return values.isEmpty() || values.containsKey(key)
        ? Optional.empty()
        : Optional.ofNullable(names.get(key));
  }

  /** Those of a key's value. */
  JsonKeys in(String key) {
    return each != null ? each : values.getOrDefault(key, ANY);
  }

  /** Those of an array's elements. */
  JsonKeys inElements() {
    return each != null ? each : ANY;
  }
}
