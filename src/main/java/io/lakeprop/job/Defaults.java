package io.lakeprop.job;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds where a job says nothing, as one reading of the job comes upon it: the readers say it
 * in passing, so that no list has to.
 */
final class Defaults {
  private static final String WHERE = "a default";

  /** Of a key that stands for nothing unless it is given. */
  private static final Yaml NOTHING = new Yaml.Scalar(WHERE, "null", Optional.empty());

  private final IdentityHashMap<Yaml, Map<String, Yaml>> values = new IdentityHashMap<>();
  private final IdentityHashMap<Yaml, Map<String, Yaml.Mapping>> maps = new IdentityHashMap<>();
  private final Set<Yaml> inheriting = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<Yaml, Yaml.Mapping> longForms = new IdentityHashMap<>();

  /** What a map does not say, another one does: the copy repeats none of it. */
  void inherits(Yaml.Mapping map) {
    inheriting.add(map);
  }

  /** A key of a map has no value: null, unless somebody says what holds then. */
  void absent(Yaml.Mapping map, String key) {
    of(map).putIfAbsent(key, NOTHING);
  }

  /** What holds without a key. */
  void put(Yaml.Mapping map, String key, Object value) {
    of(map).put(key, yaml(value));
  }

  /** A key that is one of several ways to say something: no null tells that it is not there. */
  void silent(Yaml.Mapping map, String key) {
    of(map).remove(key);
  }

  /** The map at a key that has none; the same one whenever it is asked for. */
  Yaml.Mapping map(Yaml.Mapping parent, String key) {
    return maps.computeIfAbsent(parent, p -> new LinkedHashMap<>())
        .computeIfAbsent(key, k -> new Yaml.Mapping(parent.where(), new LinkedHashMap<>()));
  }

  /** The map that a value stands for in which one of its keys has the value. */
  Yaml.Mapping longForm(Yaml value, String key) {
    return longForms.computeIfAbsent(
        value, v -> new Yaml.Mapping(v.where(), new LinkedHashMap<>(Map.of(key, v))));
  }

  private Map<String, Yaml> of(Yaml.Mapping map) {
    if (inheriting.contains(map)) {
      return new HashMap<>();
    }
    return values.computeIfAbsent(map, m -> new LinkedHashMap<>());
  }

  /** A copy in which every key that was asked for has its value. */
  Yaml complete(Yaml yaml) {
    if (longForms.containsKey(yaml)) {
      return complete(longForms.get(yaml));
    }
    if (yaml instanceof Yaml.Sequence sequence) {
      List<Yaml> elements = sequence.elements().stream().map(this::complete).toList();
      return new Yaml.Sequence(sequence.where(), elements);
    }
    return yaml instanceof Yaml.Mapping mapping ? complete(mapping) : yaml;
  }

  /** The same of a map: what the job says comes first, in its order. */
  @SuppressWarnings("ReferenceEquality") // A long form is the map that was made of this very value.
  Yaml.Mapping complete(Yaml.Mapping map) {
    LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
    map.entries()
        .forEach(
            (key, value) ->
                entries.put(key, longForms.get(value) == map ? value : complete(value)));
    values
        .getOrDefault(map, Map.of())
        .forEach((key, value) -> putWhereNothing(entries, key, value));
    maps.getOrDefault(map, Map.of())
        .forEach(
            (key, child) -> {
              Yaml.Mapping complete = complete(child);
              if (!complete.entries().isEmpty()) {
                putWhereNothing(entries, key, complete);
              }
            });
    return new Yaml.Mapping(map.where(), entries);
  }

  private static void putWhereNothing(Map<String, Yaml> entries, String key, Yaml value) {
    if (Yaml.isNull(entries.get(key))) {
      entries.put(key, value);
    }
  }

  private static Yaml yaml(Object value) {
    if (value instanceof List<?> list) {
      return new Yaml.Sequence(WHERE, list.stream().map(Defaults::yaml).toList());
    }
    if (value instanceof Number number) {
      return Yaml.scalar(WHERE, plain(number));
    }
    if (value instanceof Boolean flag) {
      return Yaml.scalar(WHERE, flag.toString());
    }
    String text = value instanceof Enum<?> constant ? Section.name(constant) : value.toString();
    return new Yaml.Scalar(WHERE, text, Optional.of(text));
  }

  /** As a person would write it: 1 and not 1.0, 0.00001 and not 1.0E-5. */
  static String plain(Number number) {
    return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
  }
}
