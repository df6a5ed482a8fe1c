package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * CSV as RFC 4180 has it, and as other programs write it; the expected fields are written by hand.
 */
final class CsvRecordsTest {
  private static List<List<String>> records(String text, CsvDialect dialect) throws IOException {
    return records(text.getBytes(StandardCharsets.UTF_8), dialect);
  }

  private static List<List<String>> records(byte[] bytes, CsvDialect dialect) throws IOException {
    List<List<String>> all = new ArrayList<>();
    try (CsvRecords records =
        new CsvRecords(
            new ByteArrayInputStream(bytes), dialect, 0, Long.MAX_VALUE, CsvState.RECORD_START)) {
      while (records.next()) {
        assertEquals("", records.problem());
        all.add(new ArrayList<>(records.fields()));
      }
    }
    return all;
  }

  private static List<String> row(String... fields) {
    return Arrays.asList(fields);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("plain", "a,b\n1,2\n", List.of(row("a", "b"), row("1", "2"))),
        Arguments.of("no line end at the end", "a,b\n1,2", List.of(row("a", "b"), row("1", "2"))),
        Arguments.of("Windows", "a,b\r\n1,2\r\n", List.of(row("a", "b"), row("1", "2"))),
        Arguments.of("old Mac", "a,b\r1,2\r", List.of(row("a", "b"), row("1", "2"))),
        Arguments.of("byte order mark", "\uFEFFa,b\n", List.of(row("a", "b"))),
        Arguments.of(
            "empty fields", "a,,\n,,\n", List.of(row("a", null, null), row(null, null, null))),
        Arguments.of("quoted and empty", "\"\",a\n", List.of(row("", "a"))),
        Arguments.of("empty lines", "\n\na\n\n\nb\n\n", List.of(row("a"), row("b"))),
        Arguments.of("separator in quotes", "\"a,b\",c\n", List.of(row("a,b", "c"))),
        Arguments.of("quotes in quotes", "\"say \"\"hi\"\"\",c\n", List.of(row("say \"hi\"", "c"))),
        Arguments.of("only quotes", "\"\"\"\",\"\"\"\"\"\"\n", List.of(row("\"", "\"\""))),
        Arguments.of(
            "line break in quotes",
            "\"a\nb\",c\n\"d\r\ne\",f\n",
            List.of(row("a\nb", "c"), row("d\r\ne", "f"))),
        Arguments.of("a quote in a plain field", "5\" disk,c\n", List.of(row("5\" disk", "c"))),
        Arguments.of("a backslash is a character", "\"a\\\",b\n", List.of(row("a\\", "b"))),
        Arguments.of("blanks are kept", " a , b \n", List.of(row(" a ", " b "))),
        Arguments.of("blanks behind quotes", "\"a\" ,b\n", List.of(row("a", "b"))),
        Arguments.of("umlauts", "ä,\"ß\"\n", List.of(row("ä", "ß"))),
        Arguments.of("beyond 16 bits", "😀,\"😀\"\n", List.of(row("😀", "😀"))),
        Arguments.of(
            "control characters", "a\u0000b,c\u001b\n", List.of(row("a\u0000b", "c\u001b"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void fields(String name, String text, List<List<String>> expected) throws IOException {
    assertEquals(expected, records(text, CsvDialect.RFC_4180));
  }

  private static CsvDialect dialect(
      String separator, char quote, char escape, char comment, boolean trim) {
    return new CsvDialect(separator, quote, escape, comment, true, "UTF-8", trim, trim);
  }

  static Stream<Arguments> dialects() {
    return Stream.of(
        Arguments.of(dialect(";", '"', '"', (char) 0, false), "a;\"b;c\"\n", row("a", "b;c")),
        Arguments.of(dialect("\t", '"', '"', (char) 0, false), "a\tb c\n", row("a", "b c")),
        Arguments.of(
            dialect("||", '"', '"', (char) 0, false),
            "a|b||c||\"d||e\"||\"f|\"||g\n",
            row("a|b", "c", "d||e", "f|", "g")),
        Arguments.of(
            dialect(",", '\'', '\'', (char) 0, false), "'a,''b''',\"c\"\n", row("a,'b'", "\"c\"")),
        Arguments.of(
            dialect(",", '"', '\\', (char) 0, false),
            "\"a \\\"b\\\" \\\\ \\n\",c\n",
            row("a \"b\" \\ \\n", "c")),
        Arguments.of(
            dialect(",", (char) 0, (char) 0, (char) 0, false), "\"a,b\"\n", row("\"a", "b\"")),
        Arguments.of(dialect(",", '"', '"', '#', false), "# a, comment\na,#b\n", row("a", "#b")),
        Arguments.of(
            dialect(",", '"', '"', (char) 0, true), "  a , \"b \" ,  \n", row("a", "b ", null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dialects")
  void otherDialects(CsvDialect dialect, String text, List<String> expected) throws IOException {
    assertEquals(List.of(expected), records(text, dialect));
  }

  @Test
  void otherEncodings() throws IOException {
    for (String encoding : List.of("ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE", "UTF-32")) {
      byte[] bytes = "ä,\"ö\nü\"\nß,é\n".getBytes(Charset.forName(encoding));
      CsvDialect dialect = new CsvDialect(",", '"', '"', (char) 0, true, encoding, false, false);
      List<List<String>> all = new ArrayList<>();
      try (CsvRecords records =
          new CsvRecords(
              dialect.isAscii()
                  ? new ByteArrayInputStream(bytes)
                  : new Utf8Stream(new ByteArrayInputStream(bytes), dialect.charset(), "t.csv"),
              dialect.isAscii() ? dialect : dialect.inUtf8(),
              0,
              Long.MAX_VALUE,
              CsvState.RECORD_START)) {
        while (records.next()) {
          all.add(new ArrayList<>(records.fields()));
        }
      }
      assertEquals(List.of(row("ä", "ö\nü"), row("ß", "é")), all, encoding);
    }
  }

  @Test
  void bytesThatAreNoTextAreTold() throws IOException {
    byte[] latin = "a,b\nü,1\n".getBytes(StandardCharsets.ISO_8859_1);
    try (CsvRecords records =
        new CsvRecords(
            new ByteArrayInputStream(latin),
            CsvDialect.RFC_4180,
            0,
            Long.MAX_VALUE,
            CsvState.RECORD_START)) {
      assertTrue(records.next());
      assertEquals("", records.problem());
      assertTrue(records.next());
      assertTrue(records.problem().contains("no UTF-8 text"), records.problem());
      assertEquals(2, records.line());
      assertFalse(records.next());
    }
  }

  @Test
  void textBehindAQuoteIsTold() throws IOException {
    byte[] bytes = "\"say \\\"hi\\\" now\",1\n".getBytes(StandardCharsets.UTF_8);
    try (CsvRecords records =
        new CsvRecords(
            new ByteArrayInputStream(bytes),
            CsvDialect.RFC_4180,
            0,
            Long.MAX_VALUE,
            CsvState.RECORD_START)) {
      assertTrue(records.next());
      assertTrue(records.problem().contains("follows a closing quote"), records.problem());
    }
  }

  @Test
  void aQuoteThatIsNeverClosedIsRefused() {
    UnclosedQuote refused =
        assertThrows(UnclosedQuote.class, () -> records("a,b\nc,\"d\ne,f\n", CsvDialect.RFC_4180));
    assertEquals(2, refused.line());
    CsvDialect escaping = dialect(",", '"', '\\', (char) 0, false);
    refused = assertThrows(UnclosedQuote.class, () -> records("a,b\nc,\"d\\", escaping));
    assertEquals(2, refused.line());
  }

  @Test
  void linesWithinQuotesAreCounted() throws IOException {
    byte[] bytes = "\"a\n\",\"b\\\n\"\nc,d\n".getBytes(StandardCharsets.UTF_8);
    try (CsvRecords records =
        new CsvRecords(
            new ByteArrayInputStream(bytes),
            dialect(",", '"', '\\', (char) 0, false),
            0,
            Long.MAX_VALUE,
            CsvState.RECORD_START)) {
      assertTrue(records.next());
      assertEquals(List.of("a\n", "b\\\n"), records.fields());
      assertTrue(records.next());
      assertEquals(4, records.line());
    }
  }

  /** However a file is cut, each record is read once, and lines count through. */
  @Property(tries = 300)
  void anyCut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int size) throws IOException {
    Random random = new Random(seed);
    List<CsvDialect> dialects =
        List.of(
            CsvDialect.RFC_4180,
            dialect(",", '"', '"', '#', false),
            dialect(",", '"', '"', '#', true),
            dialect(",", '"', '\\', '#', true));
    CsvDialect dialect = dialects.get(random.nextInt(dialects.size()));
    String[] comments = {"# width,\"inch", "#\"", "#, \"", "# a"};
    StringBuilder text = new StringBuilder();
    String[] cells = {
      "",
      "a",
      "12",
      "\"\"",
      "\"x,y\"",
      "\"l\nm\"",
      "\"q\"\"\"",
      "\"\r\n\"",
      "é",
      "5\" x",
      " \"x,y\"",
      "\t \"l\nm\" ",
      " #b",
      dialect.escape() == '\\' ? "\"e\\\"\n\"" : "\"e,\"",
      "\"\n\n\""
    };
    String end = random.nextBoolean() ? "\n" : "\r\n";
    for (int i = random.nextInt(12); i >= 0; i--) {
      if (dialect.comment() != 0 && random.nextInt(3) == 0) {
        text.append(comments[random.nextInt(comments.length)]).append(end);
      }
      text.append(cells[random.nextInt(cells.length)])
          .append(',')
          .append(cells[random.nextInt(cells.length)])
          .append(i == 0 && random.nextBoolean() ? "" : end);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    List<String> whole = numbered(bytes, dialect, bytes.length + 1);
    assertEquals(whole, numbered(bytes, dialect, size), text.toString());
  }

  /**
   * The records of all chunks of a size with their lines, as a scan and then a reader read them.
   */
  private static List<String> numbered(byte[] bytes, CsvDialect dialect, int size)
      throws IOException {
    List<String> all = new ArrayList<>();
    CsvState state = CsvState.RECORD_START;
    long lines = 0;
    for (int start = 0; start < bytes.length; start += size) {
      long end = start + size >= bytes.length ? Long.MAX_VALUE : start + size;
      CsvRecords records = null;
      List<String> own = new ArrayList<>();
      for (CsvState guess : List.of(start == 0 ? state : CsvState.PLAIN, state)) {
        int from = Math.max(0, start - 1);
        own.clear();
        try {
          records =
              new CsvRecords(
                  new ByteArrayInputStream(bytes, from, bytes.length - from),
                  dialect,
                  start,
                  end,
                  guess);
          while (records.next()) {
            own.add(lines + records.line() + ": " + records.fields());
          }
          if (guess == state || !state.misleads(records.beginsBehindOpening())) {
            break;
          }
        } catch (UnclosedQuote e) {
          assertTrue(
              guess != state && state.misleads(records.beginsBehindOpening()),
              "only a wrong guess may see a quote that is never closed: "
                  + new String(bytes, StandardCharsets.UTF_8));
        }
      }
      all.addAll(own);
      lines += records.linesAtEnd();
      state = records.stateAtEnd();
    }
    return all;
  }
}
