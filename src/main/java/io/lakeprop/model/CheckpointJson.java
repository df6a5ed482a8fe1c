package io.lakeprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** {@code state.json} of a checkpoint, written and read; the format is on the package's page. */
final class CheckpointJson {
  private static final int FORMAT_VERSION = 1;
  private static final Pattern VECTOR = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+){0,3}");
  private static final ObjectMapper JSON = StrictJson.mapper();

  private CheckpointJson() {}

  /** What is in the file. */
  record State(
      long round,
      OptionalLong best,
      SortedMap<String, Double> numbers,
      SortedMap<String, Integer> vectors,
      SortedMap<String, String> facts) {
    Checkpoint checkpoint(Map<String, float[]> values, String job) {
      return new Checkpoint(round, new Snapshot(numbers, new TreeMap<>(values)), best, facts, job);
    }
  }

  static ObjectNode write(Checkpoint checkpoint) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format_version", FORMAT_VERSION).put("round", checkpoint.round());
    checkpoint.best().ifPresent(best -> json.put("best", best));
    ObjectNode numbers = json.putObject("numbers");
    checkpoint.state().numbers().forEach((name, number) -> put(numbers, name, number));
    ObjectNode vectors = json.putObject("vectors");
    checkpoint.state().vectors().forEach((name, vector) -> vectors.put(name, vector.length));
    ObjectNode facts = json.putObject("facts");
    checkpoint.facts().forEach(facts::put);
    return json;
  }

  /** JSON has no words for numbers that are not finite: they are texts. */
  private static void put(ObjectNode json, String name, double number) {
    if (Double.isFinite(number)) {
      json.put(name, number);
    } else {
      json.put(name, Double.toString(number));
    }
  }

  static State read(String where, byte[] file) {
    JsonObject json = StrictJson.read(where, file);
    int version = json.whole("format_version");
    if (version != FORMAT_VERSION) {
      throw json.refusal("format_version", "must be " + FORMAT_VERSION, "" + version);
    }
    SortedMap<String, Double> numbers = new TreeMap<>();
    JsonObject named = json.object("numbers");
    named.keys().forEach(name -> numbers.put(name, number(named, name)));
    SortedMap<String, String> facts = new TreeMap<>();
    JsonObject told = json.object("facts");
    told.keys().forEach(name -> facts.put(name, told.text(name)));
    State state =
        new State(
            count(json, "round"),
            json.has("best") ? OptionalLong.of(count(json, "best")) : OptionalLong.empty(),
            numbers,
            vectors(json),
            facts);
    json.end();
    return state;
  }

  private static long count(JsonObject json, String key) {
    long count = json.wholeLong(key);
    if (count < 0) {
      throw json.refusal(key, "must be at least 0", "" + count);
    }
    return count;
  }

  private static double number(JsonObject json, String name) {
    if (!json.isText(name)) {
      return json.number(name);
    }
    return switch (json.text(name)) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw json.refusal(name, "must be a number", json.text(name));
    };
  }

  /** They are names of files, too: nothing but letters, digits and dots between them. */
  private static SortedMap<String, Integer> vectors(JsonObject json) {
    JsonObject named = json.object("vectors");
    if (named.keys().size() > Checkpoint.MOST_VECTORS) {
      throw json.refusal(
          "vectors", "must be at most " + Checkpoint.MOST_VECTORS, "" + named.keys().size());
    }
    SortedMap<String, Integer> lengths = new TreeMap<>();
    for (String name : named.keys()) {
      if (!isVector(name)) {
        throw json.refusal("vectors", "must have plain names", name);
      }
      int length = named.whole(name);
      if (length < 0) {
        throw named.refusal(name, "must be at least 0", "" + length);
      }
      lengths.put(name, length);
    }
    return lengths;
  }

  /** Whether a vector may have this name, which is a file's name, too. */
  static boolean isVector(String name) {
    return VECTOR.matcher(name).matches();
  }
}
