package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.JsonSyntax;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import io.lakeprop.text.TimeFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON tables as others write them. */
final class JsonTableTest {
  @TempDir private Path folder;

  private LakeTable.Opened open(
      String text, Optional<String> schema, TableSpec.Malformed malformed, TableMeaning meaning)
      throws IOException {
    return open(text, spec(schema, malformed, Map.of()), Map.of(), meaning, Set.of());
  }

  private TableSpec.Files spec(
      Optional<String> schema, TableSpec.Malformed malformed, Map<String, String> options) {
    return new TableSpec.Files(
        List.of(folder.resolve("t.jsonl").toString()),
        Optional.empty(),
        options,
        schema,
        TableSpec.CorruptFiles.REFUSE,
        malformed,
        Optional.empty());
  }

  private LakeTable.Opened open(
      String text,
      TableSpec.Files files,
      Map<String, String> derive,
      TableMeaning meaning,
      Set<String> features)
      throws IOException {
    Files.writeString(folder.resolve("t.jsonl"), text);
    return LakeTable.opened(
        TestSpark.session(),
        new TableSpec(files, derive, Optional.empty()),
        meaning,
        false,
        new FeatureColumns(
            features,
            columns -> {
              Map.Entry<String, String> first = columns.entrySet().iterator().next();
              return "--derive \"%s=%s\"".formatted(first.getKey(), first.getValue());
            }));
  }

  private LakeTable.Opened open(String text) throws IOException {
    return open(text, Optional.empty(), TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN);
  }

  private static String refusal(Executable open) {
    return assertThrows(InvalidInput.class, open).getMessage();
  }

  private static List<String> rows(LakeTable.Opened opened) {
    return opened.rows().collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @Test
  void anArrayOverLinesAndObjectsOverLines() throws IOException {
    List<String> expected = List.of("[1,a]", "[2,b]");
    assertEquals(expected, rows(open("{\"x\": 1, \"y\": \"a\"}\n{\"x\": 2, \"y\": \"b\"}\n")));
    assertEquals(
        expected, rows(open("[\n  {\"x\": 1, \"y\": \"a\"},\n  {\"x\": 2,\n \"y\": \"b\"}\n]\n")));
    assertEquals(List.of("[1,a]"), rows(open("{\n  \"x\": 1,\n  \"y\": \"a\"\n}\n")));
  }

  @Test
  void numbersWithMarksAreNumbers() throws IOException {
    LakeTable.Opened opened =
        open(
            """
            {"b": 1.5, "k": "01234"}
            {"b": "NaN", "k": "NA"}
            {"b": 2, "k": "x"}
            """);
    assertEquals(List.of("[1.5,01234]", "[2.0,x]", "[null,null]"), rows(opened));
    assertEquals(Map.of("b", Map.of("NaN", 1L), "k", Map.of("NA", 1L)), opened.reading().marks());
  }

  @Test
  void aBrokenLineIsNamed() throws IOException {
    String text = "{\"x\": 1, \"y\": \"a\"}\n{\"x\": 2, \"y\n{\"x\": 3, \"y\": \"c\"}\n";
    String refusal = refusal(() -> open(text));
    assertTrue(refusal.contains("t.jsonl line 2 must be JSON, however: {\"x\": 2, \"y"), refusal);
    assertEquals(
        List.of("[1,a]", "[3,c]"),
        rows(open(text, Optional.empty(), TableSpec.Malformed.SKIP, TableMeaning.UNKNOWN)));
    LakeTable.Opened kept =
        open(text, Optional.empty(), TableSpec.Malformed.MISSING, TableMeaning.UNKNOWN);
    assertEquals(List.of("[1,a]", "[3,c]", "[null,null]"), rows(kept));
    assertEquals(1, kept.reading().malformed());
  }

  /** A column of texts must not make texts of what is no JSON. */
  @Test
  void whatIsNoJsonIsNamedInAColumnOfTexts() throws IOException {
    for (String value : List.of("", "10:30", "hello", "007", "[1,2}", "{\"b\":}")) {
      String text = "{\"a\": \"x\", \"y\": 1}\n{\"a\":%s,\"y\":0}\n".formatted(value);
      for (Optional<String> schema :
          List.of(Optional.<String>empty(), Optional.of("a STRING, y BIGINT"))) {
        String refusal =
            refusal(() -> open(text, schema, TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN));
        assertTrue(refusal.contains("t.jsonl line 2 must be JSON"), refusal);
        LakeTable.Opened kept = open(text, schema, TableSpec.Malformed.SKIP, TableMeaning.UNKNOWN);
        assertEquals(List.of("[x,1]"), rows(kept));
        assertEquals(1, kept.reading().malformed());
      }
    }
  }

  @Test
  void aLaterObjectOverLinesIsReadByTheMend() throws IOException {
    String text = A + "\n" + OVER_LINES;
    String refusal = refusal(() -> open(text));
    assertTrue(
        refusal.contains(
                "t.jsonl line 2 must be JSON, however: { (that is an object that is never closed on"
                    + " its line; ")
            && refusal.contains(
                "; options: {multiLine: true} if it goes on below, table.malformed: skip"),
        refusal);
    assertEquals(List.of("[1,a]", "[1,a]"), rows(opened(Map.of("multiLine", "true"))));
    refusal = refusal(() -> open(OVER_LINES + "{\"x\": 1,\n"));
    assertTrue(!refusal.contains("multiLine"), refusal);
  }

  /** Whatever the job says of malformed records: there is nothing else. */
  @Test
  void aTableOfBrokenRecordsAloneIsRefused() {
    for (String text : List.of("[1, 2]\n", "{\"x\": 1,}\n{\"x\": 2,}\n", "x,y\n1,2\n")) {
      for (TableSpec.Malformed malformed : TableSpec.Malformed.values()) {
        String refusal =
            refusal(() -> open(text, Optional.empty(), malformed, TableMeaning.UNKNOWN));
        assertTrue(refusal.contains("t.jsonl") && refusal.contains("must be JSON"), refusal);
        assertTrue(refusal.endsWith("no record is a JSON object)"), refusal);
      }
    }
  }

  @Test
  void keysThatDifferInTheirCaseAloneAreRefused() {
    String text = "{\"x\": 1, \"X\": 2}\n";
    String refusal = refusal(() -> open(text));
    assertTrue(
        refusal.contains("names that differ in more than capital letters, however: X, x"), refusal);
  }

  @Test
  void marksCountInColumnsThatTheSessionTellsApart() throws IOException {
    Files.writeString(folder.resolve("t.jsonl"), "{\"x\": -999, \"X\": 1}\n");
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(folder.resolve("t.jsonl").toString()),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            TableSpec.CorruptFiles.REFUSE,
            TableSpec.Malformed.REFUSE,
            Optional.of(List.of("-999")));
    TestSpark.session().conf().set("spark.sql.caseSensitive", "true");
    try {
      TableSpec spec = new TableSpec(files, Map.of(), Optional.empty());
      assertEquals("[1,null]", LakeTable.open(TestSpark.session(), spec).head().toString());
    } finally {
      TestSpark.session().conf().unset("spark.sql.caseSensitive");
    }
  }

  @Test
  void aKeyThatIsThereTwiceIsRefused() {
    String refusal = refusal(() -> open("{\"x\": 1, \"x\": 2}\n"));
    assertTrue(refusal.endsWith("have each key once, however: \"x\" is there twice"), refusal);
  }

  @Test
  void aValueThatIsNoneOfTheSchemaIsNamed() {
    String text = "{\"x\": 1}\n{\"x\": \"many\"}\n";
    String refusal =
        refusal(
            () ->
                open(
                    text,
                    Optional.of("x DOUBLE"),
                    TableSpec.Malformed.REFUSE,
                    TableMeaning.UNKNOWN));
    assertTrue(refusal.contains("t.jsonl line 2 must be JSON of the schema's types"), refusal);
  }

  @Test
  void scoringReadsWithTheTypesOfTraining() throws IOException {
    TableMeaning meaning =
        new TableMeaning(
            Map.of("code", "STRING", "on", "DATE", "n", "DOUBLE", "flag", "BOOLEAN"),
            Optional.empty(),
            Map.of(),
            "UTC");
    LakeTable.Opened opened =
        open(
            "{\"code\": 1.50, \"on\": \"2024-01-05\", \"n\": \"NaN\"}\n",
            spec(Optional.empty(), TableSpec.Malformed.REFUSE, Map.of()),
            Map.of(),
            meaning,
            Set.of("code", "on", "n", "flag"));
    assertEquals(Set.of("flag"), opened.absent());
    assertTrue(
        opened.reading().notes().get(0).endsWith("no object has [flag], so all of it is missing"));
    assertEquals(
        List.of("[1.50,null,2024-01-05,null]"),
        opened.rows().select("code", "n", "on", "flag").collectAsList().stream()
            .map(Row::toString)
            .toList());
  }

  private static final String A = "{\"x\": 1, \"y\": \"a\"}";
  private static final String B = "{\"x\": 2, \"y\": \"b\"}";
  private static final String OVER_LINES = "{\n  \"x\": 1,\n  \"y\": \"a\"\n}\n";

  /** Spark's own reader takes the first value of a file, or of a line, and drops the others. */
  @Test
  void everyValueIsRead() throws IOException {
    for (String text :
        List.of(
            OVER_LINES + B,
            OVER_LINES + B + "\n[]\n",
            "[%s]\n[%s]\n".formatted(A, B),
            "[%s,\n%s]".formatted(A, B),
            "[%s]\n%s\n".formatted(A, B),
            "[\n%s]\n[%s]".formatted(A, B),
            A + " " + B,
            A + B + "\n",
            "\uFEFF\n" + A + "\r\n\r\n" + B,
            A + "\r" + B + "\r")) {
      LakeTable.Opened opened = open(text);
      assertEquals(List.of("[1,a]", "[2,b]"), rows(opened), text);
      assertEquals(List.of("x", "y"), List.of(opened.rows().columns()));
    }
  }

  /** Spark could put the parser in the place of each column that is taken from its result. */
  @Test
  void anObjectIsParsedOnce() throws IOException {
    LakeTable.Opened opened = open(A);
    String plan = opened.rows().queryExecution().optimizedPlan().toString();
    assertEquals(2, plan.split("from_json").length, plan);
  }

  /** Each file tells of itself; folders are columns, whatever the file's shape. */
  @Test
  void filesOfOtherShapesLieSideBySide() throws IOException {
    Path table = Files.createDirectories(folder.resolve("table"));
    Files.createDirectories(table.resolve("k=01"));
    Files.createDirectories(table.resolve("k=02"));
    Files.writeString(table.resolve("k=01/a.json"), "[\n" + A + ",\n" + B + "]");
    Files.writeString(table.resolve("k=01/b.json"), A + "\n" + B + "\n");
    try (OutputStream packed =
        new GZIPOutputStream(Files.newOutputStream(table.resolve("k=02/c.json.gz")))) {
      packed.write((OVER_LINES + OVER_LINES).getBytes(StandardCharsets.UTF_8));
    }
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(table.toString()), Optional.empty(), Map.of(), Optional.empty());
    LakeTable.Opened opened =
        LakeTable.opened(
            TestSpark.session(),
            new TableSpec(
                files,
                Map.of("file", "_metadata.file_name"),
                Optional.of("_metadata.file_size > 0")),
            TableMeaning.UNKNOWN,
            false,
            FeatureColumns.UNKNOWN);
    assertEquals(
        List.of(
            "[1,a,01,a.json]",
            "[1,a,01,b.json]",
            "[1,a,02,c.json.gz]",
            "[1,a,02,c.json.gz]",
            "[2,b,01,a.json]",
            "[2,b,01,b.json]"),
        rows(opened));
    assertEquals("STRING", opened.reading().types().get("k"));
  }

  /** A large file of an object a line is read by several tasks, one over lines by one. */
  @Test
  void largeFilesAreReadInParts() throws IOException {
    String filling = "f".repeat(1000);
    for (String line : List.of("{\"x\": 1, \"f\": \"%s\"}\n", "{\"x\": 1,\n\"f\": \"%s\"}\n")) {
      LakeTable.Opened opened = open(line.formatted(filling).repeat(9000));
      assertEquals(9000, opened.rows().count());
      assertTrue(opened.rows().javaRDD().getNumPartitions() > 1);
    }
  }

  @Test
  void whatIsNoObjectIsNamedWithItsLine() throws IOException {
    Map<String, String> refusals =
        Map.of(
            A + "\nnull\n", "t.jsonl line 2 must be JSON, however: null (that is no object; 1 such",
            A + "\n\n5\n\"abc\"\n[1,[2]]\n",
                "line 3 must be JSON, however: 5 (that is no object; 4",
            "[" + A + ",\n" + B + ",\n]", "line 3 must be JSON, however: ] (that is a mark",
            A + ",\n" + B + "\n", "line 1 must be JSON, however: , (that is a mark without",
            OVER_LINES + "{\"x\": 2,\n",
                "line 5 must be JSON, however: {\"x\": 2, (that is an object",
            "[" + A + ",\n" + B, "line 1 must be JSON, however: [ (that is an array that is never");
    for (Map.Entry<String, String> expected : refusals.entrySet()) {
      String refusal = refusal(() -> open(expected.getKey()));
      assertTrue(refusal.contains(expected.getValue()), refusal);
      LakeTable.Opened rest =
          open(expected.getKey(), Optional.empty(), TableSpec.Malformed.SKIP, TableMeaning.UNKNOWN);
      assertEquals("[1,a]", rows(rest).get(0));
      assertTrue(rest.reading().malformed() > 0);
    }
  }

  /** A comma behind an object is no row of its own; a null is one, of missing values. */
  @Test
  void whatIsReadOfMalformedValues() throws IOException {
    LakeTable.Opened kept =
        open(A + ",\nnull\n", Optional.empty(), TableSpec.Malformed.MISSING, TableMeaning.UNKNOWN);
    assertEquals(List.of("[1,a]", "[null,null]"), rows(kept));
    assertEquals(2, kept.reading().malformed());
  }

  @Test
  void otherEncodingsAreReadOrNamed() throws IOException {
    Path file = folder.resolve("t.jsonl");
    byte[] text = "{\"x\": \"Grüße\"}\n".getBytes(StandardCharsets.UTF_16LE);
    byte[] marked = new byte[text.length + 2];
    marked[0] = (byte) 0xFF;
    marked[1] = (byte) 0xFE;
    System.arraycopy(text, 0, marked, 2, text.length);
    Files.write(file, marked);
    String refusal = refusal(() -> opened(Map.of()));
    assertTrue(refusal.contains("it is a text in UTF-16 (options: {encoding: UTF-16})"), refusal);
    assertEquals(List.of("[Grüße]"), rows(opened(Map.of("encoding", "UTF-16"))));
    Files.write(file, "{\"x\": \"Grüße\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    refusal = refusal(() -> opened(Map.of()));
    assertTrue(refusal.contains("line 1 must be JSON") && refusal.contains("no UTF-8"), refusal);
    assertEquals(List.of("[Grüße]"), rows(opened(Map.of("encoding", "ISO-8859-1"))));
    Files.write(file, "{\"x\": 1}\n{\"x\": \"\u0081\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    refusal = refusal(() -> opened(Map.of("encoding", "windows-1252")));
    assertTrue(
        refusal.contains("t.jsonl line 2: its bytes are no windows-1252 text (options: {"),
        refusal);
  }

  private LakeTable.Opened opened(Map<String, String> options) {
    return LakeTable.opened(
        TestSpark.session(),
        new TableSpec(
            spec(Optional.empty(), TableSpec.Malformed.REFUSE, options),
            Map.of(),
            Optional.empty()),
        TableMeaning.UNKNOWN,
        false,
        FeatureColumns.UNKNOWN);
  }

  @Test
  void optionsOfTheReaderHold() throws IOException {
    Files.writeString(folder.resolve("t.jsonl"), OVER_LINES + OVER_LINES);
    assertEquals(List.of("[1,a]", "[1,a]"), rows(opened(Map.of("multiLine", "true"))));
    assertThrows(InvalidInput.class, () -> opened(Map.of("multiLine", "false")));
    Files.writeString(folder.resolve("t.jsonl"), A);
    assertEquals(List.of("[1,a]"), rows(opened(Map.of("multiline", "TRUE"))));
    String refusal = refusal(() -> opened(Map.of("lineSep", "|")));
    assertTrue(refusal.contains("must not have a lineSep but"), refusal);
  }

  /** Both parsers are told what a text may look like: one alone would write numbers anew. */
  @Test
  void bothParsersTakeTheSameLiberties() throws IOException {
    Map<JsonSyntax.Liberty, String> values =
        Map.of(
            JsonSyntax.Liberty.SINGLE_QUOTES, "['b', 1.50]",
            JsonSyntax.Liberty.UNQUOTED_NAMES, "{b: 1.50, é-1: 2}",
            JsonSyntax.Liberty.LEADING_ZEROS, "01234",
            JsonSyntax.Liberty.NOT_NUMBERS, "[NaN, 1.50]",
            JsonSyntax.Liberty.ANY_ESCAPE, "[\"\\q\", 1.50]",
            JsonSyntax.Liberty.CONTROL_CHARACTERS, "[\"\t\", 1.50]");
    for (JsonSyntax.Liberty liberty : JsonSyntax.Liberty.values()) {
      String value = values.get(liberty);
      Files.writeString(folder.resolve("t.jsonl"), "{\"a\": %s}\n{\"a\": \"x\"}".formatted(value));
      LakeTable.Opened opened = opened(Map.of(liberty.option(), "true"));
      assertEquals(Set.of("[%s]".formatted(value), "[x]"), Set.copyOf(rows(opened)));
      String refusal = refusal(() -> opened(Map.of(liberty.option(), "false")));
      assertTrue(refusal.contains("t.jsonl line 1 must be JSON"), refusal);
    }
    Files.writeString(folder.resolve("t.jsonl"), "{\"a\": \"x\ny\",\n\"b\": 1}");
    assertEquals(List.of("[x\ny,1]"), rows(opened(Map.of("allowUnquotedControlChars", "true"))));
  }

  /** Which values are looked at must not depend on how files lie. */
  @Test
  void allKeysAreReadWhateverTheSample() throws IOException {
    Files.writeString(folder.resolve("t.jsonl"), "{\"x\": 1}\n".repeat(50) + "{\"rare\": 2}\n");
    List<String> columns = List.of(opened(Map.of("samplingRatio", "0.01")).rows().columns());
    assertEquals(List.of("rare", "x"), columns);
  }

  private static final TableMeaning TRAINED =
      new TableMeaning(
          Map.of("age", "BIGINT", "région", "STRING", "y", "STRING"),
          Optional.empty(),
          Map.of("old", "age > 60"),
          "UTC");

  private LakeTable.Opened scored(String text, Map<String, String> derive) throws IOException {
    return open(
        text,
        spec(Optional.empty(), TableSpec.Malformed.REFUSE, Map.of()),
        derive,
        TRAINED,
        Set.of("age", "région"));
  }

  @Test
  void aFeatureThatNoObjectHasIsMissing() throws IOException {
    LakeTable.Opened opened = scored("{\"age\": 5}\n", Map.of());
    assertEquals(Set.of("région"), opened.absent());
    assertEquals(List.of("age", "région"), List.of(opened.rows().columns()));
    assertEquals(List.of("[5,null]"), rows(opened));
    LakeTable.Opened derived = scored("{\"région\": \"a\"}\n", Map.of("old", "age > 60"));
    assertEquals(Set.of("age"), derived.absent());
    assertEquals(List.of("[a,null,null]"), rows(derived));
  }

  /** What SQL names is there, too, though no feature; a label that nobody names is not. */
  @Test
  void aColumnThatSqlNamesIsMissing() throws IOException {
    LakeTable.Opened opened = scored("{\"age\": 5, \"région\": \"a\"}\n", Map.of("z", "y is null"));
    assertEquals(Set.of("y"), opened.absent());
    assertEquals(List.of("[5,a,null,true]"), rows(opened));
    assertEquals(
        List.of("age", "région"),
        List.of(scored("{\"age\": 5, \"région\": \"a\"}\n", Map.of()).rows().columns()));
  }

  /** An é may be one code point or two. */
  @Test
  void aNameInAnotherNormalisationFormIsTheSame() throws IOException {
    LakeTable.Opened opened = scored("{\"age\": 5, \"re\u0301gion\": 12.0}\n", Map.of());
    assertEquals(Set.of(), opened.absent());
    assertEquals(List.of("[5,12.0]"), rows(opened));
    assertEquals("STRING", opened.reading().types().get("re\u0301gion"));
  }

  @Test
  void aMisspeltFeatureIsNamedAndTheMendReadsIt() throws IOException {
    String other = "{\"Age\": 5, \"région\": \"a\"}\n";
    String refusal = refusal(() -> scored(other, Map.of()));
    assertTrue(
        refusal.endsWith(
            "must have the column \"age\", however: it has \"Age\" (--derive \"age=Age\" reads it"
                + " as that)"),
        refusal);
    LakeTable.Opened mended = scored(other, Map.of("age", "Age"));
    assertEquals(List.of("[5,a]"), rows(mended));
    String slip = "{\"aeg\": 5, \"région\": \"a\"}\n";
    refusal = refusal(() -> scored(slip, Map.of()));
    assertTrue(
        refusal.endsWith(
            "it lacks it, and has \"aeg\" (--derive \"age=aeg\" if that is meant, --derive"
                + " \"age=cast(null as BIGINT)\" if all of it is missing)"),
        refusal);
    assertEquals(List.of("[5,a,5]"), rows(scored(slip, Map.of("age", "aeg"))));
    assertEquals(List.of("[5,a,null]"), rows(scored(slip, Map.of("age", "cast(null as BIGINT)"))));
  }

  /** A vector, matrix or struct of which a table has no value is told as a text by its values. */
  @Test
  void aVectorThatIsMissingInAllRowsIsMissing() throws IOException {
    TableMeaning trained =
        new TableMeaning(
                Map.of(
                    "v", "ARRAY<DOUBLE>",
                    "m", "ARRAY<ARRAY<TINYINT>>",
                    "s", "STRUCT<a: DOUBLE>",
                    "x", "BIGINT"),
                Optional.empty(),
                Map.of(),
                "UTC")
            .needing(Set.of("v", "m", "s", "x"));
    for (String values :
        List.of(
            "\"v\": null, \"m\": null, \"s\": null",
            "\"v\": [null, null], \"m\": [null]",
            "\"v\": [], \"m\": [[]]")) {
      Map<String, String> types =
          trainedOn("{%s, \"x\": 3}\n".formatted(values), trained).reading().types();
      assertEquals("ARRAY<DOUBLE>", types.get("v"), values);
      assertEquals("ARRAY<ARRAY<SMALLINT>>", types.get("m"), values);
      assertTrue(
          types.getOrDefault("s", "STRUCT<a: DOUBLE>").startsWith("STRUCT<a: DOUBLE"), values);
    }
    String refusal = refusal(() -> trainedOn("{\"x\": 3}\n{\"v\": \"tall\", \"x\": 3}\n", trained));
    assertTrue(
        refusal.contains("line 2 must be JSON of the types of training, however: {\"v\": \"tall\""),
        refusal);
  }

  /**
   * Training's types are asked of what is read: others may have changed, and stay what they are.
   */
  @Test
  void aColumnThatNobodyReadsMayBeOfAnotherType() throws IOException {
    Map<String, String> types =
        Map.of("v", "ARRAY<DOUBLE>", "m", "MAP<STRING, INT>", "s", "STRUCT<a: INT>", "x", "BIGINT");
    TableMeaning all = new TableMeaning(types, Optional.empty(), Map.of(), "UTC");
    String text = "{\"v\": \"tall\", \"m\": \"wide\", \"s\": \"1.50\", \"x\": 3}\n";
    LakeTable.Opened opened = trainedOn(text, all.needing(Set.of("x")));
    assertEquals("[tall,wide,1.50,3]", opened.rows().select("v", "m", "s", "x").head().toString());
    text = "{\"v\": [\"a\"], \"m\": null, \"s\": [1, 2], \"x\": 3}\n";
    opened = trainedOn(text, all.needing(Set.of("x")));
    assertEquals("ARRAY<STRING>", opened.reading().types().get("v"));
    assertEquals("ARRAY<BIGINT>", opened.reading().types().get("s"));
    for (String read : List.of("v", "s")) {
      String wrong = "{\"v\": \"tall\", \"s\": \"1.50\", \"x\": 3}\n";
      String refusal = refusal(() -> trainedOn(wrong, all.needing(Set.of("x", read))));
      assertTrue(refusal.contains("must be JSON of the types of training"), refusal);
    }
  }

  private LakeTable.Opened trainedOn(String text, TableMeaning meaning) throws IOException {
    TableSpec.Files files = spec(Optional.empty(), TableSpec.Malformed.REFUSE, Map.of());
    return open(text, files, Map.of(), meaning, Set.of("x"));
  }

  @Test
  void aTableOfNoFeatureIsRefused() {
    String refusal =
        refusal(() -> scored("{\"type\": \"t\", \"data\": [{\"age\": 1}]}\n", Map.of()));
    assertTrue(refusal.endsWith("has none of [age, région] but [data, type]"), refusal);
  }

  @Test
  void aValueOfAnotherKindIsNamedWithFileAndLine() {
    String text = "{\"age\": 1, \"région\": \"a\"}\n\n{\"age\": true, \"région\": \"a\"}\n";
    String refusal = refusal(() -> scored(text, Map.of()));
    assertTrue(
        refusal.contains(
            "t.jsonl line 3: column \"age\" must be a number, as in training, however: \"true\""),
        refusal);
  }

  @Test
  void aKeyThatTheSchemaSpellsOtherwiseIsNamed() throws IOException {
    for (String key : List.of("X", "x1", "xx")) {
      String text = "{\"%s\": 1, \"z\": 2}\n".formatted(key);
      TableSpec.Files files =
          spec(Optional.of("x INT, z INT"), TableSpec.Malformed.REFUSE, Map.of());
      String refusal = refusal(() -> open(text, files, Map.of(), TableMeaning.UNKNOWN, Set.of()));
      assertTrue(
          refusal.contains("\"x\" of the schema") && refusal.contains("\"" + key + "\""), refusal);
      LakeTable.Opened mended =
          open(
              text,
              spec(Optional.of(key + " INT, z INT"), TableSpec.Malformed.REFUSE, Map.of()),
              Map.of(),
              TableMeaning.UNKNOWN,
              Set.of());
      assertEquals(List.of("[1,2]"), rows(mended));
    }
  }

  /** The values of objects that spell a key otherwise would be missing without a word. */
  @Test
  void aKeyThatSomeObjectsSpellOtherwiseThanTheSchemaIsNamed() throws IOException {
    String schema =
        "x INT, s STRUCT<x: INT, deep: STRUCT<x: INT>>, l ARRAY<STRUCT<x: INT>>, m MAP<STRING,"
            + " STRUCT<x: INT>>";
    TableSpec.Files files = spec(Optional.of(schema), TableSpec.Malformed.REFUSE, Map.of());
    String whole =
        "{'x': 1, 's': {'x': 1, 'X1': 0, 'deep': {'x': 1}}, 'l': [{'x': 1}], 'm': {'x': {'x': 1}, 'X': {'x': 1}}}"
            .replace('\'', '"');
    assertEquals(
        List.of("[1,[1,[1]],ArraySeq([1]),Map(x -> [1], X -> [1])]"),
        rows(open(whole, files, Map.of(), TableMeaning.UNKNOWN, Set.of())));
    int others = 0;
    for (int at = whole.indexOf("\"x\": 1"); at >= 0; at = whole.indexOf("\"x\": 1", at + 1)) {
      String text =
          whole + "\n" + whole.substring(0, at + 1) + "X" + whole.substring(at + 2) + "\n";
      String refusal = refusal(() -> open(text, files, Map.of(), TableMeaning.UNKNOWN, Set.of()));
      assertTrue(refusal.contains("the key \"x\" of the schema"), refusal);
      assertTrue(refusal.contains("the key \"X\""), refusal);
      others++;
    }
    assertEquals(6, others, "at the top, in an object and deeper, in a list, under any key");
  }

  /** A key whose values are null is there, whatever other keys are called. */
  @Test
  void aKeyOfTheSchemaWithoutValuesIsMissing() throws IOException {
    LakeTable.Opened opened =
        open(
            "{\"x1\": null, \"x2\": 1}\n",
            Optional.of("x1 DOUBLE"),
            TableSpec.Malformed.REFUSE,
            TableMeaning.UNKNOWN);
    assertEquals(List.of("[null]"), rows(opened));
  }

  /** A step a column makes a plan whose analysis takes the square of the columns. */
  @Test
  void manyColumnsAreOneStepOfThePlan() throws IOException {
    StringBuilder object = new StringBuilder("{\"n\":1");
    Map<String, String> types = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      object.append(",\"t%d\":\" a\"".formatted(i));
      types.put("absent" + i, "STRING");
    }
    LakeTable.Opened opened =
        open(
            object.append("}\n").toString(),
            spec(
                Optional.empty(),
                TableSpec.Malformed.REFUSE,
                Map.of("ignoreLeadingWhiteSpace", "true", "ignoreTrailingWhiteSpace", "true")),
            Map.of("z", String.join(" || ", types.keySet())),
            new TableMeaning(types, Optional.empty(), Map.of(), "UTC"),
            Set.of("n"));
    assertEquals(60, opened.absent().size());
    assertEquals("a", opened.rows().select("t7").head().getString(0));
    String plan = opened.rows().queryExecution().logical().toString();
    long steps = plan.lines().filter(line -> line.contains("Project [")).count();
    assertTrue(steps < 20, () -> steps + " steps");
  }

  /** Spark's parser takes any words behind a date, and a number for seconds. */
  @Test
  void timesOfASchemaAreReadAsCellsOfCsv() throws IOException {
    Optional<String> schema = Optional.of("d DATE, t TIMESTAMP, l TIMESTAMP_NTZ");
    String right =
        "{\"d\": \"2024-5-3\", \"t\": \"2024-05-03T10:00:00+02:00\", \"l\": \"2024-05-03"
            + " 10:00\"}\n";
    for (String wrong :
        List.of(
            "\"d\": \"2024-05-03 garbage\"",
            "\"d\": \"2024\"",
            "\"d\": \"2024-05-03T23:00-05:00\"",
            "\"d\": 20240503",
            "\"t\": 1714694400000",
            "\"t\": \"2024-05-03T10:00:00 or so\"",
            "\"t\": true",
            "\"l\": \"2024-05-03T10:00:00Z\"")) {
      String text = right + "{" + wrong + "}\n";
      String refusal =
          refusal(() -> open(text, schema, TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN));
      assertTrue(refusal.contains("t.jsonl line 2: column \"" + wrong.charAt(1)), refusal);
      LakeTable.Opened skipped = open(text, schema, TableSpec.Malformed.SKIP, TableMeaning.UNKNOWN);
      assertEquals(1, skipped.reading().malformed());
      assertEquals(
          List.of("[2024-05-03,2024-05-03 08:00:00,2024-05-03 10:00:00]"),
          shown(skipped, "d", "t", "l"));
      LakeTable.Opened missing =
          open(text, schema, TableSpec.Malformed.MISSING, TableMeaning.UNKNOWN);
      assertTrue(shown(missing, "d", "t", "l").contains("[null,null,null]"));
    }
    assertEquals(
        Map.of("d", "DATE", "t", "TIMESTAMP", "l", "TIMESTAMP_NTZ"),
        open(right, schema, TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN).reading().types());
  }

  /** Columns as SQL shows them. */
  private static List<String> shown(LakeTable.Opened opened, String... columns) {
    String[] texts = Stream.of(columns).map("cast(%s as string)"::formatted).toArray(String[]::new);
    return opened.rows().selectExpr(texts).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  private LakeTable.Opened texts(String ending, Map<String, String> options, TableMeaning meaning) {
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(folder.resolve("o." + ending).toString()),
            Optional.empty(),
            options,
            Optional.empty());
    return LakeTable.opened(
        TestSpark.session(),
        new TableSpec(files, Map.of(), Optional.empty()),
        meaning,
        false,
        FeatureColumns.UNKNOWN);
  }

  /** One table means the same as CSV and as JSON. */
  @Test
  void optionsSayOfTextsWhatTheySayOfCells() throws IOException {
    Files.writeString(
        folder.resolve("o.csv"), "d,t,s,n\n31/12/2023,2024-01-01 00:00:00, a ,5\n,,x,-9\n");
    Files.writeString(
        folder.resolve("o.json"),
        """
        {"d": "31/12/2023", "t": "2024-01-01 00:00:00", "s": " a ", "n": 5}
        {"d": null, "t": null, "s": "x", "n": -9}
        """);
    Map<Map<String, String>, String> expected =
        Map.of(
            Map.of("timeZone", "America/New_York"),
            "[31/12/2023,2024-01-01 05:00:00, a ,5]",
            Map.of("dateFormat", "dd/MM/yyyy"),
            "[2023-12-31,2024-01-01 00:00:00, a ,5]",
            Map.of("timestampFormat", "yyyy-dd-MM HH:mm:ss", "dateFormat", "dd/MM/yyyy"),
            "[2023-12-31,2024-01-01 00:00:00, a ,5]",
            Map.of("nullValue", "x"),
            "[null,null,null,-9]",
            Map.of("nullValue", "-9"),
            "[null,null,x,null]",
            Map.of("ignoreLeadingWhiteSpace", "true"),
            "[31/12/2023,2024-01-01 00:00:00,a ,5]",
            Map.of("ignoreTrailingWhiteSpace", "true"),
            "[31/12/2023,2024-01-01 00:00:00, a,5]");
    for (Map.Entry<Map<String, String>, String> one : expected.entrySet()) {
      for (String ending : List.of("csv", "json")) {
        LakeTable.Opened told = texts(ending, one.getKey(), TableMeaning.UNKNOWN);
        List<String> rows = shown(told, "d", "t", "s", "n");
        assertTrue(rows.contains(one.getValue()), ending + rows);
        TableMeaning remembered =
            new TableMeaning(
                told.reading().types(),
                Optional.empty(),
                Map.of(),
                "UTC",
                one.getKey(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of());
        assertEquals(rows, shown(texts(ending, Map.of(), remembered), "d", "t", "s", "n"));
      }
    }
    for (String option : List.of("timestampNTZFormat", "locale")) {
      String refusal = refusal(() -> texts("json", Map.of(option, "x"), TableMeaning.UNKNOWN));
      assertTrue(refusal.contains("must not have " + option), refusal);
    }
  }

  private void writeTimes(String date, String time) throws IOException {
    Files.writeString(folder.resolve("o.csv"), "t,y\n%s,0\n%s,1\n".formatted(date, time));
    Files.writeString(
        folder.resolve("o.json"),
        "{\"t\": \"%s\", \"y\": 0}\n{\"t\": \"%s\", \"y\": 1}\n".formatted(date, time));
  }

  /** Dates beside timestamps, under the job's own patterns: nothing is lost. */
  @Test
  void datesAmongTimestampsAreMidnightsOrTold() throws IOException {
    List<String> read = List.of("[2024-12-31 00:00:00,0]", "[2024-12-31 10:00:00,1]");
    for (String ending : List.of("csv", "json")) {
      writeTimes("31/12/2024", "2024-12-31 10:00:00");
      LakeTable.Opened opened =
          texts(ending, Map.of("dateFormat", "dd/MM/yyyy"), TableMeaning.UNKNOWN);
      assertEquals("TIMESTAMP", opened.reading().types().get("t"));
      assertEquals(read, shown(opened, "t", "y"));
      assertEquals(List.of(), opened.reading().notes());
      writeTimes("2024-12-31", "31.12.2024 10:00");
      Map<String, String> times = Map.of("timestampFormat", "dd.MM.yyyy HH:mm");
      opened = texts(ending, times, TableMeaning.UNKNOWN);
      assertEquals(List.of("[2024-12-31,0]", "[31.12.2024 10:00,1]"), shown(opened, "t", "y"));
      String note = opened.reading().notes().get(0);
      assertEquals(
          "column t is taken for texts: 1 of 2 values are dates beside timestamps, such as"
              + " \"2024-12-31\", and options.timestampFormat does not read them (options:"
              + " {dateFormat: \"yyyy-M-d\"} reads them as midnights)",
          note);
      // What the note says helps.
      opened =
          texts(
              ending,
              Map.of("timestampFormat", "dd.MM.yyyy HH:mm", "dateFormat", "yyyy-M-d"),
              TableMeaning.UNKNOWN);
      assertEquals(read, shown(opened, "t", "y"));
      opened =
          texts(
              ending,
              Map.of("timestampFormat", "[dd.MM.yyyy HH:mm][yyyy-MM-dd]"),
              TableMeaning.UNKNOWN);
      assertEquals(read, shown(opened, "t", "y"));
    }
  }

  /** A look at all texts comes first, and no text may be null that it did not find. */
  @Test
  void aTextThatWasNotFoundIsNeverNullInSilence() {
    TextType whole = TextType.of(TextType.Kind.INT, TimeFormat.UTC);
    MissingMarks marks = MissingMarks.of(Optional.empty());
    assertNull(new ReadText(whole, marks, true).call("NA"));
    assertEquals(5, new ReadText(whole, marks, true).call("5"));
    assertNull(new ReadText(whole, marks, false).call("five"));
    String refusal = refusal(() -> new ReadText(whole, marks, true).call("five"));
    assertTrue(refusal.startsWith("a text must be INT, however: \"five\""), refusal);
  }

  @Test
  void decimalNumbersOfASchemaAreNotRounded() throws IOException {
    Optional<String> schema = Optional.of("x DECIMAL(10,2)");
    String right = "{\"x\": 1.50}\n{\"x\": \"2.5\"}\n{\"x\": null}\n";
    LakeTable.Opened opened = open(right, schema, TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN);
    assertEquals(Map.of("x", "DECIMAL(10,2)"), opened.reading().types());
    assertEquals(List.of("[1.50]", "[2.50]", "[null]"), rows(opened));
    String refusal =
        refusal(
            () ->
                open(
                    right + "{\"x\": 1.005}\n",
                    schema,
                    TableSpec.Malformed.REFUSE,
                    TableMeaning.UNKNOWN));
    assertTrue(
        refusal.contains("t.jsonl line 4: column \"x\" must be DECIMAL(10,2), however: \"1.005"),
        refusal);
  }

  /** Spark's parser makes -56 of 200 among bytes. */
  @Test
  void bytesOfASchemaAreNotCut() throws IOException {
    Optional<String> schema = Optional.of("n TINYINT");
    String right = "{\"n\": -128}\n{\"n\": 127}\n{\"n\": null}\n";
    LakeTable.Opened opened = open(right, schema, TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN);
    assertEquals(Map.of("n", "TINYINT"), opened.reading().types());
    assertEquals(List.of("[-128]", "[127]", "[null]"), rows(opened));
    String wrong = right + "{\"n\": 200}\n";
    String refusal =
        refusal(() -> open(wrong, schema, TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN));
    assertTrue(
        refusal.contains("t.jsonl line 4: column \"n\" must be TINYINT, however: \"200\""),
        refusal);
    LakeTable.Opened kept = open(wrong, schema, TableSpec.Malformed.SKIP, TableMeaning.UNKNOWN);
    assertEquals(1, kept.reading().malformed());
  }

  @Test
  void numbersWithinOtherTypesAreNeitherCutNorRounded() throws IOException {
    for (String[] own :
        List.of(
            new String[] {"ARRAY<TINYINT>", "ARRAY<SMALLINT>", "[200]", "[ArraySeq(200)]"},
            new String[] {"ARRAY<DECIMAL(4,2)>", "ARRAY<DOUBLE>", "[1.005]", "[ArraySeq(1.005)]"},
            new String[] {
              "STRUCT<a: ARRAY<TINYINT>>",
              "STRUCT<a: ARRAY<SMALLINT>>",
              "{\"a\": [-129]}",
              "[[ArraySeq(-129)]]"
            },
            new String[] {
              "MAP<STRING, TINYINT>", "MAP<STRING, SMALLINT>", "{\"a\": 128}", "[Map(a -> 128)]"
            })) {
      String text = "{\"v\": %s}\n".formatted(own[2]);
      String refusal =
          refusal(
              () ->
                  open(
                      text,
                      Optional.of("v " + own[0]),
                      TableSpec.Malformed.REFUSE,
                      TableMeaning.UNKNOWN));
      String mend = "v " + own[1];
      assertTrue(
          refusal.endsWith("however: v %s (schema with %s reads them)".formatted(own[0], mend)),
          refusal);
      assertEquals(
          List.of(own[3]),
          rows(open(text, Optional.of(mend), TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN)));
    }
  }

  /** A pattern is of use where the texts of any folder or file fit it. */
  @Test
  void formatsOfTablesInFolders() throws IOException {
    for (String part : List.of("2024-01-01", "2024-01-02")) {
      Path own = Files.createDirectories(folder.resolve("t.jsonl").resolve("k=" + part));
      Files.writeString(own.resolve("o.jsonl"), "{\"t\": \"31/12/2024 10:00\", \"y\": 1}\n");
    }
    LakeTable.Opened opened = opened(Map.of("timestampFormat", "dd/MM/yyyy HH:mm"));
    assertEquals(List.of(), opened.reading().notes());
    assertEquals("TIMESTAMP", opened.reading().types().get("t"));
    opened = opened(Map.of("dateFormat", "yyyy-M-d"));
    assertEquals("DATE", opened.reading().types().get("k"));
    assertTrue(
        opened.reading().notes().stream().noneMatch(note -> note.contains("fits no cell")),
        opened.reading().notes()::toString);
    opened = opened(Map.of("dateFormat", "d. M. yyyy"));
    assertEquals(
        1,
        opened.reading().notes().stream().filter(note -> note.contains("fits no cell")).count(),
        opened.reading().notes()::toString);
  }

  /** A folder's name is a cell of each row of its files. */
  @Test
  void rowsOfAFolderThatDoesNotFitAreCounted() throws IOException {
    for (String part : List.of("1", "2", "abc")) {
      Path own = Files.createDirectories(folder.resolve("t.jsonl").resolve("k=" + part));
      Files.writeString(own.resolve("o.jsonl"), "{\"x\": 1}\n{\"x\": 2}\n");
    }
    TableMeaning trained =
        new TableMeaning(Map.of("k", "INT", "x", "BIGINT"), Optional.empty(), Map.of(), "UTC")
            .needing(Set.of("k", "x"));
    String refusal = refusal(() -> folders(TableSpec.Malformed.REFUSE, trained));
    assertTrue(
        refusal.contains("k=abc/o.jsonl: column \"k\" must be a number, as in training")
            && refusal.endsWith(
                "(1 such files; table.malformed: skip leaves their rows out, missing the cells)"),
        refusal);
    LakeTable.Opened skipped = folders(TableSpec.Malformed.SKIP, trained);
    assertEquals(List.of("[1,1]", "[1,2]", "[2,1]", "[2,2]"), rows(skipped));
    assertEquals(2, skipped.reading().malformed());
    LakeTable.Opened kept = folders(TableSpec.Malformed.MISSING, trained);
    assertEquals(6, kept.rows().count());
    assertEquals(2, kept.reading().malformed());
    assertEquals(0, opened(Map.of()).reading().malformed());
  }

  private LakeTable.Opened folders(TableSpec.Malformed malformed, TableMeaning meaning) {
    return LakeTable.opened(
        TestSpark.session(),
        new TableSpec(spec(Optional.empty(), malformed, Map.of()), Map.of(), Optional.empty()),
        meaning,
        false,
        FeatureColumns.UNKNOWN);
  }

  /** What is written beside predictions is what the table had. */
  @Test
  void ownTextsGoWithTheRows() throws IOException {
    Files.writeString(
        folder.resolve("t.jsonl"),
        "{\"z\": 0.5, \"ref\": \"1.50\", \"c\": \"NA\", \"b\": \"True\", \"w\":"
            + " \"2024-01-05T10:00:00+01:00\", \"s\": \" 12 \"}\n");
    LakeTable.Opened opened =
        LakeTable.opened(
            TestSpark.session(),
            new TableSpec(
                spec(
                    Optional.empty(),
                    TableSpec.Malformed.REFUSE,
                    Map.of("ignoreLeadingWhiteSpace", "true")),
                Map.of("c", "concat('d', ref)"),
                Optional.empty()),
            TableMeaning.UNKNOWN.needing(Set.of("z")),
            true,
            FeatureColumns.UNKNOWN);
    assertEquals(
        "[True,1.50, 12 ,2024-01-05T10:00:00+01:00]",
        opened
            .rows()
            .select(TypedColumns.TEXTS + ".*")
            .select("b", "ref", "s", "w")
            .head()
            .toString());
    assertEquals("[0.5,d1.5]", opened.rows().select("z", "c").head().toString());
  }

  /** Spark takes objects of as many keys for alike where these differ in capitals alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"B\": 2, \"c\": 3}",
        "{\"b\": 2, \"C\": 3}",
        "{\"B\": 2, \"C\": 3}",
        "{\"C\": 3, \"B\": 2}",
        "{\"B\": 2}"
      })
  void keysInOtherCapitalsOfSomeObjectsAreRefused(String other) {
    for (String text :
        List.of("{\"b\": 1, \"c\": 2}\n" + other, other + "\n{\"b\": 1, \"c\": 2}")) {
      String refusal = refusal(() -> open(text.repeat(1) + "\n"));
      assertTrue(refusal.contains("names that differ in more than capital letters"), refusal);
      assertTrue(refusal.contains("B, b") || refusal.contains("C, c"), refusal);
    }
    assertEquals("false", TestSpark.session().conf().get("spark.sql.caseSensitive"));
  }

  /** An empty text in the place of a number, a date or a truth value is none, as in CSV. */
  @Test
  void emptyTextsAmongOtherValuesAreMissing() throws IOException {
    String text =
        """
        {"n": 1, "x": 1.5, "b": true, "s": "a", "v": [1, 2], "d": "2024-01-05"}
        {"n": "", "x": "", "b": "", "s": "", "v": "", "d": ""}
        {"n": 2, "x": '', "b": false, "s": "b", "v": [3, 4], "d": "2024-01-06"}
        """;
    LakeTable.Opened opened = open(text);
    assertEquals(
        Map.of(
            "n",
            "BIGINT",
            "x",
            "DOUBLE",
            "b",
            "BOOLEAN",
            "s",
            "STRING",
            "v",
            "ARRAY<BIGINT>",
            "d",
            "DATE"),
        opened.reading().types());
    String columns = "concat_ws('|', n, x, b, s, cast(v as string), d)";
    assertEquals(
        List.of("[1|1.5|true|a|[1, 2]|2024-01-05]", "[2|false|b|[3, 4]|2024-01-06]", "[]"),
        opened.rows().selectExpr(columns).collectAsList().stream()
            .map(Row::toString)
            .sorted()
            .toList());
    for (String schema : List.of("n INT, x DOUBLE, b BOOLEAN, s STRING, v ARRAY<INT>, d DATE")) {
      assertEquals(
          3,
          open(text, Optional.of(schema), TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN)
              .rows()
              .count());
    }
  }

  /** Half of a character is none, and would be the question mark that is a usual mark. */
  @Test
  void halfACharacterIsNoMark() throws IOException {
    assertEquals(
        List.of("[ab\uFFFD,1]", "[c\uFFFDd,2]", "[\uFFFD,3]", "[\uFFFD\uFFFD,4]"),
        rows(
            open(
                """
                {"c": "ab\\ud83d", "n": 1}
                {"c": "c\\ud83dd", "n": 2}
                {"c": "\\uDE00", "n": 3}
                {"c": "\\ude00\\ud83d", "n": 4}
                """)));
    assertEquals(
        List.of("[\\ud83d]", "[\uD83D\uDE00]"),
        rows(open("{\"c\": \"\\ud83d\\ude00\"}\n{\"c\": \"\\\\ud83d\"}\n")).stream()
            .sorted()
            .toList());
  }
}
