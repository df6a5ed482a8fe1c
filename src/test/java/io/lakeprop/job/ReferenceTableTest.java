package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * README's table has the keys that the readers ask for, and the defaults that a job resolves to.
 *
 * <p>For each default a job without the key is read, and a job with what the table says at the key:
 * both must train the same, and another value must not.
 */
final class ReferenceTableTest {
  private static final ReferenceTable TABLE = table();

  /** Defaults in words that only data can tell: the job leaves them open. */
  private static final Map<String, String> OPEN =
      Map.ofEntries(
          Map.entry("none", "there is nothing"),
          Map.entry("by file names", "the table has them"),
          Map.entry("all columns", "the table has them"),
          Map.entry("by label", "the label's type decides"),
          Map.entry("by loss", "the label's type decides"),
          Map.entry("one standard deviation", "of the label"),
          Map.entry("by values", "the column's values are counted"),
          Map.entry("by activation", "each layer looks at the one above it"),
          Map.entry("by rows", "the training rows are counted"),
          Map.entry("an epoch", "the training rows are counted"),
          Map.entry("the last quarter", "of rounds that the data decides"),
          Map.entry("to the end", "of rounds that the data decides"),
          Map.entry("as without a group", "another key decides"));

  /** Defaults that cannot be compared, with the reason. */
  private static final Map<String, String> NOT_COMPARED =
      Map.of(
          "vars", "is used up before the job is read",
          "clock", "shows in a job whose SQL asks it, alone",
          "heads", "stands in place of label: nothing of it is left where it is not there",
          "table.sample", "makes another kind of table of the path",
          "network.layers.name", "is a layer's type and a number");

  /** Keys of which another one stands in the job. */
  private static final Set<String> ALTERNATIVES = Set.of("table.name", "table.sql");

  /** Keys of which no other value is accepted beside what their map must have. */
  private static final Map<String, String> FIXED =
      Map.of(
          "optimizer.groups.frozen", "not beside a rate or a decay, of which there must be one",
          "network.dropout", "lbfgs takes 0 alone");

  /** Values to try where another than the default is wanted. */
  private static final List<String> OTHERS =
      List.of(
          "0.3",
          "7",
          "0.001",
          "1.7",
          "true",
          "false",
          "x",
          "[0.3]",
          "[7, 9]",
          "{a: b}",
          "balanced",
          "[{slots: '*', rate: 2}]",
          "{type: zeros}",
          "Europe/Berlin");

  /**
   * A default to compare.
   *
   * @param index of the key among the row's
   */
  record Case(ReferenceTable.Row row, int index, ReferenceTable.Default of, String name) {
    String key() {
      return row.keys().get(index);
    }

    String value() {
      return of.value(index);
    }

    /** The key whose value is the condition. */
    String condition() {
      return of.key().orElseGet(() -> parent(key()) + ".type");
    }

    /** The smallest job in which the key is read, without it. */
    SmallestJob job() {
      SmallestJob job = SmallestJob.around(key());
      if (!name.isEmpty() && !name.equals("no type")) {
        job.put(condition(), SmallestJob.value(name));
      }
      if (name.equals("perceptron") && !key().equals("network.hidden")) {
        job.put("network.hidden", List.of(5L)); // Else nothing is known of its layers.
      }
      return job.filled(row.keys());
    }

    @Override
    public String toString() {
      return key() + (name.isEmpty() ? "" : " under " + name) + ": " + value();
    }
  }

  static Stream<Case> cases() {
    return TABLE.rows().stream()
        .flatMap(
            row ->
                row.defaults().stream()
                    .flatMap(
                        of ->
                            (of.names().isEmpty() ? List.of("") : of.names())
                                .stream()
                                    .flatMap(
                                        name ->
                                            IntStream.range(
                                                    0, row.alternatives() ? 1 : row.keys().size())
                                                .mapToObj(i -> new Case(row, i, of, name)))));
  }

  static Stream<Case> defaults() {
    return cases().filter(c -> !c.of().isAbsent() && !NOT_COMPARED.containsKey(c.key()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("defaults")
  void isWhatAJobResolvesTo(Case compared) {
    if (compared.value().equals("required")) {
      Yaml.Mapping without = compared.job().yaml();
      String message = assertThrows(InvalidInput.class, () -> JobReader.read(without)).getMessage();
      String last = compared.key().substring(compared.key().lastIndexOf('.') + 1);
      assertTrue(message.contains(last) && message.contains(" must "), message);
      return;
    }
    ResolvedJob without = ResolvedJob.of(compared.job().yaml());
    Optional<ResolvedJob> with =
        ResolvedJob.attempt(compared.job().put(compared.key(), value(compared)).yaml());
    if ((with.isPresent() && !OPEN.containsKey(compared.value()))
        || (compared.value().equals("none") && with.filter(without::trainsAs).isPresent())) {
      assertTrue(
          without.trainsAs(with.get()),
          () -> "without the key %s".formatted(without.differences(with.get())));
      others(compared)
          .filter(other -> !other.trainsAs(without))
          .findFirst()
          .ifPresentOrElse(
              other -> {},
              () -> assertTrue(FIXED.containsKey(compared.key()), "no other value is accepted"));
      return;
    }
    assertTrue(
        OPEN.containsKey(compared.value()),
        () -> "must be a value that the key takes, however: " + compared.value());
    ResolvedJob other =
        others(compared).filter(job -> !job.trainsAs(without)).findFirst().orElseThrow();
    for (ResolvedJob.Difference difference : without.differences(other)) {
      assertTrue(difference.isOpen(), "without the key " + difference);
    }
  }

  /** The job as resolved says what the table says, and trains the same. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("defaults")
  void standsInTheCompleteJob(Case compared) {
    if (compared.value().equals("required")) {
      return; // A job without the key is refused.
    }
    Yaml.Mapping job = compared.job().yaml();
    Yaml.Mapping complete = JobReader.complete(job);
    assertTrue(ResolvedJob.of(job).trainsAs(ResolvedJob.of(complete)), () -> Yaml.write(complete));
    assertEquals(Yaml.write(complete), Yaml.write(JobReader.complete(complete)), "said once");
    Optional<Yaml> said = at(complete, compared.key());
    if (ALTERNATIVES.contains(compared.key())) {
      assertEquals(Optional.empty(), said);
      return;
    }
    assertTrue(said.isPresent(), () -> Yaml.write(complete));
    if (!OPEN.containsKey(compared.value()) || compared.value().equals("none")) {
      Yaml told = SmallestJob.plain().put("seed", value(compared)).yaml().entries().get("seed");
      boolean nothing =
          Yaml.isNull(said.get())
              || (said.get() instanceof Yaml.Sequence list && list.elements().isEmpty());
      boolean none = nothing && compared.value().equals("none");
      assertTrue(none || text(told).equals(text(said.get())), () -> "the job says " + said.get());
    }
  }

  /** What stands at a key of a map, of the first one of a list and of a name. */
  private static Optional<Yaml> at(Yaml yaml, String key) {
    if (yaml instanceof Yaml.Sequence list && !list.elements().isEmpty()) {
      return at(list.elements().get(0), key);
    }
    if (!(yaml instanceof Yaml.Mapping map)) {
      return Optional.empty();
    }
    int dot = key.indexOf('.');
    Yaml next = map.entries().get(dot < 0 ? key : key.substring(0, dot));
    return dot < 0 || next == null ? Optional.ofNullable(next) : at(next, key.substring(dot + 1));
  }

  private static String text(Yaml yaml) {
    if (yaml instanceof Yaml.Mapping map && map.entries().containsKey("type")) {
      return text(map.entries().get("type"));
    }
    return yaml instanceof Yaml.Scalar scalar
        ? scalar.value().map(JobDifference::text).orElse("null")
        : Yaml.write(new Yaml.Mapping("", new LinkedHashMap<>(Map.of("it", yaml))));
  }

  /** The jobs that have other values at a key. */
  private static Stream<ResolvedJob> others(Case compared) {
    List<String> values = new ArrayList<>(OTHERS);
    names(compared.job().put(compared.key(), "?").yaml(), compared.key()).ifPresent(values::addAll);
    return values.stream()
        .map(value -> compared.job().put(compared.key(), SmallestJob.value(value)).yaml())
        .flatMap(yaml -> ResolvedJob.attempt(yaml).stream());
  }

  /** What the table says, as a job file would. */
  private static Object value(Case compared) {
    if (compared.value().startsWith("twice `")) {
      String key = compared.value().substring(7, compared.value().length() - 1);
      String half = cases().filter(c -> c.key().equals(key)).findFirst().orElseThrow().value();
      return 2 * (long) SmallestJob.value(half);
    }
    return SmallestJob.value(compared.value());
  }

  @Test
  void keysAreThoseThatAreAskedFor() {
    Set<String> told = new TreeSet<>();
    TABLE.rows().forEach(row -> told.addAll(row.keys()));
    Set<String> asked = new TreeSet<>();
    asked().forEach((path, keys) -> keys.forEach(key -> asked.add(ours(path, key))));
    asked.removeIf(key -> !told.contains(key) && isMap(key, told));
    assertEquals(Set.of(), without(asked, told), "keys that README's table lacks");
    assertEquals(Set.of(), without(told, asked), "keys of README's table that no reader asks for");
  }

  private static Set<String> without(Set<String> all, Set<String> others) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(others);
    return rest;
  }

  /** A map of keys of the table, or what a name alone stands for. */
  private static boolean isMap(String key, Set<String> told) {
    return told.stream().anyMatch(other -> other.startsWith(key + "."))
        || (key.endsWith(".type") && told.contains(parent(key)));
  }

  /** The name under which the table has a key that stands in several places. */
  private static String ours(String path, String key) {
    String plain = SmallestJob.plain(path.isEmpty() ? key : path + "." + key);
    String one =
        plain
            .replaceFirst("^heads\\.(label|loss)($|\\.)", "$1$2")
            .replaceFirst("^(validation|test)\\.", "table.")
            .replaceFirst("^network\\.layers\\.initializer\\.", "network.initializer.");
    return one.replaceFirst(
            "^features\\.columns\\.NAME\\.(?!kind$)(minimum_count|maximum_values|one_hot_up_to|width)$",
            "features.categorical.$1")
        .replaceFirst("^features\\.columns\\.NAME\\.calendar$", "features.numeric.calendar")
        .replaceFirst("^features\\.columns\\.NAME\\.(?!kind$)", "features.vector.");
  }

  /** All keys of all maps, whatever decides whether they are there. */
  private static Map<String, Set<String>> asked() {
    Map<String, Set<String>> asked = new LinkedHashMap<>();
    List<String> places =
        List.of(
            "seed",
            "table.path",
            "validation.path",
            "label.column",
            "loss.type",
            "heads.label",
            "features.columns.NAME.kind",
            "network.layers.units",
            "network.initializer.value",
            "optimizer.schedule.rate",
            "optimizer.groups.slots",
            "training.average.decay");
    for (String place : places) {
      Yaml.Mapping job = SmallestJob.around(place).yaml();
      ask(job, new TreeSet<>(), asked);
    }
    SmallestJob layer = SmallestJob.around("network.layers.initializer.value");
    ask(layer.put("network.layers.initializer.value", 1L).yaml(), new TreeSet<>(), asked);
    return asked;
  }

  /** Reads a job with every name of every key that chooses, and of those that come of it. */
  private static void ask(Yaml.Mapping job, Set<String> tried, Map<String, Set<String>> asked) {
    Keys keys = JobReader.keys(job);
    keys.known()
        .forEach((path, all) -> asked.computeIfAbsent(path, p -> new TreeSet<>()).addAll(all));
    for (Keys.Choice choice : keys.choices()) {
      if (tried.add(choice.section().full(choice.key()))) {
        for (String name : choice.names()) {
          choice
              .section()
              .with(
                  choice.key(),
                  name,
                  () -> {
                    ask(job, tried, asked);
                    return name;
                  });
        }
      }
    }
  }

  @Test
  void keysOfATypeAreThoseOfNoOther() {
    List<String> wrong = new ArrayList<>();
    for (ReferenceTable.Row row : TABLE.rows()) {
      for (String key : row.keys()) {
        choice(row, key).ifPresent(choice -> compareTypes(row, key, choice, wrong));
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** The key that decides whether there is this one: the one that the row names first. */
  private static Optional<String> choice(ReferenceTable.Row row, String key) {
    Optional<String> named = row.defaults().get(0).key();
    String beside = parent(key) + ".type";
    return named
        .or(() -> Optional.of(beside).filter(type -> !type.equals(key)))
        .filter(type -> names(SmallestJob.around(key).put(type, "?").yaml(), type).isPresent());
  }

  private static void compareTypes(
      ReferenceTable.Row row, String key, String choice, List<String> wrong) {
    boolean everywhere = row.defaults().stream().anyMatch(of -> of.names().isEmpty());
    for (String name : names(SmallestJob.around(key).put(choice, "?").yaml(), choice).get()) {
      boolean told =
          row.defaults().stream()
              .filter(of -> of.names().contains(name))
              .map(of -> !of.isAbsent())
              .findFirst()
              .orElse(everywhere);
      Keys keys = JobReader.keys(SmallestJob.around(key).put(choice, name).yaml());
      boolean asked =
          keys.known().entrySet().stream()
              .anyMatch(
                  map ->
                      map.getValue().stream()
                          .map(own -> map.getKey().isEmpty() ? own : map.getKey() + "." + own)
                          .map(SmallestJob::plain)
                          .anyMatch(key::equals));
      if (told != asked) {
        wrong.add(
            "%s under %s %s: README says %s, a job %s".formatted(key, choice, name, told, asked));
      }
    }
  }

  @Test
  void exceptionsAreNeeded() {
    Set<String> values = new TreeSet<>();
    Set<String> keys = new TreeSet<>();
    cases().forEach(c -> values.add(c.value()));
    cases().forEach(c -> keys.add(c.key()));
    OPEN.keySet().forEach(word -> assertTrue(values.contains(word), word));
    NOT_COMPARED.keySet().forEach(key -> assertTrue(keys.contains(key), key));
    FIXED.keySet().forEach(key -> assertTrue(keys.contains(key), key));
    NOT_COMPARED.keySet().forEach(ReferenceTableTest::assertNotComparable);
  }

  /** Whoever can compare a default shall. */
  private static void assertNotComparable(String key) {
    Case of = cases().filter(c -> c.key().equals(key)).findFirst().orElseThrow();
    try {
      new ReferenceTableTest().isWhatAJobResolvesTo(of);
    } catch (AssertionError | RuntimeException e) {
      return;
    }
    throw new AssertionError(key + " can be compared");
  }

  /** The names that a key chooses among, in a job. */
  private static Optional<List<String>> names(Yaml.Mapping job, String key) {
    return JobReader.keys(job).choices().stream()
        .filter(
            choice -> {
              String own = SmallestJob.plain(choice.section().full(choice.key()));
              return own.equals(key) || own.equals(key + ".type");
            })
        .map(Keys.Choice::names)
        .findFirst();
  }

  private static String parent(String key) {
    return key.contains(".") ? key.substring(0, key.lastIndexOf('.')) : "";
  }

  private static ReferenceTable table() {
    try {
      return ReferenceTable.ofReadme();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
