package io.lakeprop.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where values begin and end. Expected values are {@code offset:text}, and the problem if any. */
final class JsonValuesTest {
  private static List<String> values(byte[] bytes, boolean lines) throws IOException {
    return values(bytes, lines, 0, Long.MAX_VALUE);
  }

  private static List<String> values(byte[] bytes, boolean lines, long start, long end)
      throws IOException {
    return values(bytes, lines, start, end, JsonSyntax.USUAL);
  }

  private static List<String> values(
      byte[] bytes, boolean lines, long start, long end, JsonSyntax syntax) throws IOException {
    List<String> all = new ArrayList<>();
    int from = (int) Math.max(0, start - 1);
    InputStream in = new ByteArrayInputStream(bytes, from, bytes.length - from);
    try (JsonValues values = new JsonValues(in, lines, start, end, syntax)) {
      while (values.next()) {
        String problem = values.problem().isEmpty() ? "" : " " + values.problem();
        all.add(values.offset() + ":" + values.text() + problem);
      }
    }
    return all;
  }

  /** The same values, whether lines end them or not. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "{}|0:{}",
        "{} {\"a\":[1,{}]}|0:{};3:{\"a\":[1,{}]}",
        "{}{}|0:{};2:{}",
        "[{},{}]|1:{};4:{}",
        "[ ]|",
        "[]{}[{}]|2:{};5:{}",
        "{\"a\":\"}{\\\"\"}|0:{\"a\":\"}{\\\"\"}",
        "{\"a\":\"\\\\\"}{}|0:{\"a\":\"\\\\\"};10:{}",
        "{'a':'}'}|0:{'a':'}'}",
        "null|0:null no object",
        "5 \"a, b\" true|0:5 no object;2:\"a, b\" no object;9:true no object",
        "[[{}],2]|1:[{}] no object;6:2 no object",
        "{},|0:{};2:, a mark without a value",
        "[{},]|1:{};4:] a mark without a value",
        "[,{}]|1:, a mark without a value;2:{}",
        "[{}{}]|1:{};3:{} no comma before it",
        "}{}|0:} a mark without a value;1:{}",
        "[{}|1:{};0:[ an array that is never closed",
        "{\"a\":1|0:{\"a\":1 an object that is never closed",
        "[{\"a|1:{\"a an object that is never closed",
      })
  void valuesAreFoundOnALine(String text, String expected) throws IOException {
    List<String> all = expected == null ? List.of() : List.of(expected.split(";"));
    assertEquals(all, values(text.getBytes(UTF_8), true));
    assertEquals(all, values(text.getBytes(UTF_8), false));
  }

  @Test
  void aLinesEndEndsWhatIsOpen() throws IOException {
    byte[] text = "{\"a\":1\n{\"b\n[{}\n{}\n".getBytes(UTF_8);
    assertEquals(
        List.of(
            "0:{\"a\":1 an object that is never closed on its line",
            "7:{\"b an object that is never closed on its line",
            "12:{}",
            "11:[ an array that is never closed on its line",
            "15:{}"),
        values(text, true));
  }

  /** What is too long to be one value is a table in one object, or no JSON. */
  @Test
  void aValueOfTooManyBytesIsNamed() throws IOException {
    String rows = "{\"rows\":[%s1]}".formatted("1,".repeat(995));
    byte[] text = "[{},\n%s,{}]".formatted(rows).getBytes(UTF_8);
    for (int longest : new int[] {rows.length(), rows.length() - 1}) {
      InputStream in = new ByteArrayInputStream(text);
      try (JsonValues values =
          new JsonValues(in, false, 0, Long.MAX_VALUE, JsonSyntax.USUAL, longest)) {
        assertTrue(values.next());
        assertTrue(values.next());
        boolean fits = longest == rows.length();
        assertEquals(fits ? rows : rows.substring(0, 1024), values.text());
        assertEquals(fits ? "" : "a value of more than 2,001 bytes", values.problem());
        assertTrue(values.next());
        assertEquals("{}", values.text());
        assertEquals("", values.problem());
        assertFalse(values.next());
      }
    }
  }

  @Test
  void valuesGoOverLines() throws IOException {
    byte[] text = "{\n}\r\n{\n\"a\": [\n1]}\n[\n{},\n{\n}]\n".getBytes(UTF_8);
    assertEquals(List.of("0:{\n}", "5:{\n\"a\": [\n1]}", "20:{}", "24:{\n}"), values(text, false));
  }

  /** A quote that is not closed ends with the line, so that what follows is not lost. */
  @Test
  void anOpenTextTakesNoMoreThanItsLine() throws IOException {
    assertEquals(List.of("0:{\"a\n}", "6:{}"), values("{\"a\n}\n{}".getBytes(UTF_8), false));
  }

  @Test
  void aTextMayGoOverLinesWhereItMayHoldTheirEnds() throws IOException {
    JsonSyntax syntax = new JsonSyntax(Set.of(JsonSyntax.Liberty.CONTROL_CHARACTERS));
    byte[] text = "{\"a\":\"}\n{\\\n\"}\n{}".getBytes(UTF_8);
    assertEquals(
        List.of("0:{\"a\":\"}\n{\\\n\"}", "14:{}"), values(text, false, 0, Long.MAX_VALUE, syntax));
    assertEquals(4, values(text, true, 0, Long.MAX_VALUE, syntax).size());
  }

  @Test
  void aSingleQuoteIsAQuoteWhereItMayBe() throws IOException {
    byte[] text = "{'a':'}'}".getBytes(UTF_8);
    assertEquals(List.of("0:{'a':'}'}"), values(text, true));
    assertEquals(
        List.of("0:{'a':'}", "7:' no object", "8:} a mark without a value"),
        values(text, true, 0, Long.MAX_VALUE, new JsonSyntax(Set.of())));
  }

  @Test
  void bytesThatAreNoUtf8AreNamed() throws IOException {
    byte[] text = {'{', '"', (byte) 0xE9, '"', '}', '\n', '{', '}'};
    assertEquals(List.of("0:{\"\uFFFD\"} bytes that are no UTF-8", "6:{}"), values(text, true));
  }

  @Test
  void aMarkOfByteOrderIsPassedOver() throws IOException {
    assertEquals(List.of("3:{\"é\":1}"), values("\uFEFF{\"é\":1}".getBytes(UTF_8), true));
  }

  /** Wherever a file is cut, each line is in one part. */
  @Test
  void partsHaveTheLinesThatBeginInThem() throws IOException {
    byte[] text = "{}\n\n[{},{}]\n{\"a\":2} {}\n{}".getBytes(UTF_8);
    List<String> whole = values(text, true);
    assertEquals(6, whole.size());
    for (int cut = 1; cut < text.length; cut++) {
      List<String> parts = values(text, true, 0, cut);
      parts.addAll(values(text, true, cut, Long.MAX_VALUE));
      assertEquals(whole, parts, "cut at " + cut);
    }
  }

  /** A buffer's end may lie anywhere. */
  @Test
  void longValuesAreWhole() throws IOException {
    byte[] filling = new byte[(1 << 16) - 5];
    Arrays.fill(filling, (byte) ' ');
    String text = new String(filling, UTF_8) + "{\"a\":\"" + "é".repeat(50_000) + "\"}{}";
    List<String> all = values(text.getBytes(UTF_8), true);
    assertEquals(2, all.size());
    assertTrue(all.get(0).endsWith("é\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\n", "\n[{},\n{}]", "{\n}", "\uFEFF{\"a\":\n1}", "[", "[{}"})
  void overLines(String start) {
    assertTrue(JsonValues.isOverLines(start.getBytes(UTF_8), JsonSyntax.USUAL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "{}\n", "[{}]\n", "{\"a\":\"[{\\\"{\"}\n", "{\"a\":1", "x\n{\n"})
  void onLines(String start) {
    assertFalse(JsonValues.isOverLines(start.getBytes(UTF_8), JsonSyntax.USUAL));
  }
}
