package io.lakeprop.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.base.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The one way in which JSON is read here: whole UTF-8 and nothing else, no key twice, nothing after
 * the end, bounded depth, numbers and memory.
 */
final class StrictJson {
  private static final int DEEPEST = 32;

  /** A tree takes some 50 bytes a token, however little of the file the token is. */
  static final long MOST_TOKENS = 10_000_000;

  /** Characters of a text: a cell of a table may be a document. */
  static final int LONGEST_TEXT = 20_000_000;

  /** Doubles as Java writes them have at most 24 characters. */
  private static final int LONGEST_NUMBER = 100;

  private static final ObjectMapper JSON = mapper();

  private StrictJson() {}

  static ObjectMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Keys of a file from elsewhere have no business in the JVM's table of constants.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxTokenCount(MOST_TOKENS)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();
    return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** The object that a whole file is. */
  static JsonObject read(String where, byte[] file) {
    return read(where, file, 0, file.length);
  }

  /**
   * The object in a part of a file.
   *
   * @param where the file, for messages
   */
  static JsonObject read(String where, byte[] file, int from, int length) {
    try {
      // Decoded here, since Jackson would guess among encodings and lets some broken UTF-8 pass.
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(file, from, length))
              .toString();
      JsonNode root = JSON.readTree(text);
      checkTexts(where, root);
      return new JsonObject(where + ":", root);
    } catch (CharacterCodingException e) {
      throw new InvalidInput(where + " must be UTF-8 text, however: it is not", e);
    } catch (JsonProcessingException e) {
      throw new InvalidInput(where + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Refuses texts that no UTF-8 can hold: they would be written as something else. */
  private static void checkTexts(String where, JsonNode node) {
    if (node.isTextual()) {
      checkText(where, node.textValue());
    }
    node.fieldNames().forEachRemaining(key -> checkText(where, key));
    node.forEach(child -> checkTexts(where, child));
  }

  private static void checkText(String where, String text) {
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw new InvalidInput(
          where + ": texts must be whole Unicode, however: half a character in \"" + text + "\"");
    }
  }
}
