package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShellWord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From a job file's text to its final data: overrides applied, variables filled in. */
final class JobTree {
  /** A variable in a text; the group is its name. */
  static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]{0,200})}");

  /** That variables may fill in, in all: a job file has at most as many itself. */
  private static final long MOST_CHARACTERS = 1 << 20;

  /** The key under which variables stand. */
  static final String VARS = "vars";

  private static final String ENVIRONMENT_PREFIX = "LAKEPROP_";

  private final Map<String, Yaml> vars;
  private final Set<String> used = new LinkedHashSet<>();
  private long characters;

  private JobTree(Map<String, Yaml> vars) {
    this.vars = vars;
  }

  /**
   * Resolves a job file.
   *
   * @param overrides {@code a.b=value}, each value read as YAML
   * @param environment {@code LAKEPROP_NAME} overrides the variable {@code name}: with a number or
   *     a truth value where it is one
   */
  static Yaml.Mapping resolve(
      String file, String text, List<String> overrides, Map<String, String> environment) {
    Yaml.Mapping root = Yaml.read(file, text);
    Set<String> inFile = setAll(variables(root), environment);
    checkOnce(overrides);
    overrides.forEach(override -> set(root, override));
    RedactedJob.requireWhole(root);
    JobTree tree = new JobTree(variables(root));
    Yaml.Mapping filled = (Yaml.Mapping) tree.filled(root);
    tree.checkUsed(inFile);
    return filled;
  }

  /**
   * The job as far as it can be read before anything of it is refused: overrides applied that can
   * be, and variables not filled in.
   */
  static Yaml.Mapping attempt(
      String file, String text, List<String> overrides, Map<String, String> environment) {
    Yaml.Mapping root = Yaml.read(file, text);
    if (root.entries().get(VARS) instanceof Yaml.Mapping vars) {
      setAll(vars.entries(), environment);
    }
    for (String override : overrides) {
      try {
        set(root, override);
      } catch (InvalidInput e) {
        // Whoever resolves the job says what is wrong.
      }
    }
    return root;
  }

  /** Sets variables to what an environment has for them; returns the names of all. */
  private static Set<String> setAll(Map<String, Yaml> vars, Map<String, String> environment) {
    for (Map.Entry<String, Yaml> variable : vars.entrySet()) {
      String name = environment(variable.getKey());
      if (environment.containsKey(name)) {
        variable.setValue(Yaml.scalar("variable " + name, environment.get(name)));
      }
    }
    return Set.copyOf(vars.keySet());
  }

  /** The variable that an override sets, or sets something below. */
  static Optional<String> variable(String override) {
    String key = override.split("=", 2)[0];
    return key.startsWith(VARS + ".")
        ? Optional.of(key.substring(VARS.length() + 1))
        : Optional.empty();
  }

  /** Refuses a variable of the command line that changes nothing, as a misspelt one does. */
  private void checkUsed(Set<String> inFile) {
    for (String name : vars.keySet()) {
      if (!inFile.contains(name) && !used.contains(name)) {
        Set<String> others = new LinkedHashSet<>(used);
        others.addAll(inFile);
        Optional<String> near = Guess.nearest(name, others, Map.of());
        throw new InvalidInput(
            "vars.%s is a variable that nothing uses%s"
                .formatted(name, Guess.question(near.map((VARS + ".%s")::formatted))));
      }
    }
  }

  /** The environment variable that overrides a variable. */
  static String environment(String variable) {
    return ENVIRONMENT_PREFIX + variable.toUpperCase(Locale.ROOT);
  }

  /** Which of two values for a key is meant, nobody can tell. */
  private static void checkOnce(List<String> overrides) {
    Map<String, String> seen = new HashMap<>();
    for (String override : overrides) {
      String other = seen.put(override.split("=", 2)[0], override);
      if (other != null) {
        throw new InvalidInput(
            "--set must give a key once, however: %s, then %s".formatted(other, override));
      }
    }
  }

  /** Sets a dotted key, making the maps on the way; a key of a map may have dots of its own. */
  static void set(Yaml.Mapping root, String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new InvalidInput("--set must be key=value, however: " + override);
    }
    String[] path = override.substring(0, equals).split("\\.", -1);
    Yaml.Mapping at = root;
    for (int i = 0; i + 1 < path.length; i++) {
      String rest = String.join(".", List.of(path).subList(i, path.length));
      if (at.entries().containsKey(rest)) {
        path[path.length - 1] = rest;
        break;
      }
      Yaml next = at.entries().get(path[i]);
      if (!(next instanceof Yaml.Mapping)) {
        checkReplaceable(override, path[i], next);
        next = new Yaml.Mapping("--set " + override, new LinkedHashMap<>());
        at.entries().put(path[i], next);
      }
      at = (Yaml.Mapping) next;
    }
    at.entries().put(path[path.length - 1], value(override, equals));
  }

  /** Refuses to put a map where something else stands. */
  private static void checkReplaceable(String override, String key, Yaml there) {
    boolean list = there instanceof Yaml.Sequence;
    if (list || (there instanceof Yaml.Scalar scalar && scalar.value().isPresent())) {
      throw new InvalidInput(
          "--set %s: %s must be a map, however: it is %s"
              .formatted(
                  override,
                  key,
                  list
                      ? "a list (give the whole list, or a map in its place)"
                      : ((Yaml.Scalar) there).text()));
    }
  }

  /** The value of an override, none of which is lost as a comment. */
  private static Yaml value(String override, int equals) {
    String text = override.substring(equals + 1);
    Yaml value = Yaml.parse("--set " + override, text);
    if (Yaml.hasComment(text)) {
      String key = override.substring(0, equals);
      boolean plain = value instanceof Yaml.Scalar && !text.strip().matches("(?s)[\"'|>].*|.*\n.*");
      throw new InvalidInput(
          "--set %s must be whole, however: # begins a comment in it (%s)"
              .formatted(
                  key,
                  plain
                      ? "in quotes it begins none: --set "
                          + ShellWord.of(key + "=" + Yaml.quoted(text))
                      : "leave the comment out"));
    }
    return value;
  }

  private static Map<String, Yaml> variables(Yaml.Mapping root) {
    Yaml vars = root.entries().get(VARS);
    if (vars == null || (vars instanceof Yaml.Scalar scalar && scalar.value().isEmpty())) {
      return Map.of();
    }
    if (vars instanceof Yaml.Mapping mapping) {
      return mapping.entries();
    }
    throw new InvalidInput(vars.where() + ": vars must be a map of names and values");
  }

  private Yaml filled(Yaml yaml) {
    if (yaml instanceof Yaml.Mapping mapping) {
      LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
      mapping.entries().forEach((key, value) -> entries.put(key, filled(value)));
      return new Yaml.Mapping(mapping.where(), entries);
    }
    if (yaml instanceof Yaml.Sequence sequence) {
      List<Yaml> elements = new ArrayList<>();
      sequence.elements().forEach(element -> elements.add(filled(element)));
      return new Yaml.Sequence(sequence.where(), elements);
    }
    Yaml.Scalar scalar = (Yaml.Scalar) yaml;
    Matcher whole = VARIABLE.matcher(scalar.text());
    if (whole.matches()) {
      // The variable alone keeps its type: batch: ${batch} is a number.
      Yaml.Scalar value = variable(scalar, whole.group(1));
      return new Yaml.Scalar(
          scalar.where(), value.text(), value.value(), Optional.of(scalar.text()));
    }
    if (!scalar.text().contains("${")) {
      return scalar;
    }
    String text =
        VARIABLE
            .matcher(scalar.text())
            .replaceAll(match -> Matcher.quoteReplacement(variable(scalar, match.group(1)).text()));
    return new Yaml.Scalar(scalar.where(), text, Optional.of(text), Optional.of(scalar.text()));
  }

  private Yaml.Scalar variable(Yaml.Scalar at, String name) {
    Yaml value = vars.get(name);
    used.add(name);
    if (value instanceof Yaml.Scalar scalar && !scalar.text().contains("${")) {
      characters += scalar.text().length();
      if (characters > MOST_CHARACTERS) {
        throw new InvalidInput(
            "%s: variables must fill in at most %d characters in all, however: ${%s} is beyond"
                .formatted(at.where(), MOST_CHARACTERS, name));
      }
      return scalar;
    }
    Optional<String> near = Guess.nearest(name, vars.keySet(), Map.of());
    throw new InvalidInput(
        "%s: ${%s} must be a plain value under vars, however: %s"
            .formatted(
                at.where(),
                name,
                value == null
                    ? "vars has " + vars.keySet() + Guess.question(near.map("${%s}"::formatted))
                    : "it is none"));
  }
}
