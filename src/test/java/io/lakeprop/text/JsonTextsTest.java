package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
        "{\"a\":[\"\\u00e9\"]}|{\"a\":\"[\\\"\\\\u00e9\\\"]\"}",
        "{ \"a\" : 1e2 , \"b\": 1.50 }|{ \"a\" : \"1e2\" , \"b\": 1.50 }",
        "{\"b\":{\"a\":1.50},\"a\":true}|{\"b\":{\"a\":1.50},\"a\":\"true\"}",
        "{\"a\":null}|{\"a\":null}",
        "{\"a\":\"1.50\"}|{\"a\":\"1.50\"}",
        "{\"a\":[1.50,{\"x\":\"}\\\"\"}],\"a\":2}|{\"a\":\"[1.50,{\\\"x\\\":\\\"}\\\\\\\"\\\"}]\",\"a\":\"2\"}",
        "{\"a\":-0.5E+3,\"a\":NaN}|{\"a\":\"-0.5E+3\",\"a\":\"NaN\"}",
        "{\"a\":-Infinity,\"a\":+INF}|{\"a\":\"-Infinity\",\"a\":\"+INF\"}",
        "{\"a\":{ },\"a\":[ ]}|{\"a\":\"{ }\",\"a\":\"[ ]\"}",
        "{\"b\":\"\\ud83d\\ude00\\\\ud83d\"}|{\"b\":\"\\ud83d\\ude00\\\\ud83d\"}",
        "{\"b\":\"\\ud83d\\ud83d\\uDE00\",\"a\":1}|{\"b\":\"\\ufffd\\ud83d\\uDE00\",\"a\":\"1\"}",
        "{\"b\":\"\\ude00\\ud55c\\ud8\"}|{\"b\":\"\\ufffd\\ud55c\\ud8\"}",
        "{\"a\":\"\",\"b\":\"\"}|{\"a\":\"\",\"b\":null}",
        "{\"b\":'' , \"a\":1.50}|{\"b\":null , \"a\":\"1.50\"}",
        "{\"b\":\" \",\"c\":[\"\"],\"d\":{\"b\":\"\"}}|{\"b\":\""
            + " \",\"c\":[\"\"],\"d\":{\"b\":\"\"}}",
        "{\"b\":\"\",\"a\":hello}|{\"b\":\"\",\"a\":hello}",
        "{'a':1.50}|{'a':\"1.50\"}",
        "{\"\\u00e9\":1.50}|{\"\\u00e9\":\"1.50\"}",
        "{\"b\\\"a\":1.50}|{\"b\\\"a\":1.50}",
        // What is no JSON stays.
        "{\"a\":1.50|{\"a\":1.50",
        "{\"a\" 1.50}|{\"a\" 1.50}",
        "{\"a\":1.50,\"b|{\"a\":1.50,\"b",
        "{\"a\":}|{\"a\":}",
        "{\"a\":,\"y\":1}|{\"a\":,\"y\":1}",
        "{\"a\":10:30,\"y\":0}|{\"a\":10:30,\"y\":0}",
        "{\"a\":hello,\"y\":1}|{\"a\":hello,\"y\":1}",
        "{\"a\":007}|{\"a\":007}",
        "{\"a\":+1}|{\"a\":+1}",
        "{\"a\":1.}|{\"a\":1.}",
        "{\"a\":True}|{\"a\":True}",
        "{\"a\":[1,2},\"y\":1}|{\"a\":[1,2},\"y\":1}",
        "{\"a\":[1,,2]}|{\"a\":[1,,2]}",
        "{\"a\":[1,]}|{\"a\":[1,]}",
        "{\"a\":[1 22]}|{\"a\":[1 22]}",
        "{\"a\":[1}2]}|{\"a\":[1}2]}",
        "{\"a\":{\"b\" 1}}|{\"a\":{\"b\" 1}}",
        "{\"a\":{b:1}}|{\"a\":{b:1}}",
        "{\"a\":[\"\\q\"]}|{\"a\":[\"\\q\"]}",
        "{\"a\":[\"\\uxyzw\"]}|{\"a\":[\"\\uxyzw\"]}",
        "{\"a\":[hello]}|{\"a\":[hello]}",
        "{\"\\u00|{\"\\u00",
        "{\"\\u00xy\":1}|{\"\\u00xy\":1}",
      })
  void valuesOfTextsAreQuoted(String object, String expected) {
    assertEquals(expected, JsonTexts.quoted(object, Set.of("a", "é"), JsonSyntax.USUAL));
  }

  /** With a liberty alone its text is JSON, and with all others it is not. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "SINGLE_QUOTES|['b']|",
        "SINGLE_QUOTES|{'b':1}|",
        "SINGLE_QUOTES|[\"\\'\"]|ANY_ESCAPE",
        "UNQUOTED_NAMES|{b:1}|",
        "UNQUOTED_NAMES|{ é-1 : 1}|",
        "LEADING_ZEROS|007|",
        "LEADING_ZEROS|[-00.50]|",
        "NOT_NUMBERS|NaN|",
        "NOT_NUMBERS|[-Infinity,+INF]|",
        "ANY_ESCAPE|[\"\\q\"]|",
        "CONTROL_CHARACTERS|[\"\t\"]|",
      })
  void aLibertyIsTakenWhereItIsGiven(
      JsonSyntax.Liberty liberty, String value, JsonSyntax.Liberty another) {
    String object = "{\"a\":%s}".formatted(value);
    String quoted = JsonTexts.quoted(object, Set.of("a"), new JsonSyntax(Set.of(liberty)));
    assertTrue(quoted.startsWith("{\"a\":\""), quoted);
    EnumSet<JsonSyntax.Liberty> others = EnumSet.complementOf(EnumSet.of(liberty));
    if (another != null) {
      others.remove(another);
    }
    assertEquals(object, JsonTexts.quoted(object, Set.of("a"), new JsonSyntax(others)));
  }

  @Test
  void aKeyWithoutQuotesIsFound() {
    JsonSyntax syntax = new JsonSyntax(Set.of(JsonSyntax.Liberty.UNQUOTED_NAMES));
    assertEquals("{a:\"1.50\"}", JsonTexts.quoted("{a:1.50}", Set.of("a"), syntax));
    assertEquals("{a:1.50}", JsonTexts.quoted("{a:1.50}", Set.of("a"), JsonSyntax.USUAL));
    assertEquals("{\"a\":{b c:1}}", JsonTexts.quoted("{\"a\":{b c:1}}", Set.of("a"), syntax));
    assertEquals("{\"a\":{/:1}}", JsonTexts.quoted("{\"a\":{/:1}}", Set.of("a"), syntax));
  }

  @Test
  void whatIsNestedTooDeeplyIsTheParsersMatter() {
    String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertEquals(deep, JsonTexts.quoted(deep, Set.of("a"), JsonSyntax.USUAL));
  }

  /** 200,000 keys took minutes when each was looked for in all that stands before it. */
  @Test
  void anObjectOfManyKeysTakesNoLonger() {
    StringBuilder object = new StringBuilder("{\"a\":1");
    for (int i = 0; i < 200_000; i++) {
      object.append(",\"key").append(i).append("\":1");
    }
    String text = object.append('}').toString();
    assertEquals(
        text.replaceFirst(":1", ":\"1\""),
        assertTimeout(
            Duration.ofSeconds(20), () -> JsonTexts.quoted(text, Set.of("a"), JsonSyntax.USUAL)));
  }
}
