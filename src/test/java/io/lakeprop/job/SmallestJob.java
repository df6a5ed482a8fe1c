package io.lakeprop.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job that has what it takes for a key to be read, and no more. */
final class SmallestJob {
  /** What must be there beside a key, by the map that it is in. */
  private static final String AROUND =
      """
      table: {path: t}
      validation: {path: t}
      label: {column: y}
      heads: [{label: a}, {label: b}]
      features.columns.NAME: {kind: numeric}
      network.layers: [{type: linear}]
      network.initializer: {type: constant}
      optimizer.schedule: {type: constant}
      optimizer.groups: [{slots: "*", rate: 2, weight_decay: 0.5}]
      training.average: {type: exponential}
      training.checkpoints: {every_minutes: 3}
      """;

  /** What a key that must be there may be. */
  private static final List<Object> FILLERS = List.of(3L, "relu", "input", "y", "numeric");

  private static final Pattern MISSING = Pattern.compile(".*: key (\\S+) must be there.*");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> job;

  private SmallestJob(Map<String, Object> job) {
    this.job = job;
  }

  /** Of which only the three keys are there that all jobs have. */
  static SmallestJob plain() {
    return new SmallestJob(map("{table: t, label: y, output: o}"));
  }

  /** In which the map that a key is in is there, and the key is not. */
  static SmallestJob around(String key) {
    SmallestJob smallest = plain();
    map(AROUND)
        .forEach(
            (path, map) -> {
              if (key.startsWith(path + ".")) {
                smallest.put(path, map);
              }
            });
    if (key.startsWith("heads.")) {
      smallest.job.remove("label");
    }
    if (key.startsWith("network.layers.")) {
      smallest.put("network.type", "layers");
    }
    return smallest.without(key);
  }

  SmallestJob without(String key) {
    map(key, smallestMap -> smallestMap.remove(last(key)));
    return this;
  }

  SmallestJob put(String key, Object value) {
    map(key, smallestMap -> smallestMap.put(last(key), value));
    return this;
  }

  /** Gives a value to each key that must be there, and to no other but these. */
  SmallestJob filled(List<String> never) {
    for (int i = 0; i < 10; i++) {
      try {
        JobReader.read(yaml());
        return this;
      } catch (InvalidInput refusal) {
        Matcher missing = MISSING.matcher(refusal.getMessage());
        if (!missing.matches() || never.contains(plain(missing.group(1)))) {
          return this;
        }
        fill(plain(missing.group(1)));
      }
    }
    return this;
  }

  private void fill(String key) {
    for (Object filler : FILLERS) {
      put(key, filler);
      try {
        JobReader.read(yaml());
        return;
      } catch (InvalidInput refusal) {
        if (!refusal.getMessage().contains(last(key) + " must be ")) {
          return;
        }
      }
    }
  }

  Yaml.Mapping yaml() {
    try {
      return Yaml.read("job.yaml", JSON.writeValueAsString(job));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return job.toString();
  }

  /** A key without the places in lists that messages name. */
  static String plain(String key) {
    return key.replaceAll("\\[\\d+]", "");
  }

  /** A value as YAML has it. */
  static Object value(String text) {
    return object(Yaml.parse("value", text));
  }

  private static Map<String, Object> map(String text) {
    Map<String, Object> map = new LinkedHashMap<>();
    Yaml.read("map", text).entries().forEach((key, value) -> map.put(key, object(value)));
    return map;
  }

  private static Object object(Yaml yaml) {
    if (yaml instanceof Yaml.Mapping mapping) {
      Map<String, Object> map = new LinkedHashMap<>();
      mapping.entries().forEach((key, value) -> map.put(key, object(value)));
      return map;
    }
    if (yaml instanceof Yaml.Sequence sequence) {
      List<Object> list = new ArrayList<>();
      sequence.elements().forEach(element -> list.add(object(element)));
      return list;
    }
    return ((Yaml.Scalar) yaml).value().orElse(null);
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Does something with the map that a key is in; of a list of maps with the first. */
  private void map(String key, Consumer<Map<String, Object>> does) {
    Map<String, Object> at = job;
    String[] path = key.split("\\.", -1);
    for (int i = 0; i + 1 < path.length; i++) {
      Object next = at.computeIfAbsent(path[i], k -> new LinkedHashMap<>());
      if (!(next instanceof Map) && !(next instanceof List)) {
        next = new LinkedHashMap<>();
        at.put(path[i], next);
      }
      at = mapOf(next instanceof List<?> list ? list.get(0) : next);
    }
    does.accept(at);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> mapOf(Object object) {
    return (Map<String, Object>) object;
  }
}
