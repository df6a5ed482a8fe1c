package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys {@code a} and {@code é} are texts. */
final class JsonTextsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "{}|{}",
        "{\"a\":1.50}|{\"a\":\"1.50\"}",
        "{ \"a\" : 1e2 , \"b\": 1.50 }|{ \"a\" : \"1e2\" , \"b\": 1.50 }",
        "{\"b\":{\"a\":1.50},\"a\":true}|{\"b\":{\"a\":1.50},\"a\":\"true\"}",
        "{\"a\":null}|{\"a\":null}",
        "{\"a\":\"1.50\"}|{\"a\":\"1.50\"}",
        "{\"a\":[1.50,{\"x\":\"}\\\"\"}],\"a\":2}|{\"a\":\"[1.50,{\\\"x\\\":\\\"}\\\\\\\"\\\"}]\",\"a\":\"2\"}",
        "{'a':1.50}|{'a':\"1.50\"}",
        "{a:1.50}|{a:\"1.50\"}",
        "{\"\\u00e9\":1.50}|{\"\\u00e9\":\"1.50\"}",
        "{\"b\\\"a\":1.50}|{\"b\\\"a\":1.50}",
        // What is no JSON stays.
        "{\"a\":1.50|{\"a\":1.50",
        "{\"a\" 1.50}|{\"a\" 1.50}",
        "{\"a\":1.50,\"b|{\"a\":1.50,\"b",
        "{\"a\":}|{\"a\":}",
        "{\"\\u00|{\"\\u00",
        "{\"\\u00xy\":1}|{\"\\u00xy\":1}",
      })
  void valuesOfTextsAreQuoted(String object, String expected) {
    assertEquals(expected, JsonTexts.quoted(object, Set.of("a", "é")));
  }
}
