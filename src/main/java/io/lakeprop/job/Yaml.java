package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * YAML 1.2 as plain data with places: maps, lists and scalars, no tags, no aliases, no key twice.
 */
sealed interface Yaml {
  /** Where it stands, such as {@code jobs/adult.yaml:14}. */
  String where();

  /** Keys in their order. */
  record Mapping(String where, LinkedHashMap<String, Yaml> entries) implements Yaml {}

  /** Elements. */
  record Sequence(String where, List<Yaml> elements) implements Yaml {}

  /**
   * A text, number, boolean or null.
   *
   * @param value as Java sees it: String, Long, Double, Boolean, or empty for null
   * @param text as it is written
   * @param source the text before variables were filled in, where there were any
   */
  record Scalar(String where, String text, Optional<Object> value, Optional<String> source)
      implements Yaml {
    /** A scalar without variables. */
    Scalar(String where, String text, Optional<Object> value) {
      this(where, text, value, Optional.empty());
    }
  }

  /** Reads one document. */
  static Mapping read(String file, String text) {
    Yaml root = parse(file, text);
    if (root instanceof Mapping mapping) {
      return mapping;
    }
    throw new InvalidInput(file + ": a job file must be a map of keys, however: it is not");
  }

  /** Reads any value. */
  static Yaml parse(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(1 << 20).build();
    try {
      Optional<Node> node = new Compose(settings).composeString(text);
      return node.map(root -> of(file, root, 0))
          .orElseGet(() -> new Scalar(file, "", Optional.empty()));
    } catch (MarkedYamlEngineException e) {
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      throw new InvalidInput(
          file + line(file, e.getProblemMark()) + ": " + context + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new InvalidInput(file + ": " + e.getMessage(), e);
    }
  }

  /** {@code :14}, but for an override, which has no lines to count. */
  private static String line(String file, Optional<Mark> mark) {
    return file.startsWith("--") ? "" : mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
  }

  private static Yaml of(String file, Node node, int depth) {
    String where = file + line(file, node.getStartMark());
    if (depth > 32) {
      throw new InvalidInput(where + ": a job file must be at most 32 levels deep");
    }
    if (node.getAnchor().isPresent()) {
      throw new InvalidInput(
          where + ": anchors and aliases are not supported; write ${name} and vars.name");
    }
    if (node instanceof MappingNode mapping) {
      return mapping(file, where, mapping, depth);
    }
    if (node instanceof SequenceNode sequence) {
      List<Yaml> elements = new ArrayList<>();
      sequence.getValue().forEach(element -> elements.add(of(file, element, depth + 1)));
      return new Sequence(where, elements);
    }
    ScalarNode scalar = (ScalarNode) node;
    return new Scalar(where, scalar.getValue(), value(where, scalar));
  }

  private static Mapping mapping(String file, String where, MappingNode node, int depth) {
    LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Yaml key = of(file, tuple.getKeyNode(), depth + 1);
      if (!(key instanceof Scalar name)) {
        throw new InvalidInput(key.where() + ": a key must be a text");
      }
      if (entries.put(name.text(), of(file, tuple.getValueNode(), depth + 1)) != null) {
        throw new InvalidInput(key.where() + ": key " + name.text() + " comes twice");
      }
    }
    return new Mapping(where, entries);
  }

  private static Optional<Object> value(String where, ScalarNode node) {
    Tag tag = node.getTag();
    String text = node.getValue();
    if (tag.equals(Tag.NULL)) {
      return Optional.empty();
    }
    if (tag.equals(Tag.BOOL)) {
      return Optional.of(Boolean.valueOf(text));
    }
    try {
      if (tag.equals(Tag.INT)) {
        return Optional.of(Long.valueOf(text));
      }
      if (tag.equals(Tag.FLOAT)) {
        return Optional.of(Double.valueOf(text));
      }
    } catch (NumberFormatException e) {
      throw new InvalidInput(where + ": " + text + " must be a number of 64 bits", e);
    }
    // The parser has a tag of its own for ${name}; here it is a text until vars are filled in.
    if (tag.equals(Tag.STR) || tag.equals(Tag.ENV_TAG)) {
      return Optional.of(text);
    }
    throw new InvalidInput(where + ": tags are not supported, however: " + tag.getValue());
  }

  /** The same data as text. */
  static String write(Mapping mapping) {
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(100).build();
    return new Dump(settings).dumpToString(plain(mapping));
  }

  private static Object plain(Yaml yaml) {
    if (yaml instanceof Mapping mapping) {
      Map<String, Object> map = new LinkedHashMap<>();
      mapping.entries().forEach((key, value) -> map.put(key, plain(value)));
      return map;
    }
    if (yaml instanceof Sequence sequence) {
      return sequence.elements().stream().map(Yaml::plain).toList();
    }
    return ((Scalar) yaml).value().orElse(null);
  }
}
