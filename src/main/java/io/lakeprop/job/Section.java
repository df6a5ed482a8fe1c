package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Strict reading of one map of a job file: keys are asked for by type, and {@link #end} refuses the
 * ones that nobody asked for, naming the nearest that somebody did.
 */
final class Section {
  private static final String AUTO = "auto";

  private final String path;
  private final Optional<String> shorthand;
  private final Yaml.Mapping mapping;
  private final Keys keys;
  private final Set<String> known = new LinkedHashSet<>();
  private final Map<String, Yaml> filled = new HashMap<>();

  /** Of a map that is read by itself. */
  Section(String path, Yaml.Mapping mapping) {
    this(path, mapping, Keys.strict());
  }

  /**
   * Of a map of a job.
   *
   * @param keys what the reading of the whole job asks for
   */
  Section(String path, Yaml.Mapping mapping, Keys keys) {
    this(path, Optional.empty(), mapping, keys);
  }

  /**
   * @param shorthand the key whose value stands in the place of the map
   */
  private Section(String path, Optional<String> shorthand, Yaml.Mapping mapping, Keys keys) {
    this.path = path;
    this.shorthand = shorthand;
    this.mapping = mapping;
    this.keys = keys;
  }

  /** A section of a file that has no such map: every key at its default. */
  private Section empty(String key) {
    return new Section(full(key), keys.defaults().map(mapping, key), keys);
  }

  /** The value of a key; empty when it is absent or null. */
  Optional<Yaml> value(String key) {
    known.add(key);
    keys.ask(path, key);
    Optional<Yaml> value =
        Optional.ofNullable(mapping.entries().get(key))
            .filter(own -> !isEmpty(own))
            .or(() -> Optional.ofNullable(filled.get(key)));
    if (value.isEmpty()) {
      keys.defaults().absent(mapping, key);
    }
    return value;
  }

  /** Keys of which one is there: the job as resolved does not tell that the others are not. */
  void alternatives(String... alternatives) {
    for (String key : alternatives) {
      keys.defaults().silent(mapping, key);
    }
  }

  /** The same map, of which nothing is said that another map says already. */
  Section inheriting() {
    keys.defaults().inherits(mapping);
    return this;
  }

  /** Remembers what holds without a key. */
  <T> T or(String key, Optional<T> given, T otherwise) {
    if (given.isEmpty()) {
      keys.defaults().put(mapping, key, otherwise);
    }
    return given.orElse(otherwise);
  }

  private static boolean isEmpty(Yaml value) {
    return value instanceof Yaml.Scalar scalar && scalar.value().isEmpty();
  }

  Yaml required(String key) {
    if (value(key).isEmpty() && keys.isLenient()) {
      filled.put(key, new Yaml.Scalar(mapping.where(), "1", Optional.of(1L)));
    }
    return value(key)
        .orElseThrow(
            () ->
                keys.complain(
                    this,
                    key,
                    true,
                    "%s: key %s must be there, however: it is %s"
                        .formatted(
                            whereIs(key),
                            full(key),
                            mapping.entries().containsKey(key) ? "empty" : "missing")));
  }

  Optional<String> text(String key) {
    return value(key).map(value -> text(key, value));
  }

  String text(String key, String otherwise) {
    return or(key, text(key), otherwise);
  }

  /** A text that is not empty: no name, path, column or expression is. */
  private String text(String key, Yaml value) {
    if (!(value instanceof Yaml.Scalar scalar)) {
      throw refusal(value, key, "must be a text");
    }
    if (scalar.text().isEmpty()) {
      throw keys.place(
          new InvalidInput(
              "%s: %s must be a text, however: it is empty".formatted(value.where(), full(key))));
    }
    return scalar.text();
  }

  Optional<Long> whole(String key) {
    return scalar(key, Long.class, "must be a whole number", Guess::whole);
  }

  long whole(String key, long otherwise) {
    return or(key, whole(key), otherwise);
  }

  /** A whole number from 1 that fits 32 bits. */
  Optional<Integer> positive(String key) {
    return from(1, key, "must be positive");
  }

  int positive(String key, int otherwise) {
    return or(key, positive(key), otherwise);
  }

  /** A whole number from 0 that fits 32 bits. */
  Optional<Integer> notNegative(String key) {
    return from(0, key, "must be at least 0");
  }

  int notNegative(String key, int otherwise) {
    return or(key, notNegative(key), otherwise);
  }

  Optional<Double> number(String key) {
    return scalar(key, Number.class, "must be a number", Guess::number).map(Number::doubleValue);
  }

  double number(String key, double otherwise) {
    return or(key, number(key), otherwise);
  }

  /**
   * A number that training computes with in 32 bits, where others would be infinite, or 0 without
   * being it.
   */
  Optional<Double> number32(String key) {
    Optional<Double> number = number(key);
    number
        .filter(own -> Double.isFinite(own) && own != 0)
        .filter(own -> !Float.isFinite(own.floatValue()) || own.floatValue() == 0)
        .ifPresent(
            own -> {
              throw refusal(
                  mapping.entries().get(key),
                  key,
                  "must be of a size that 32 bits hold, from 1e-45 to 3.4e38");
            });
    return number;
  }

  double number32(String key, double otherwise) {
    return or(key, number32(key), otherwise);
  }

  Optional<Boolean> flag(String key) {
    return scalar(
        key, Boolean.class, "must be true or false", text -> Guess.question(Guess.flag(text)));
  }

  boolean flag(String key, boolean otherwise) {
    return or(key, flag(key), otherwise);
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

  /**
   * @param mend how a refusal goes on for a text in the value's place
   */
  private <T> Optional<T> scalar(
      String key, Class<T> type, String rule, UnaryOperator<String> mend) {
    return value(key)
        .map(
            value -> {
              if (value instanceof Yaml.Scalar scalar) {
                if (type.isInstance(scalar.value().get())) {
                  return type.cast(scalar.value().get());
                }
                throw refusal(value, key, rule, mend.apply(scalar.text()));
              }
              throw refusal(value, key, rule);
            });
  }

  /** A list of texts, or one text alone. */
  List<String> texts(String key) {
    if (value(key).isEmpty()) {
      keys.defaults().put(mapping, key, List.of());
    }
    return elements(key).stream().map(element -> text(key, element)).toList();
  }

  /** The same of texts that may be empty. */
  List<String> textsOrEmpty(String key) {
    return elements(key).stream().map(element -> any(key, element)).toList();
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
                  throw refusal(
                      element,
                      key,
                      "must be a list of positive whole numbers",
                      element instanceof Yaml.Scalar scalar ? Guess.whole(scalar.text()) : "");
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
        .forEach(name -> section.value(name).ifPresent(v -> map.put(name, section.any(name, v))));
    return map;
  }

  /** A text that may be empty, as an option's value may be. */
  private String any(String key, Yaml value) {
    return value instanceof Yaml.Scalar scalar ? scalar.text() : text(key, value);
  }

  /** A constant by its name in small letters. */
  <E extends Enum<E>> Optional<E> constant(String key, Class<E> type) {
    return constant(key, type, names(type), Optional.empty());
  }

  /** The same, with what holds when the key is absent. */
  <E extends Enum<E>> E constant(String key, E otherwise) {
    Class<E> type = otherwise.getDeclaringClass();
    return constant(key, type, names(type), Optional.of(name(otherwise))).orElse(otherwise);
  }

  /** A constant, or {@code auto}, which is as good as none. */
  <E extends Enum<E>> Optional<E> constantOrAuto(String key, Class<E> type) {
    return constantOr(AUTO, key, type, Optional.of(AUTO));
  }

  /** A constant by its name, or another word, which is as good as none. */
  <E extends Enum<E>> Optional<E> constantOr(String word, String key, Class<E> type) {
    return constantOr(word, key, type, Optional.empty());
  }

  /** The same, with the constant that holds when the key is absent. */
  <E extends Enum<E>> Optional<E> constantOr(String word, String key, E otherwise) {
    Class<E> type = otherwise.getDeclaringClass();
    Optional<E> named = constantOr(word, key, type, Optional.of(name(otherwise)));
    return value(key).isEmpty() ? Optional.of(otherwise) : named;
  }

  private <E extends Enum<E>> Optional<E> constantOr(
      String word, String key, Class<E> type, Optional<String> otherwise) {
    List<String> names = new ArrayList<>(names(type));
    names.add(0, word);
    return constant(key, type, names, otherwise);
  }

  private <E extends Enum<E>> Optional<E> constant(
      String key, Class<E> type, List<String> names, Optional<String> otherwise) {
    keys.choose(new Keys.Choice(this, key, names, otherwise));
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      otherwise.ifPresent(name -> keys.defaults().put(mapping, key, name));
      return Optional.empty();
    }
    if (!names.contains(text.get()) && !keys.isLenient()) {
      throw refusal(
          required(key),
          key,
          "must be one of " + names,
          Guess.question(Guess.constant(text.get(), type, names)));
    }
    Optional<E> named =
        Stream.of(type.getEnumConstants())
            .filter(constant -> name(constant).equals(text.get()))
            .findFirst();
    return named.isPresent() || names.contains(text.get())
        ? named
        : Optional.of(type.getEnumConstants()[0]);
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
        sections.add(new Section(place, map, keys));
      } else if (element instanceof Yaml.Scalar) {
        sections.add(new Section(place, keys.defaults().longForm(element, shorthand), keys));
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
      return empty(key);
    }
    if (value.get() instanceof Yaml.Mapping map) {
      return new Section(full(key), map, keys);
    }
    throw refusal(value.get(), key, "must be a map");
  }

  /** The same of a key that may be a list of maps, which then must not be empty. */
  Section sectionOrNone(String key) {
    Optional<Yaml> list = value(key);
    if (list.isPresent()) {
      throw refusal(list.get(), key, "must be a map or a list with a map");
    }
    return empty(key);
  }

  /**
   * The same of a map in whose place one value may stand.
   *
   * @param shorthand the key that it is the value of
   */
  Section section(String key, String shorthand) {
    Optional<Yaml> value = value(key).filter(own -> !(own instanceof Yaml.Mapping));
    return value.isEmpty()
        ? section(key)
        : new Section(
            full(key),
            Optional.of(shorthand),
            keys.defaults().longForm(value.get(), shorthand),
            keys);
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
      sections.add(new Section("%s[%d]".formatted(full(key), sections.size() + 1), map, keys));
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
      if (keys.isPlaced(e)) {
        throw e;
      }
      throw new InvalidInput(mapping.where() + ": " + prefix() + e.getMessage(), e);
    }
  }

  /** Makes something of the value of a key, and gives a refusal its place. */
  <T> T made(String key, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidInput e) {
      if (keys.isPlaced(e)) {
        throw e;
      }
      String place = value(key).map(Yaml::where).orElse(mapping.where());
      throw new InvalidInput(place + ": " + prefix() + e.getMessage(), e);
    }
  }

  /** Refuses what nobody asked for. */
  void end() {
    for (String key : mapping.entries().keySet()) {
      if (!known.contains(key) && !keys.isLenient()) {
        Optional<String> guess = Guess.key(key, known, keys());
        String others = " (known are %s)".formatted(String.join(", ", known));
        throw keys.complain(
            this, key, false, unknown(key, guess.isEmpty() ? others : Guess.question(guess)));
      }
    }
  }

  /** The words for a key that nobody asked for. */
  String unknown(String key, String guess) {
    return "%s: unknown key %s%s".formatted(whereIs(key), full(key), guess);
  }

  /** Does something while a key has another value. */
  <T> T with(String key, String value, Supplier<T> something) {
    Map<String, Yaml> entries = mapping.entries();
    LinkedHashMap<String, Yaml> before = new LinkedHashMap<>(entries);
    try {
      entries.put(key, new Yaml.Scalar(mapping.where(), value, Optional.of(value)));
      return something.get();
    } finally {
      entries.clear();
      entries.putAll(before);
    }
  }

  InvalidInput refusal(Yaml at, String key, String rule) {
    return refusal(at, key, rule, "");
  }

  /**
   * @param mend how the message goes on behind the value
   */
  InvalidInput refusal(Yaml at, String key, String rule, String mend) {
    String shown =
        at instanceof Yaml.Scalar scalar
            ? scalar.text()
            : at instanceof Yaml.Sequence ? "a list" : "a map";
    return keys.place(
        new InvalidInput(
            "%s: %s %s, however: %s%s".formatted(at.where(), full(key), rule, shown, mend)));
  }

  /** Where a key stands, or else its map. */
  String whereIs(String key) {
    Yaml value = mapping.entries().get(key);
    return value == null ? mapping.where() : value.where();
  }

  /** The keys from the file's top to the map. */
  String path() {
    return path;
  }

  /** The same to a key, as far as the file has it. */
  String full(String key) {
    return path.isEmpty() ? key : shorthand.equals(Optional.of(key)) ? path : path + "." + key;
  }

  private String prefix() {
    return path.isEmpty() ? "" : path + ": ";
  }
}
