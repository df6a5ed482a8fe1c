package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one reading of a job file asks for: the keys of every map, the keys that choose among
 * several names, and what holds for those that are not there.
 */
final class Keys {
  /** What others call our keys. */
  static final Map<String, String> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("lr", "learning_rate"),
          Map.entry("eta", "learning_rate"),
          Map.entry("batchsize", "batch"),
          Map.entry("minibatch", "batch"),
          Map.entry("nepochs", "epochs"),
          Map.entry("maxepochs", "epochs"),
          Map.entry("steps", "rounds"),
          Map.entry("maxsteps", "rounds"),
          Map.entry("iterations", "rounds"),
          Map.entry("earlystopping", "patience"),
          Map.entry("metric", "monitor"),
          Map.entry("target", "label"),
          Map.entry("labels", "label"),
          Map.entry("data", "table"),
          Map.entry("dataset", "table"),
          Map.entry("input", "table"),
          Map.entry("outputdir", "output"),
          Map.entry("outputpath", "output"),
          Map.entry("randomseed", "seed"),
          Map.entry("randomstate", "seed"),
          Map.entry("criterion", "loss"),
          Map.entry("objective", "loss"),
          Map.entry("model", "network"),
          Map.entry("train", "training"),
          Map.entry("scheduler", "schedule"),
          Map.entry("eps", "epsilon"),
          Map.entry("alpha", "decay"),
          Map.entry("rho", "decay"),
          Map.entry("l2regularization", "l2"),
          Map.entry("hiddenlayers", "hidden"),
          Map.entry("hiddensizes", "hidden"),
          Map.entry("classweight", "class_weights"),
          Map.entry("posweight", "positive_weight"),
          Map.entry("sampleweight", "weight"),
          Map.entry("weights", "weight"),
          Map.entry("query", "sql"),
          Map.entry("filter", "where"),
          Map.entry("gradclip", "clip_norm"),
          Map.entry("maxgradnorm", "clip_norm"));

  /**
   * A key whose value is one of several names, and may decide which other keys there are.
   *
   * @param otherwise the name that holds without the key, where it is known
   */
  record Choice(Section section, String key, List<String> names, Optional<String> otherwise) {}

  /**
   * A key that ended the reading.
   *
   * @param missing whether it had to be there; otherwise it is one that nobody asked for
   */
  record Complaint(Section section, String key, boolean missing) {}

  private final boolean lenient;
  private final Defaults defaults = new Defaults();
  private final Map<String, Set<String>> known = new LinkedHashMap<>();
  private final List<Choice> choices = new ArrayList<>();
  private Optional<Complaint> complaint = Optional.empty();
  private Optional<InvalidInput> placed = Optional.empty();

  private Keys(boolean lenient) {
    this.lenient = lenient;
  }

  /** Of a reading that ends at the first fault. */
  static Keys strict() {
    return new Keys(false);
  }

  /** Of a reading that goes on behind unknown and missing keys, so as to ask for as many as can. */
  static Keys lenient() {
    return new Keys(true);
  }

  boolean isLenient() {
    return lenient;
  }

  /** What holds for the keys that are not there. */
  Defaults defaults() {
    return defaults;
  }

  void ask(String path, String key) {
    known.computeIfAbsent(path, p -> new LinkedHashSet<>()).add(key);
  }

  void choose(Choice choice) {
    ask(choice.section().path(), choice.key());
    choices.add(choice);
  }

  InvalidInput complain(Section section, String key, boolean missing, String message) {
    complaint = Optional.of(new Complaint(section, key, missing));
    return place(new InvalidInput(message));
  }

  /** Remembers that a refusal says where in the file it is. */
  InvalidInput place(InvalidInput refusal) {
    placed = Optional.of(refusal);
    return refusal;
  }

  boolean isPlaced(InvalidInput refusal) {
    return placed.filter(last -> last == refusal).isPresent();
  }

  Optional<Complaint> complaint() {
    return complaint;
  }

  /** The keys of all maps, by the maps' paths. */
  Map<String, Set<String>> known() {
    return known;
  }

  /** The keys of a map. */
  Set<String> known(String path) {
    return known.getOrDefault(path, Set.of());
  }

  List<Choice> choices() {
    return choices;
  }
}
