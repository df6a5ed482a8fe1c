package io.lakeprop.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.StreamSupport;

/**
 * How large a model's description may be. The reader goes by these bounds; the writer asks for
 * them, and so does a training before its first round: nobody wants to learn at its end that the
 * model cannot be read.
 *
 * @param tokens of JSON
 * @param bytes of the file
 * @param text characters of the longest text
 */
record ModelSize(long tokens, int bytes, int text) {
  /** Room for every value of a thousand columns of categories. */
  static final ModelSize LARGEST =
      new ModelSize(StrictJson.MOST_TOKENS, 1 << 28, StrictJson.LONGEST_TEXT);

  private static final ObjectMapper JSON = StrictJson.mapper();

  /** A bound, and what it bounds of a part of the description. */
  private record Bound(String of, long most, ToLongFunction<JsonNode> measure) {}

  /**
   * Refuses a description that the reader would refuse.
   *
   * @throws InvalidInput with the bound, and the column that has most of it
   */
  void check(ObjectNode model) {
    for (Bound bound :
        List.of(
            new Bound("values, names and brackets", tokens, ModelSize::tokens),
            new Bound("bytes", bytes, ModelSize::bytes),
            new Bound("characters in a text", text, ModelSize::longestText))) {
      long size = bound.measure.applyAsLong(model);
      if (size > bound.most) {
        throw refusal(bound, size, model.path("features"));
      }
    }
  }

  private static InvalidInput refusal(Bound bound, long size, JsonNode features) {
    JsonNode largest =
        StreamSupport.stream(features.spliterator(), false)
            .max(Comparator.comparingLong(bound.measure))
            .orElseThrow();
    boolean isCategory = largest.path("type").textValue().equals("categorical");
    return new InvalidInput(
        "a model's model.json must have at most %,d %s, or nobody could read it, however: %,d, of which column \"%s\" has %,d (%s, or leave the column out with features.exclude)"
            .formatted(
                bound.most,
                bound.of,
                size,
                largest.path("name").textValue(),
                bound.measure.applyAsLong(largest),
                isCategory
                    ? "a lower maximum_values or a higher minimum_count lists fewer values"
                    : "another scaling than quantile"));
  }

  /** As the parser counts them: an object or an array begins and ends, and a field has its name. */
  static long tokens(JsonNode node) {
    if (node.isValueNode()) {
      return 1;
    }
    long sum = 2L + (node.isObject() ? node.size() : 0);
    for (JsonNode child : node) {
      sum += tokens(child);
    }
    return sum;
  }

  /** Bytes of UTF-8, as {@link #text(JsonNode)} writes it. */
  static long bytes(JsonNode node) {
    Utf8Length length = new Utf8Length();
    try {
      JSON.writerWithDefaultPrettyPrinter().writeValue(length, node);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Nothing is written anywhere.
    }
    return length.bytes + 1;
  }

  private static long longestText(JsonNode node) {
    long longest = node.isTextual() ? node.textValue().length() : 0;
    for (JsonNode child : node) {
      longest = Math.max(longest, longestText(child));
    }
    return longest;
  }

  /** The file. */
  static String text(JsonNode model) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(model) + "\n";
  }

  /** Counts what it is given. */
  private static final class Utf8Length extends Writer {
    private long bytes;

    @Override
    public void write(char[] text, int from, int length) {
      for (int i = from; i < from + length; i++) {
        // A character of four bytes is two halves here.
        bytes += text[i] < 0x80 ? 1 : text[i] < 0x800 || Character.isSurrogate(text[i]) ? 2 : 3;
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
