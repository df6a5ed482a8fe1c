package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the cause of a key that is unknown or missing by reading the job again: once behind its
 * faults, and then with every other name of every key that chooses.
 *
 * <p>So no list says which key goes with which type: the readers do, by what they ask for.
 */
final class KeyAdvice {
  /** A key that decides whether there is another, and the names under which there is. */
  private record Condition(Keys.Choice choice, List<String> names) {
    String words() {
      int last = names.size() - 1;
      String all =
          last == 0
              ? names.get(0)
              : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
      return choice.section().full(choice.key()) + ": " + all;
    }
  }

  private final Yaml.Mapping job;
  private final Keys keys;

  private KeyAdvice(Yaml.Mapping job) {
    this.job = job;
    this.keys = JobReader.keys(job);
  }

  /**
   * A refusal that names the cause.
   *
   * @param refusal as the reading itself made it
   */
  static InvalidInput of(Yaml.Mapping job, Keys.Complaint complaint, InvalidInput refusal) {
    KeyAdvice advice = new KeyAdvice(job);
    return advice.of(complaint).map(message -> new InvalidInput(message, refusal)).orElse(refusal);
  }

  private Optional<String> of(Keys.Complaint complaint) {
    return complaint.missing()
        ? misspelt(complaint.section(), complaint.key())
        : unknown(complaint.section(), complaint.key());
  }

  /** Another key was meant to be the missing one. */
  private Optional<String> misspelt(Section section, String missing) {
    Set<String> known = keys.known(section.path());
    return section.keys().stream()
        .filter(key -> !known.contains(key))
        .filter(key -> Guess.key(key, known, section.keys()).equals(Optional.of(missing)))
        .findFirst()
        .map(key -> section.unknown(key, Guess.question(Optional.of(missing))));
  }

  private Optional<String> unknown(Section section, String key) {
    Map<String, List<Condition>> others = conditions(section.path());
    if (others.containsKey(key)) {
      Condition condition = others.get(key).get(0);
      return Optional.of(
          "%s: %s needs %s, however: %s"
              .formatted(
                  section.whereIs(key), section.full(key), condition.words(), now(condition)));
    }
    List<String> candidates = new ArrayList<>(keys.known(section.path()));
    candidates.addAll(others.keySet());
    Optional<String> guess =
        Guess.key(key, candidates, section.keys())
            .map(
                near ->
                    others.containsKey(near)
                        ? near + ", which needs " + others.get(near).get(0).words()
                        : near)
            .or(() -> elsewhere(key));
    return guess.map(near -> section.unknown(key, Guess.question(Optional.of(near))));
  }

  /** The same key of another map, by the shortest path. */
  private Optional<String> elsewhere(String key) {
    Optional<String> ours = Optional.ofNullable(Keys.OTHER_NAMES.get(Guess.plain(key)));
    return keys.known().entrySet().stream()
        .filter(map -> map.getValue().contains(ours.orElse(key)))
        .map(map -> map.getKey().isEmpty() ? "" : map.getKey() + ".")
        .map(prefix -> prefix + ours.orElse(key))
        .min(Comparator.comparingInt(String::length));
  }

  private static String now(Condition condition) {
    Keys.Choice choice = condition.choice();
    String name = choice.section().full(choice.key());
    return choice
        .section()
        .text(choice.key())
        .map(text -> name + " is " + text)
        .or(() -> choice.otherwise().map(otherwise -> name + " is " + otherwise))
        .orElse(name + " is not given");
  }

  /** The keys that a map would have under other names of a choice, those of its own map first. */
  private Map<String, List<Condition>> conditions(String path) {
    Map<String, List<Condition>> conditions = new LinkedHashMap<>();
    List<Keys.Choice> choices = new ArrayList<>();
    keys.choices().stream().filter(c -> c.section().path().equals(path)).forEach(choices::add);
    // Of the others those at the top: a file may have thousands below, one a column.
    keys.choices().stream()
        .filter(c -> !c.section().path().equals(path) && !c.section().path().contains("."))
        .forEach(choices::add);
    for (Keys.Choice choice : choices) {
      Map<String, List<String>> names = new LinkedHashMap<>();
      for (String name : choice.names()) {
        for (String key : choice.section().with(choice.key(), name, () -> known(path))) {
          names.computeIfAbsent(key, k -> new ArrayList<>()).add(name);
        }
      }
      names.keySet().removeAll(keys.known(path));
      names.forEach(
          (key, all) ->
              conditions
                  .computeIfAbsent(key, k -> new ArrayList<>())
                  .add(new Condition(choice, all)));
    }
    return conditions;
  }

  private Set<String> known(String path) {
    return JobReader.keys(job).known(path);
  }
}
