package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON tables as others write them. */
final class JsonTableTest {
  @TempDir private Path folder;

  private LakeTable.Opened open(
      String text, Optional<String> schema, TableSpec.Malformed malformed, TableMeaning meaning)
      throws IOException {
    Path file = Files.writeString(folder.resolve("t.jsonl"), text);
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(file.toString()),
            Optional.empty(),
            Map.of(),
            schema,
            TableSpec.CorruptFiles.REFUSE,
            malformed,
            Optional.empty());
    return LakeTable.opened(
        TestSpark.session(), new TableSpec(files, Map.of(), Optional.empty()), meaning, false);
  }

  private LakeTable.Opened open(String text) throws IOException {
    return open(text, Optional.empty(), TableSpec.Malformed.REFUSE, TableMeaning.UNKNOWN);
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
    String refusal = assertThrows(InvalidInput.class, () -> open(text)).getMessage();
    assertTrue(refusal.contains("t.jsonl line 2 must be JSON, however: {\"x\": 2, \"y"), refusal);
    assertEquals(
        List.of("[1,a]", "[3,c]"),
        rows(open(text, Optional.empty(), TableSpec.Malformed.SKIP, TableMeaning.UNKNOWN)));
    LakeTable.Opened kept =
        open(text, Optional.empty(), TableSpec.Malformed.MISSING, TableMeaning.UNKNOWN);
    assertEquals(List.of("[1,a]", "[3,c]", "[null,null]"), rows(kept));
    assertEquals(1, kept.reading().malformed());
  }

  /** Whatever the job says of malformed records: there is nothing else. */
  @Test
  void aTableOfBrokenRecordsAloneIsRefused() {
    for (String text : List.of("[1, 2]\n", "{\"x\": 1,}\n{\"x\": 2,}\n", "x,y\n1,2\n")) {
      for (TableSpec.Malformed malformed : TableSpec.Malformed.values()) {
        String refusal =
            assertThrows(
                    InvalidInput.class,
                    () -> open(text, Optional.empty(), malformed, TableMeaning.UNKNOWN))
                .getMessage();
        assertTrue(refusal.contains("t.jsonl") && refusal.contains("must be JSON"), refusal);
        assertTrue(refusal.endsWith("no record is a JSON object)"), refusal);
      }
    }
  }

  @Test
  void keysThatDifferInTheirCaseAloneAreRefused() {
    String text = "{\"x\": 1, \"X\": 2}\n";
    String refusal = assertThrows(InvalidInput.class, () -> open(text)).getMessage();
    assertTrue(
        refusal.contains("names that differ in more than capital letters, however: two are called"),
        refusal);
  }

  @Test
  void aValueThatIsNoneOfTheSchemaIsNamed() {
    String text = "{\"x\": 1}\n{\"x\": \"many\"}\n";
    String refusal =
        assertThrows(
                InvalidInput.class,
                () ->
                    open(
                        text,
                        Optional.of("x DOUBLE"),
                        TableSpec.Malformed.REFUSE,
                        TableMeaning.UNKNOWN))
            .getMessage();
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
            Optional.empty(),
            TableSpec.Malformed.REFUSE,
            meaning);
    assertEquals(
        List.of("[1.50,null,2024-01-05,null]"),
        opened.rows().select("code", "n", "on", "flag").collectAsList().stream()
            .map(Row::toString)
            .toList());
  }
}
