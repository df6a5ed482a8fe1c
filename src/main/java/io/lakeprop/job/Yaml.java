package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.CommentEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * YAML 1.2 as plain data with places: maps, lists and scalars, no tags, no aliases, no key twice.
 */
sealed interface Yaml {
  /** Levels of maps and lists. */
  int DEEPEST = 32;

  /** Characters of a document. */
  int LONGEST = 1 << 20;

  /** What a text is by its look alone. */
  ScalarResolver RESOLVER = LoadSettings.builder().build().getSchema().getScalarResolver();

  /** Of values that are no texts, but for null. */
  Set<Tag> NOT_TEXTS = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL);

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

  /** Whether nothing is there, or null. */
  static boolean isNull(Yaml yaml) {
    return yaml == null || (yaml instanceof Scalar scalar && scalar.value().isEmpty());
  }

  /** Reads one document. */
  static Mapping read(String file, String text) {
    Yaml root = parse(file, text);
    if (root instanceof Mapping mapping) {
      return mapping;
    }
    throw new InvalidInput(
        "%s: a job file must be a map of keys, however: it is %s (the shortest has table, label and output, each a line such as label: y)"
            .formatted(
                file,
                root instanceof Sequence
                    ? "a list"
                    : ((Scalar) root).value().isEmpty() ? "empty" : "one value"));
  }

  /** Reads any value. */
  static Yaml parse(String file, String text) {
    if (text.length() > LONGEST) {
      throw new InvalidInput(
          "%s: a job file must have at most %d characters, however: it has %d"
              .formatted(file, LONGEST, text.length()));
    }
    return compose(file, text)
        .map(root -> of(file, root))
        .orElseGet(() -> new Scalar(file, "", Optional.empty()));
  }

  /** Whether a part of a value that can be read is a comment. */
  static boolean hasComment(String text) {
    if (text.indexOf('#') < 0) {
      return false;
    }
    LoadSettings settings = LoadSettings.builder().setParseComments(true).build();
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof CommentEvent comment
          && comment.getCommentType() != CommentType.BLANK_LINE) {
        return true;
      }
    }
    return false;
  }

  /** A text of one line as YAML that reads as all of it. */
  static String quoted(String text) {
    return text.matches(".*[\"\\\\].*") ? "'" + text.replace("'", "''") + "'" : '"' + text + '"';
  }

  private static Optional<Node> compose(String file, String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    try {
      checkEvents(file, new Parse(settings).parseString(text));
      return new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      throw new InvalidInput(
          file + line(file, e.getProblemMark()) + ": " + context + e.getProblem(), e);
    } catch (InvalidInput e) {
      throw e;
    } catch (YamlEngineException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // The last two are the parser's own slips, such as for an escape that is no character.
      throw new InvalidInput(file + ": no YAML: " + e.getMessage(), e);
    }
  }

  /**
   * Looks at the document as a stream, before a tree is made of it: making one takes a stack frame
   * a level and follows aliases.
   */
  private static void checkEvents(String file, Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      String where = file + line(file, event.getStartMark());
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
      if (depth > DEEPEST) {
        throw new InvalidInput(
            "%s: a job file must be at most %d levels deep, however: it is deeper"
                .formatted(where, DEEPEST));
      }
      if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
        throw new InvalidInput(
            where + ": anchors and aliases are not supported; write ${name} and vars.name");
      }
      tag(event)
          .ifPresent(
              tag -> {
                throw new InvalidInput(where + ": tags are not supported, however: " + tag);
              });
    }
  }

  private static Optional<String> tag(Event event) {
    if (event instanceof CollectionStartEvent collection) {
      return collection.getTag();
    }
    return event instanceof ScalarEvent scalar ? scalar.getTag() : Optional.empty();
  }

  /** {@code :14}, but for an override, which has no lines to count. */
  private static String line(String file, Optional<Mark> mark) {
    return file.startsWith("--") ? "" : mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
  }

  private static Yaml of(String file, Node node) {
    String where = file + line(file, node.getStartMark());
    if (node instanceof MappingNode mapping) {
      return mapping(file, where, mapping);
    }
    if (node instanceof SequenceNode sequence) {
      List<Yaml> elements = new ArrayList<>();
      sequence.getValue().forEach(element -> elements.add(of(file, element)));
      return new Sequence(where, elements);
    }
    ScalarNode scalar = (ScalarNode) node;
    return new Scalar(where, scalar.getValue(), value(where, scalar));
  }

  private static Mapping mapping(String file, String where, MappingNode node) {
    LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Yaml key = of(file, tuple.getKeyNode());
      if (!(key instanceof Scalar name)) {
        throw new InvalidInput(key.where() + ": a key must be a text");
      }
      if (entries.put(name.text(), of(file, tuple.getValueNode())) != null) {
        throw new InvalidInput(key.where() + ": key " + name.text() + " comes twice");
      }
    }
    return new Mapping(where, entries);
  }

  private static Optional<Object> value(String where, ScalarNode node) {
    try {
      return value(where, node.getTag(), node.getValue());
    } catch (NumberFormatException e) {
      String rule = node.getTag().equals(Tag.FLOAT) ? "be finite" : "have 64 bits";
      throw new InvalidInput(
          "%s: a number must %s, however: %s".formatted(where, rule, node.getValue()), e);
    }
  }

  private static Optional<Object> value(String where, Tag tag, String text) {
    if (tag.equals(Tag.NULL)) {
      return Optional.empty();
    }
    if (tag.equals(Tag.BOOL)) {
      return Optional.of(Boolean.valueOf(text));
    }
    if (tag.equals(Tag.INT)) {
      return Optional.of(Long.valueOf(text));
    }
    if (tag.equals(Tag.FLOAT)) {
      return Optional.of(Double.valueOf(text));
    }
    // The parser has a tag of its own for ${name}; here it is a text until vars are filled in.
    if (tag.equals(Tag.STR) || tag.equals(Tag.ENV_TAG)) {
      return Optional.of(text);
    }
    throw new InvalidInput(where + ": tags are not supported, however: " + tag.getValue());
  }

  /**
   * A value that comes from elsewhere than a file: a number or a truth value where it looks like
   * one, and otherwise a text of all its characters, whatever they mean in YAML.
   */
  static Scalar scalar(String where, String text) {
    Tag tag = RESOLVER.resolve(text, true);
    try {
      return new Scalar(
          where, text, NOT_TEXTS.contains(tag) ? value(where, tag, text) : Optional.of(text));
    } catch (NumberFormatException e) {
      return new Scalar(where, text, Optional.of(text)); // Longer than any number, as a code is.
    }
  }

  /** The same data as text: every value as it was written, so that it reads as it did. */
  static String write(Mapping mapping) {
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(100).build();
    List<Event> events = new Serialize(settings).serializeOne(node(mapping));
    return new Present(settings).emitToString(events.iterator());
  }

  private static Node node(Yaml yaml) {
    if (yaml instanceof Mapping mapping) {
      List<NodeTuple> tuples = new ArrayList<>();
      mapping.entries().forEach((key, value) -> tuples.add(new NodeTuple(text(key), node(value))));
      return new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
    }
    if (yaml instanceof Sequence sequence) {
      List<Node> elements = sequence.elements().stream().map(Yaml::node).toList();
      return new SequenceNode(Tag.SEQ, elements, FlowStyle.BLOCK);
    }
    Scalar scalar = (Scalar) yaml;
    return scalar.value().filter(value -> value instanceof String).isPresent()
        ? text(scalar.text())
        : new ScalarNode(RESOLVER.resolve(scalar.text(), true), scalar.text(), ScalarStyle.PLAIN);
  }

  /** Quoted where it would be read as something else. */
  private static Node text(String text) {
    return new ScalarNode(Tag.STR, text, ScalarStyle.PLAIN);
  }
}
