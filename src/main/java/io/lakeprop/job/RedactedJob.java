package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShellWord;
import io.lakeprop.data.TableMeaning;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A job without its secrets, as a file that trains the same model once it is told them again.
 *
 * <p>A value under a secret key becomes the {@code ${variable}} that it was, or the mark. A
 * variable is secret by its own name or by where it goes, and stays a {@code ${variable}} wherever
 * else it went, too.
 */
final class RedactedJob {
  /** Maps whose keys are names of columns or classes: no name makes an expression a secret. */
  static final Set<String> NAMES = Set.of("derive", "columns", "class_weights");

  /** Keys whose values are names of columns. */
  private static final Set<String> COLUMNS = Set.of("label", "weight");

  private final Secrets secrets;
  private final Yaml.Mapping job;
  private final Set<String> variables = new HashSet<>();
  private final Set<String> values = new HashSet<>();

  RedactedJob(Secrets secrets, Yaml.Mapping job) {
    this.secrets = secrets;
    this.job = job;
  }

  /** What stands in a text where a value was: variables and the mark. */
  static Set<String> untold(String text) {
    Set<String> untold = new LinkedHashSet<>();
    JobTree.VARIABLE.matcher(text).results().forEach(variable -> untold.add(variable.group()));
    if (text.contains(Secrets.MARK)) {
      untold.add(Secrets.MARK);
    }
    return untold;
  }

  /**
   * Refuses an argument of the command line in which something stands where a value was: SQL would
   * take it for a text.
   *
   * @param option as messages name it
   */
  static void requireWhole(String option, String text) {
    for (String untold : untold(text)) {
      throw new InvalidInput(
          untold.equals(Secrets.MARK)
              ? "%s must be whole, however: %s stands where a secret was (write the secret there)"
                  .formatted(option, untold)
              : "%s must be whole, however: only job files have variables, such as %s (write its value there; the text itself is concat('$', '%s') in SQL)"
                  .formatted(option, untold, untold.substring(1)));
    }
  }

  /** Refuses a job in which the mark stands where a value was. */
  static void requireWhole(Yaml.Mapping job) {
    requireWhole("", job);
  }

  private static void requireWhole(String path, Yaml yaml) {
    if (yaml instanceof Yaml.Mapping mapping) {
      mapping
          .entries()
          .forEach((key, value) -> requireWhole(path.isEmpty() ? key : path + "." + key, value));
    } else if (yaml instanceof Yaml.Sequence sequence) {
      sequence.elements().forEach(element -> requireWhole(path, element));
    } else if (((Yaml.Scalar) yaml).text().contains(Secrets.MARK)) {
      String or =
          path.startsWith(JobTree.VARS + ".")
              ? " or " + JobTree.environment(path.substring(JobTree.VARS.length() + 1))
              : "";
      throw new InvalidInput(
          "%s: %s must be given again, however: it is a secret that this file does not tell (--set %s%s)"
              .formatted(yaml.where(), path, ShellWord.of(path + "=..."), or));
    }
  }

  /** The job without its secrets. */
  Yaml.Mapping mapping() {
    values();
    return (Yaml.Mapping) told(job, false, true);
  }

  /**
   * How the job's table was read, as the model's file may say it: secrets of derive as in the job.
   */
  TableMeaning told(TableMeaning meaning) {
    Map<String, String> before = derive(job);
    Map<String, String> after = derive(mapping());
    Map<String, String> derive = new LinkedHashMap<>(meaning.derive());
    derive.replaceAll(
        (name, sql) ->
            Objects.equals(before.get(name), after.get(name))
                ? sql
                : after.getOrDefault(name, Secrets.MARK));
    return meaning.withDerive(derive);
  }

  private static Map<String, String> derive(Yaml.Mapping root) {
    Map<String, String> texts = new HashMap<>();
    if (root.entries().get("table") instanceof Yaml.Mapping table
        && table.entries().get("derive") instanceof Yaml.Mapping derive) {
      derive
          .entries()
          .forEach(
              (name, sql) -> {
                if (sql instanceof Yaml.Scalar scalar) {
                  texts.put(name, scalar.text());
                }
              });
    }
    return texts;
  }

  /** The values that must not be told, in whatever text they stand. */
  Set<String> values() {
    Map<String, Yaml> vars =
        job.entries().get(JobTree.VARS) instanceof Yaml.Mapping mapping
            ? mapping.entries()
            : Map.of();
    vars.forEach(
        (name, value) -> {
          if (isSecret(name, value)) {
            variables.add(name);
          }
        });
    note(job, false, true);
    Set.copyOf(variables).stream()
        .filter(vars::containsKey)
        .forEach(name -> note(vars.get(name), true, true));
    values.removeAll(columns());
    return values;
  }

  /**
   * Whether a variable is secret, by its name or by where it goes, once {@link #values} was asked.
   */
  boolean isSecretVariable(String name) {
    return variables.contains(name)
        || variables.stream().anyMatch(own -> name.startsWith(own + "."));
  }

  /** Names of columns in the job: a word that is one cannot be hidden wherever it stands. */
  Set<String> columns() {
    Set<String> names = new HashSet<>(derive(job).keySet());
    for (String key : COLUMNS) {
      Yaml own = job.entries().get(key);
      Yaml labels = own instanceof Yaml.Mapping mapping ? mapping.entries().get("column") : own;
      List<Yaml> all =
          labels instanceof Yaml.Sequence sequence
              ? sequence.elements()
              : labels == null ? List.of() : List.of(labels);
      for (Yaml column : all) {
        if (column instanceof Yaml.Scalar scalar) {
          names.add(scalar.text());
        }
      }
    }
    return names;
  }

  private boolean isSecret(String key, Yaml value) {
    return value instanceof Yaml.Scalar scalar
        ? secrets.keys().isSecret(key, scalar.text())
        : secrets.keys().isSecret(key);
  }

  /**
   * @param secret whether what stands here is one, whatever its keys
   * @param keysSay whether the keys here say what is secret
   */
  private void note(Yaml yaml, boolean secret, boolean keysSay) {
    if (yaml instanceof Yaml.Mapping mapping) {
      mapping
          .entries()
          .forEach(
              (key, value) ->
                  note(value, secret || (keysSay && isSecret(key, value)), !NAMES.contains(key)));
    } else if (yaml instanceof Yaml.Sequence sequence) {
      sequence.elements().forEach(element -> note(element, secret, true));
    } else if (secret && tells((Yaml.Scalar) yaml)) {
      Yaml.Scalar scalar = (Yaml.Scalar) yaml;
      if (!JobTree.VARIABLE.matcher(scalar.text()).matches()) {
        values.add(scalar.text());
      }
      // Of a job whose variables are not filled in yet, the text is the source.
      JobTree.VARIABLE
          .matcher(scalar.source().orElse(scalar.text()))
          .results()
          .forEach(variable -> variables.add(variable.group(1)));
    }
  }

  private Yaml told(Yaml yaml, boolean secret, boolean keysSay) {
    if (yaml instanceof Yaml.Mapping mapping) {
      LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
      boolean vars = mapping == job.entries().get(JobTree.VARS);
      mapping
          .entries()
          .forEach(
              (key, value) ->
                  entries.put(
                      key,
                      told(
                          value,
                          secret
                              || (vars ? variables.contains(key) : keysSay && isSecret(key, value)),
                          !NAMES.contains(key))));
      return new Yaml.Mapping(mapping.where(), entries);
    }
    if (yaml instanceof Yaml.Sequence sequence) {
      return new Yaml.Sequence(
          sequence.where(),
          sequence.elements().stream().map(element -> told(element, secret, true)).toList());
    }
    Yaml.Scalar scalar = (Yaml.Scalar) yaml;
    String text = scalar.text();
    String told = secret ? hidden(scalar) : visible(scalar);
    return told.equals(text) ? scalar : new Yaml.Scalar(scalar.where(), told, Optional.of(told));
  }

  private String hidden(Yaml.Scalar scalar) {
    if (!tells(scalar)) {
      return scalar.text();
    }
    return scalar
        .source()
        .filter(source -> JobTree.VARIABLE.matcher(source).matches())
        .orElse(Secrets.MARK);
  }

  private String visible(Yaml.Scalar scalar) {
    String source = scalar.source().orElse("");
    boolean isTold =
        JobTree.VARIABLE.matcher(source).results().noneMatch(v -> variables.contains(v.group(1)));
    return SecretValues.without(values, secrets.address(isTold ? scalar.text() : source));
  }

  /** Null and a yes or no keep no secret. */
  private static boolean tells(Yaml.Scalar scalar) {
    return scalar.value().isPresent() && !SecretValues.isFlag(scalar.text());
  }
}
