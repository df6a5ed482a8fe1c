package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Strict reading of one map of a job file: keys are asked for by type, and {@link #end} refuses the
 * ones that nobody asked for, naming the nearest that somebody did.
 */
final class Section {
  private static final int FARTHEST_GUESS = 3;
  private static final String AUTO = "auto";

  private final String path;
  private final Yaml.Mapping mapping;
  private final Set<String> known = new LinkedHashSet<>();

  Section(String path, Yaml.Mapping mapping) {
    this.path = path;
    this.mapping = mapping;
  }

  /** A section of a file that has no such map: every key at its default. */
  private static Section empty(String path, String where) {
    return new Section(path, new Yaml.Mapping(where, new LinkedHashMap<>()));
  }

  /** The value of a key; empty when it is absent or null. */
  Optional<Yaml> value(String key) {
    known.add(key);
    Yaml value = mapping.entries().get(key);
    return value == null || (value instanceof Yaml.Scalar scalar && scalar.value().isEmpty())
        ? Optional.empty()
        : Optional.of(value);
  }

  Yaml required(String key) {
    return value(key)
        .orElseThrow(
            () ->
                new InvalidInput(
                    "%s: key %s must be there, however: it is missing"
                        .formatted(mapping.where(), full(key))));
  }

  Optional<String> text(String key) {
    return value(key).map(value -> text(key, value));
  }

  private String text(String key, Yaml value) {
    if (value instanceof Yaml.Scalar scalar) {
      return scalar.text();
    }
    throw refusal(value, key, "must be a text");
  }

  Optional<Long> whole(String key) {
    return scalar(key, Long.class, "must be a whole number");
  }

  /** A whole number from 1 that fits 32 bits. */
  Optional<Integer> positive(String key) {
    return from(1, key, "must be positive");
  }

  /** A whole number from 0 that fits 32 bits. */
  Optional<Integer> notNegative(String key) {
    return from(0, key, "must be at least 0");
  }

  Optional<Double> number(String key) {
    return scalar(key, Number.class, "must be a number").map(Number::doubleValue);
  }

  Optional<Boolean> flag(String key) {
    return scalar(key, Boolean.class, "must be true or false");
  }

  private Optional<Integer> from(int least, String key, String rule) {
    return whole(key)
        .map(
            whole -> {
              if (whole < least || whole > Integer.MAX_VALUE) {
                throw refusal(mapping.entries().get(key), key, rule + " and below 2^31");
              }
              return whole.intValue();
            });
  }

  private <T> Optional<T> scalar(String key, Class<T> type, String rule) {
    return value(key)
        .map(
            value -> {
              if (value instanceof Yaml.Scalar scalar && type.isInstance(scalar.value().get())) {
                return type.cast(scalar.value().get());
              }
              throw refusal(value, key, rule);
            });
  }

  /** A list of texts, or one text alone. */
  List<String> texts(String key) {
    List<String> list = new ArrayList<>();
    value(key)
        .ifPresent(
            value -> {
              if (value instanceof Yaml.Sequence sequence) {
                sequence.elements().forEach(element -> list.add(text(key, element)));
              } else {
                list.add(text(key, value));
              }
            });
    return list;
  }

  /** A list of whole numbers from 1. */
  Optional<List<Integer>> sizes(String key) {
    return value(key)
        .map(
            value -> {
              List<Integer> sizes = new ArrayList<>();
              for (Yaml element :
                  value instanceof Yaml.Sequence sequence ? sequence.elements() : List.of(value)) {
                if (element instanceof Yaml.Scalar scalar
                    && scalar.value().orElse("") instanceof Long size
                    && size >= 1
                    && size <= Integer.MAX_VALUE) {
                  sizes.add(size.intValue());
                } else {
                  throw refusal(element, key, "must be a list of positive whole numbers");
                }
              }
              return sizes;
            });
  }

  /** Names and texts. */
  Map<String, String> map(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    Section section = section(key);
    section
        .mapping
        .entries()
        .keySet()
        .forEach(name -> section.text(name).ifPresent(v -> map.put(name, v)));
    return map;
  }

  /** A constant by its name in small letters. */
  <E extends Enum<E>> Optional<E> constant(String key, Class<E> type) {
    return text(key).map(text -> constant(key, text, type, names(type)));
  }

  /** A constant, or {@code auto}, which is as good as none. */
  <E extends Enum<E>> Optional<E> constantOrAuto(String key, Class<E> type) {
    return constantOr(AUTO, key, type);
  }

  /** A constant by its name, or another word, which is as good as none. */
  <E extends Enum<E>> Optional<E> constantOr(String word, String key, Class<E> type) {
    List<String> names = new ArrayList<>(names(type));
    names.add(0, word);
    return text(key)
        .filter(text -> !text.equals(word))
        .map(text -> constant(key, text, type, names));
  }

  private <E extends Enum<E>> E constant(
      String key, String text, Class<E> type, List<String> names) {
    return Stream.of(type.getEnumConstants())
        .filter(constant -> name(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> refusal(mapping.entries().get(key), key, "must be one of " + names));
  }

  private static <E extends Enum<E>> List<String> names(Class<E> type) {
    return Stream.of(type.getEnumConstants()).map(Section::name).toList();
  }

  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** A list of numbers, or one number alone; empty when the key is absent. */
  List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (Yaml element : elements(key)) {
      if (!(element instanceof Yaml.Scalar scalar)
          || !(scalar.value().orElse("") instanceof Number number)) {
        throw refusal(element, key, "must be a list of numbers");
      }
      numbers.add(number.doubleValue());
    }
    return numbers;
  }

  /**
   * A list of maps, or one map alone; empty when the key is absent.
   *
   * @param shorthand the key that a text in place of a map is the value of
   */
  List<Section> sections(String key, String shorthand) {
    List<Section> sections = new ArrayList<>();
    List<Yaml> elements = elements(key);
    for (Yaml element : elements) {
      String place = elements.size() == 1 ? full(key) : full(key) + "[" + sections.size() + "]";
      if (element instanceof Yaml.Mapping map) {
        sections.add(new Section(place, map));
      } else if (element instanceof Yaml.Scalar scalar) {
        LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>(Map.of(shorthand, scalar));
        sections.add(new Section(place, new Yaml.Mapping(scalar.where(), entries)));
      } else {
        throw refusal(element, key, "must be a map or a list of maps");
      }
    }
    return sections;
  }

  private List<Yaml> elements(String key) {
    return value(key)
        .map(value -> value instanceof Yaml.Sequence list ? list.elements() : List.of(value))
        .orElse(List.of());
  }

  /** The map below a key; an empty one when the key is absent. */
  Section section(String key) {
    Optional<Yaml> value = value(key);
    if (value.isEmpty()) {
      return empty(full(key), mapping.where());
    }
    if (value.get() instanceof Yaml.Mapping map) {
      return new Section(full(key), map);
    }
    throw refusal(value.get(), key, "must be a map");
  }

  /** A list of maps; each section is named by its place in the list, from 1. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    Yaml value = required(key);
    List<Yaml> elements =
        value instanceof Yaml.Sequence sequence ? sequence.elements() : List.of(value);
    for (Yaml element : elements) {
      if (!(element instanceof Yaml.Mapping map)) {
        throw refusal(element, key, "must be a list of maps");
      }
      sections.add(new Section("%s[%d]".formatted(full(key), sections.size() + 1), map));
    }
    return sections;
  }

  /** The keys that are there. */
  Set<String> keys() {
    return mapping.entries().keySet();
  }

  /** Where the map stands. */
  String where() {
    return mapping.where();
  }

  /** Makes something of the map, and gives a refusal the place. */
  <T> T made(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidInput e) {
      throw new InvalidInput(mapping.where() + ": " + prefix() + e.getMessage(), e);
    }
  }

  /** Makes something of the value of a key, and gives a refusal its place. */
  <T> T made(String key, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidInput e) {
      String place = value(key).map(Yaml::where).orElse(mapping.where());
      throw new InvalidInput(place + ": " + prefix() + e.getMessage(), e);
    }
  }

  /** Refuses what nobody asked for. */
  void end() {
    for (Map.Entry<String, Yaml> entry : mapping.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new InvalidInput(
            "%s: unknown key %s%s"
                .formatted(entry.getValue().where(), full(entry.getKey()), guess(entry.getKey())));
      }
    }
  }

  InvalidInput refusal(Yaml at, String key, String rule) {
    String shown = at instanceof Yaml.Scalar scalar ? scalar.text() : "a list or map";
    return new InvalidInput("%s: %s %s, however: %s".formatted(at.where(), full(key), rule, shown));
  }

  private String guess(String key) {
    String best = null;
    int distance = FARTHEST_GUESS + 1;
    for (String candidate : known) {
      int own = distance(key, candidate);
      if (own < distance) {
        best = candidate;
        distance = own;
      }
    }
    return best != null
        ? " (did you mean %s?)".formatted(best)
        : " (known are %s)".formatted(String.join(", ", known));
  }

  /** Insertions, deletions, replacements and swaps of neighbours from one word to the other. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + same, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String prefix() {
    return path.isEmpty() ? "" : path + ": ";
  }
}
