package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** CSV tables as others write them: what is read, what is refused, what is told. */
final class CsvTableTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name(TestInfo test) {
    file = folder.resolve("t.csv");
  }

  private static TableSpec spec(
      String path,
      Map<String, String> options,
      Optional<String> schema,
      TableSpec.Malformed malformed,
      Optional<List<String>> missing) {
    return new TableSpec(
        new TableSpec.Files(
            List.of(path),
            Optional.empty(),
            options,
            schema,
            TableSpec.CorruptFiles.REFUSE,
            malformed,
            missing),
        Map.of(),
        Optional.empty());
  }

  private static TableSpec spec(Path path) {
    return spec(
        path.toString(), Map.of(), Optional.empty(), TableSpec.Malformed.REFUSE, Optional.empty());
  }

  private static LakeTable.Opened open(TableSpec spec, TableMeaning meaning) {
    return LakeTable.opened(TestSpark.session(), spec, meaning, false, FeatureColumns.UNKNOWN);
  }

  private LakeTable.Opened with(Map<String, String> options) {
    TableSpec spec =
        spec(
            file.toString(),
            options,
            Optional.empty(),
            TableSpec.Malformed.REFUSE,
            Optional.empty());
    return open(spec, TableMeaning.UNKNOWN);
  }

  private LakeTable.Opened open(String text) throws IOException {
    Files.writeString(file, text);
    return open(spec(file), TableMeaning.UNKNOWN);
  }

  private static Map<String, String> types(LakeTable.Opened opened) {
    return new TreeMap<>(LakeTable.types(opened.rows().schema()));
  }

  private static List<String> rows(LakeTable.Opened opened) {
    return opened.rows().collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** A column of three cells, and the type that is right for it. */
  static Stream<Arguments> columns() {
    return Stream.of(
        Arguments.of("1|2|3", "INT"),
        Arguments.of("-1|0|2147483647", "INT"),
        Arguments.of("1|2147483648|3", "BIGINT"),
        Arguments.of("1|9223372036854775808|3", "STRING"),
        Arguments.of("1|2.5|1e-3", "DOUBLE"),
        Arguments.of("1|Infinity|-inf", "DOUBLE"),
        Arguments.of("01234|12345|99999", "STRING"),
        Arguments.of("00|1|2", "STRING"),
        Arguments.of("00.5|1.5|2.5", "STRING"),
        Arguments.of("+4912|+4913|+4914", "STRING"),
        Arguments.of("12D|7F|3L", "STRING"),
        Arguments.of("1E5|12E4|3E2", "STRING"),
        Arguments.of("2999|3e3|3001", "DOUBLE"), // As R writes 3000.
        Arguments.of("1.5|2.5|1e20", "DOUBLE"),
        Arguments.of("1e20|2E5|1E-5", "DOUBLE"),
        Arguments.of("1e20|-3e20|2e21", "DOUBLE"),
        Arguments.of("1E+5|1.0E5|1e-05", "DOUBLE"),
        Arguments.of("1.1|1.10|1.2", "DOUBLE"),
        Arguments.of("0x1F|0x2A|0x00", "STRING"),
        Arguments.of("True|false|TRUE", "BOOLEAN"),
        Arguments.of("t|f|t", "STRING"),
        Arguments.of("2024-01-05|1999-12-31|2000-2-29", "DATE"),
        Arguments.of("2024-02-30|1999-12-31|2000-01-01", "STRING"),
        Arguments.of("2024-01-05|2024-01-05 10:00:00|2024-01-05T10:00:00Z", "TIMESTAMP"),
        Arguments.of("2024-01-05 10:00:00+02|2024-01-05 10:00:00.123456+02:00|", "TIMESTAMP"),
        Arguments.of("31/12/2024|01/01/2024|02/02/2024", "STRING"),
        Arguments.of("1|NA|3", "INT"),
        Arguments.of("1|n/a|?", "INT"),
        Arguments.of("1.5|NaN|#N/A", "DOUBLE"),
        Arguments.of("1|-|None", "INT"),
        Arguments.of("None|Mild|-", "STRING"),
        Arguments.of("true||NULL", "BOOLEAN"),
        Arguments.of("||", "STRING"));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("columns")
  void typesComeFromAllCells(String cells, String type) throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (String cell : cells.split("\\|", -1)) {
      text.append(cell).append(",1\n");
    }
    assertEquals(type, types(open(text.toString())).get("x"));
  }

  /** Values that a job tells apart stay apart where two texts would be one number. */
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "1.1|1.10|1.2, STRING",
    "1|1.0|1.00, STRING",
    "1E+5|100000.0|1.5, STRING",
    "+1.5|1.5|2.5, STRING",
    ".5|0.5|2.5, STRING",
    "1.|1.0|2.5, STRING",
    "0.00|1.00|1.00, DOUBLE",
    "0.0|1.0|1.5, DOUBLE",
    "-1|1|2.5, DOUBLE",
    "1|2|3, INT"
  })
  void categoriesOfNumbersStayApart(String cells, String type) throws IOException {
    Files.writeString(file, "x,y\n" + cells.replace("|", ",1\n") + ",1\n");
    LakeTable.Opened opened =
        LakeTable.opened(
            TestSpark.session(),
            spec(file),
            TableMeaning.UNKNOWN,
            false,
            FeatureColumns.ofCategories(Set.of("x")));
    assertEquals(type, types(opened).get("x"));
    assertEquals(List.of(), opened.reading().notes());
    if (type.equals("STRING")) {
      assertEquals(3, opened.rows().select("x").distinct().count());
    }
  }

  /**
   * Results of expressions that a table has already, and of which a model knows the values: they
   * are found by their texts and by training's type, so that none of them may be another's text.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "True|False|True",
        "1|2|2",
        "1.0|2.0|2.0",
        "1.1|1.2|1.10",
        "1.10||1.10",
        "0001|0002|0003",
        "2024-01-05|2024-1-6|2024-01-07",
        "2024-01-05T10:00:00|2024-01-05 11:00:00|"
      })
  void resultsOfCategoriesStayTexts(String cells) throws IOException {
    Files.writeString(file, "x,y\n" + cells.replace("|", ",1\n") + ",1\n");
    FeatureColumns features =
        new FeatureColumns(Set.of("x"), Set.of("x"), true, Map.of(), columns -> "");
    TableMeaning made =
        new TableMeaning(
            Map.of("x", "BIGINT"), Optional.of(List.of()), Map.of("x", "any"), TableMeaning.UTC);
    LakeTable.Opened opened =
        LakeTable.opened(TestSpark.session(), spec(file), made, false, features);
    assertEquals("STRING", types(opened).get("x"));
    List<String> read =
        opened.rows().select("x").collectAsList().stream()
            .map(row -> row.isNullAt(0) ? "" : row.getString(0))
            .toList();
    assertEquals(List.of(cells.split("\\|", -1)), read);
    TableMeaning other = made.needing(List.of("y"));
    assertEquals(
        types(open(spec(file), TableMeaning.UNKNOWN)).get("x"),
        types(LakeTable.opened(TestSpark.session(), spec(file), other, false, features)).get("x"),
        "a column that nobody reads is read as any");
    TableSpec asked =
        new TableSpec(spec(file).source(), Map.of(), Optional.of("`X` = '1.1' or true"));
    assertEquals(
        "STRING",
        types(LakeTable.opened(TestSpark.session(), asked, other, false, features)).get("x"),
        "SQL that names it reads it");
  }

  @Test
  void marksAreMissingAndCounted() throws IOException {
    LakeTable.Opened opened =
        open("age,kind,note\n1,None,\"NaN\"\nNA,a,x\n?,NA,x\n -  ,b, n/a \n5,,x\n");
    assertEquals(
        List.of("[1,None,null]", "[5,null,x]", "[null,a,x]", "[null,b,null]", "[null,null,x]"),
        rows(opened));
    assertEquals(
        Map.of(
            "age", Map.of("NA", 1L, "?", 1L, "-", 1L),
            "kind", Map.of("NA", 1L),
            "note", Map.of("NaN", 1L, "n/a", 1L)),
        opened.reading().marks());
    List<String> told = new ArrayList<>();
    opened.reading().tell("table t", told::add);
    assertEquals(
        List.of(
            "table t: taken for missing are age (1 \"-\", 1 \"?\", 1 \"NA\"), kind (1 \"NA\"),"
                + " note (1 \"NaN\", 1 \"n/a\")"),
        told);
  }

  @Test
  void aJobsOwnMarksAreTheOnlyOnes() throws IOException {
    Files.writeString(file, "x,c\n1,NA\n-99,b\n3,\n");
    TableSpec own =
        spec(
            file.toString(),
            Map.of(),
            Optional.empty(),
            TableSpec.Malformed.REFUSE,
            Optional.of(List.of("-99")));
    assertEquals(List.of("[1,NA]", "[3,null]", "[null,b]"), rows(open(own, TableMeaning.UNKNOWN)));
  }

  /** A list takes the place of the usual marks, and so has those that the table needs. */
  @ParameterizedTest
  @ValueSource(strings = {"tbd", "n\\a", "x\"y", " soon\t", "1,234:tbd"})
  void theMarksThatANoteOffersLeaveOtherColumnsAsTheyAre(String mark) throws IOException {
    boolean spelled = mark.startsWith("1,234:");
    String word = mark.substring(mark.indexOf(':') + 1);
    String number = spelled ? "\"1,234\"" : "1";
    String table =
        "x,age,kind\n%s,NA,None\n%s,5,a\n\"%s\",-,b\n%s,6,\" \"\nn/a,7,b\n-,8,b\n"
            .formatted(number, number, word.replace("\"", "\"\""), number);
    String note = open(table).reading().notes().get(0);
    String list = note.substring(note.indexOf("table.missing: [") + 15, note.indexOf(", ...]"));
    assertTrue(note.contains(", in place of all other marks,"), note);
    String[] marks = new ObjectMapper().readValue(list + "]", String[].class);
    TableSpec obeyed =
        spec(
            file.toString(),
            Map.of(),
            Optional.empty(),
            TableSpec.Malformed.REFUSE,
            Optional.of(List.of(marks)));
    LakeTable.Opened opened = open(obeyed, TableMeaning.UNKNOWN);
    assertEquals("INT", types(opened).get("age"), note);
    assertEquals(spelled ? "STRING" : "INT", types(opened).get("x"), note);
    assertEquals(3, opened.rows().where("x is null").count(), note);
    assertEquals(2, opened.rows().where("age is null").count(), note);
    assertEquals(1, opened.rows().where("kind is null").count(), note);
    assertEquals(1, opened.rows().where("kind = 'None'").count(), note);
  }

  @Test
  void aTextThatIsToldInPartIsNoMark() throws IOException {
    String note = open("x,y\n1,1\n2,1\n" + "w".repeat(61) + ",1\n").reading().notes().get(0);
    assertTrue(note.endsWith("others such as \"" + "w".repeat(60) + "\" are not"), note);
  }

  @Test
  void aColumnOfAnyNameIsOfferedInQuotes() throws IOException {
    Files.writeString(file, "\"a\"\"b\",y\n20240105,1\n20240106,2\n");
    LakeTable.Opened opened = with(Map.of("dateFormat", "yyyyMMdd"));
    String note = opened.reading().notes().get(0);
    assertTrue(
        note.endsWith(
            "(derive: {\"a\\\"b\": \"to_date(cast(`a\\\"b` as string), 'yyyyMMdd')\"} reads it)"),
        note);
    String sql = mend(note);
    assertEquals(
        "2024-01-05", opened.rows().where("y = 1").selectExpr(sql).head().get(0).toString());
  }

  /** A column that stays a text and the note that must tell why. */
  static Stream<Arguments> notes() {
    return Stream.of(
        Arguments.of("1,5|2,5|3", "2 of 3 values look like numbers with a decimal comma"),
        Arguments.of(
            "1,234|2,345|3",
            "2 of 3 values look like numbers with a comma between thousands, or a decimal one"),
        Arguments.of("$1,234.50|$2|$3", "3 of 3 values look like numbers with a unit"),
        Arguments.of("(3.50)|7|1,200", "numbers with brackets for a minus and a comma"),
        Arguments.of("\u22123.5|7|2", "1 of 3 values look like numbers with a minus that is"),
        Arguments.of("3-|7|2", "1 of 3 values look like numbers with a minus behind them"),
        Arguments.of("\u00a03.5|7|2", "1 of 3 values look like numbers with blanks around"),
        Arguments.of("12%|0.12|0.2", "(their units are %, none, and no one expression reads"),
        Arguments.of("$5|€5|7", "(their units are $, €, none, and no one expression reads"),
        Arguments.of("5 EUR|5 USD|0", "(their units are $, €, and no one expression reads"),
        Arguments.of("13/01/2024|01/13/2024|01/02/2024", "(some have the day first and others"),
        Arguments.of("1/2/24 9:00|13/01/24 9:00|01/13/24 9:00", "(some have the day first and"),
        Arguments.of("2024-01-05 10:00:00 CET|05.01.2024|06.01.2024", "in several ways, which no"),
        Arguments.of("05-Jan-2024|17-Feb-2024|x", "dates with the name of a month"),
        Arguments.of("2024-01-05 10:00:00 CET|x|2024-01-05 10:00:00 CET", "the name of a zone"),
        Arguments.of(
            "01JAN2023|31DEC2024:10:00:00|x",
            "2 of 3 values look like dates or times, such as \"01JAN2023\" (in derive, to_date or"
                + " to_timestamp with a pattern may read them"),
        Arguments.of("10:30:00|9:05:01|12:00 PM|23:59", "4 of 4 values look like dates or times"),
        Arguments.of("2024-W01-1|2024-W52|2023-W07", "weeks and names of weekdays have none"),
        Arguments.of("01-JAN-23 10.30.00.000000 AM|02-FEB-23 01.00.00.5 PM", "2 of 2 values"),
        Arguments.of("01/Jan/2023:10:00:00 +0000|31/Dec/2024:23:59:59 -0130", "2 of 2 values"),
        Arguments.of("Sun, 01 Jan 2023 10:00:00 GMT|Mon, 2 Jan 2023 10:00:00 +0100", "2 of 2"),
        Arguments.of(
            "Sun Jan 01 2023 10:00:00 GMT+0000 (Coordinated Universal Time)|Sun Jan  1 10:00:00"
                + " UTC 2023|Tue Jan  3 10:00:00 CET 2023|Wednesday, January 4, 2023",
            "4 of 4 values look like dates or times"),
        Arguments.of("45|50|60|1:05", "3 of 4 values are numbers, others such as \"1:05\" are not"),
        Arguments.of(
            "05-Jan-2024|17-Feb-2024|00-Jan-1900",
            "2 of 3 values look like dates with the name of a month"),
        Arguments.of("31.12.2024|30.12.2024|10:30", "to_date(regexp_replace(trim(`price`), '"),
        Arguments.of("2024-01-05T10:00:00Z|2024-01-06T10:00:00Z|01JAN2023", "2 of 3 values are d"),
        Arguments.of("12 %|13 %|14 %", "numbers with a unit"),
        Arguments.of("1 234,5|2 345|3 456", "numbers with blanks between thousands"),
        Arguments.of("31/12/2024|01/01/2024|1/2/2024", "dates in another order"),
        Arguments.of(
            "01234|12345|1", "1 of its 3 numbers would lose their writing, such as \"01234\""),
        Arguments.of("1|2|many", "2 of 3 values are numbers, others such as \"many\" are not"),
        Arguments.of(
            "05|" + "7|".repeat(60) + "k.A.",
            "61 of 62 values are numbers, others such as \"k.A.\" are not (table.missing:"
                + " [\"k.A.\""),
        Arguments.of("+5,5|+7|-3,2", "2 of 3 values look like numbers with a decimal comma"),
        Arguments.of(
            "1E5|12E4|3E2", "3 of its 3 numbers would lose their writing, such as \"12E4\""),
        Arguments.of(
            "12 kg|0.5 kg|heavy",
            "2 of 3 values look like numbers with the unit \"kg\", such as \"0.5 kg\" (derive:"
                + " {price: \"cast(replace(`price`, 'kg', '') as double)\"} reads them; others such"
                + " as \"heavy\" are none)"),
        Arguments.of("1.5k|300k|-7k", "3 of 3 values look like numbers with the unit \"k\""),
        Arguments.of(
            "JPY 500|JPY -7|JPY 8", "3 of 3 values look like numbers with the unit \"JPY\""),
        Arguments.of(
            "₹1,234|₹5|₹7", "the unit \"₹\", such as \"₹1,234\" (what takes the unit away"),
        Arguments.of(
            "2024-01-01|2024-01-02|soon", "2 of 3 values are dates, others such as \"soon\""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notes")
  void textsThatLookLikeMoreAreTold(String cells, String note) throws IOException {
    StringBuilder text = new StringBuilder("price,y\n");
    for (String cell : cells.split("\\|", -1)) {
      text.append('"').append(cell).append("\",1\n");
    }
    LakeTable.Opened opened = open(text.toString());
    assertEquals("STRING", types(opened).get("price"));
    assertEquals(1, opened.reading().notes().size(), opened.reading().notes()::toString);
    String told = opened.reading().notes().get(0);
    assertTrue(told.startsWith("column price is taken for texts: ") && told.contains(note), told);
  }

  @Test
  void theMendOfANoteReadsTheColumn() throws IOException {
    for (String cells :
        List.of(
            "1,5|2,5",
            "1.234,5|10,5",
            "12 %|13 %",
            "1 234,5|2 345",
            "1,234|10,5",
            "+5,5|+7",
            "12 kg|7.5kg",
            "JPY 500|JPY 7")) {
      StringBuilder text = new StringBuilder("price,y\n");
      for (String cell : cells.split("\\|", -1)) {
        text.append('"').append(cell).append("\",1\n");
      }
      String note = open(text.toString()).reading().notes().get(0);
      String sql = mend(note);
      LakeTable.Opened opened = open(text.toString());
      opened
          .rows()
          .selectExpr(sql)
          .collectAsList()
          .forEach(row -> assertTrue(row.getDouble(0) > 1, note));
    }
  }

  @Test
  void ordinaryTextsAndCodesAreNotTold() throws IOException {
    LakeTable.Opened opened =
        open(
            """
            a,b,c,d,e,f
            red,K1A,x,SKU12,12A,3 rooms
            green,01234,1,SKU13,7B,1 room
            blue,12345,y,SKU14,7,Apt 5
            Tango 7,1.10.12,12:75,0A:1B:2C,12Mayor3,Sunset 4
            x1,1:10,1:20,1:40,45DEC99,3:2
            x2,1:10,1:20,1:40,99MAR12,3:2
            x3,1:10,1:20,1:40,98MAR12,3:2
            x4,1:10,1:20,1:40,97MAR12,3:2
            """);
    assertEquals(List.of(), opened.reading().notes());
  }

  @Test
  void scoringReadsWithTheTypesOfTraining() throws IOException {
    TableMeaning meaning =
        new TableMeaning(
            Map.of("zip", "STRING", "age", "INT", "on", "DATE", "flag", "BOOLEAN", "n", "BIGINT"),
            Optional.empty(),
            Map.of(),
            "UTC");
    Files.writeString(file, "zip,age,on,flag,n,own\n01234,39.0,2024-01-05,TRUE,7,007\n");
    LakeTable.Opened opened = open(spec(file), meaning);
    assertEquals(List.of("[01234,39,2024-01-05,true,7,007]"), rows(opened));
    Files.writeString(file, "zip,age,on,flag,n\n1,39.5,,NA,7.25\n");
    opened = open(spec(file), meaning);
    assertEquals(List.of("[1,39.5,null,null,7.25]"), rows(opened), "numbers may widen");
    Files.writeString(file, "zip,age,on,flag,n\n1,2,2024-01-05T00:00:00.000Z,f,7\n2,3,,1,8\n");
    assertEquals(
        List.of("[1,2,2024-01-05,false,7]", "[2,3,null,true,8]"), rows(open(spec(file), meaning)));
    assertEquals(
        List.of("[1,2,2024-01-05 00:00:00,f,7]", "[2,3,null,1,8]"),
        open(spec(file), TableMeaning.UNKNOWN)
            .rows()
            .selectExpr("zip", "age", "cast(on as string)", "flag", "n")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .sorted()
            .toList(),
        "a column of its own that looks so is no other than before");
    Files.writeString(file, "zip,age,on,flag,n\n1,old,,,\n");
    String refusal = assertThrows(InvalidInput.class, () -> open(spec(file), meaning)).getMessage();
    assertTrue(
        refusal.contains(
            "t.csv line 2: column \"age\" must be a number, as in training, however: \"old\""),
        refusal);
  }

  @Test
  void filesAreReadByName() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "x,y,z\n1,2,3\n");
    Files.writeString(folder.resolve("b.csv"), "z,x,y\n30,10,20\n");
    Files.writeString(folder.resolve("c.csv"), "");
    Files.writeString(folder.resolve("d.csv"), "y,z,x\n");
    assertEquals(List.of("[1,2,3]", "[10,20,30]"), rows(open(spec(folder), TableMeaning.UNKNOWN)));
    Files.writeString(folder.resolve("e.csv"), "x,y,w\n1,2,3\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(folder), TableMeaning.UNKNOWN))
            .getMessage();
    assertTrue(refusal.contains("e.csv must have the columns of"), refusal);
    assertTrue(refusal.contains("lacks [z] and has [w] besides"), refusal);
  }

  @Test
  void aSchemaNamesColumnsByTheHeaderOrByPlace() throws IOException {
    Optional<String> schema = Optional.of("x DOUBLE, c STRING");
    Files.writeString(file, "c,more,x\nq,1,2\n");
    TableSpec spec =
        spec(file.toString(), Map.of(), schema, TableSpec.Malformed.REFUSE, Optional.empty());
    assertEquals(List.of("[2.0,q]"), rows(open(spec, TableMeaning.UNKNOWN)));
    Files.writeString(file, "|1x3 Cross validator\n2,q\n");
    LakeTable.Opened passed = open(spec, TableMeaning.UNKNOWN);
    assertEquals(List.of("[2.0,q]"), rows(passed));
    assertTrue(passed.reading().notes().get(0).contains("t.csv line 1 is passed over"));
    passed = withSchema(schema.get(), Map.of("Header", "true"));
    assertEquals(List.of(), passed.reading().notes(), "the note's own mend");
    Files.writeString(file, "x,b\n2,q\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec, TableMeaning.UNKNOWN)).getMessage();
    assertTrue(
        refusal.contains("must have the columns of the schema, however: it lacks [c]"), refusal);
  }

  private LakeTable.Opened withSchema(String schema, Map<String, String> options) {
    return open(
        spec(
            file.toString(),
            options,
            Optional.of(schema),
            TableSpec.Malformed.REFUSE,
            Optional.empty()),
        TableMeaning.UNKNOWN);
  }

  /** Headers that are the schema's but for how they are written. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Income,Age,Churned",
        "' income, age, churned '",
        "INCOME,Alter,x",
        "x,age,income",
        "'\"Age\",\"In come\",\"ch-urned\"'"
      })
  void columnsOfAnotherWritingAreNeverTakenByPlace(String header) throws IOException {
    Files.writeString(file, header + "\n20170,17,0\n");
    for (Map<String, String> options :
        List.of(Map.<String, String>of(), Map.of("header", "true"))) {
      String refusal =
          assertThrows(
                  InvalidInput.class, () -> withSchema("age INT, income INT, churned INT", options))
              .getMessage();
      assertTrue(
          refusal.contains("t.csv must have the columns of the schema, however: it lacks ["),
          refusal);
    }
  }

  @Test
  void aSchemaInTheHeadersWritingHelps() throws IOException {
    Files.writeString(file, "Income,Age\n20170,17\n");
    assertEquals(List.of("[17,20170]"), rows(withSchema("Age INT, Income INT", Map.of())));
    // Whether an accent is a character of its own is no difference.
    Files.writeString(file, "n,\u00e9ge\n1,17\n");
    assertEquals(List.of("[17,1]"), rows(withSchema("`e\u0301ge` INT, n INT", Map.of())));
  }

  /** First lines that may be rows of a schema. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x INT, z DOUBLE, y STRING|17,0.976,no",
        "x INT, z DOUBLE, y STRING|17,oh,no",
        "x INT, z DOUBLE, y STRING|,NA,no",
        "x DATE, z BOOLEAN, y STRING|2024-01-05,,no",
        "x STRING, z STRING, y STRING|a,b,c",
        "x STRING, z INT, y INT|country,2019,2020",
        "'x DECIMAL(10,2), y STRING'|1.005,oh",
        "x INT, y STRING|0.5,oh"
      })
  void aFirstRowIsNeverLost(String schema, String line) throws IOException {
    Files.writeString(file, "\n" + line + "\n" + line + "\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> withSchema(schema, Map.of())).getMessage();
    assertTrue(
        refusal.contains("t.csv line 2 must have the schema's names, however: it is \"" + line),
        refusal);
    assertTrue(refusal.contains("(options: {header: false} takes it for a row"), refusal);
    if (!line.contains("oh")) {
      assertEquals(2, withSchema(schema, Map.of("header", "false")).rows().count());
      Files.writeString(file, "\n" + line + "\n");
      assertEquals(0, withSchema(schema, Map.of("header", "true")).rows().count());
    }
  }

  @Test
  void filesOfWhichSomeHaveAHeader() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "y,x\nno,1\n");
    Files.writeString(folder.resolve("b.csv"), "2,no\n");
    TableSpec spec =
        spec(
            folder.toString(),
            Map.of(),
            Optional.of("x INT, y STRING"),
            TableSpec.Malformed.REFUSE,
            Optional.empty());
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec, TableMeaning.UNKNOWN)).getMessage();
    assertTrue(refusal.contains("b.csv line 1 must have the schema's names"), refusal);
    assertTrue(refusal.contains("(other files have them: write them into this one, too)"), refusal);
    Files.writeString(folder.resolve("b.csv"), "x,y\n2,no\n");
    assertEquals(List.of("[1,no]", "[2,no]"), rows(open(spec, TableMeaning.UNKNOWN)));
  }

  /** A type of training, a cell of another table, the type that it is read in, and its value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TINYINT|127|TINYINT|127",
        "TINYINT|128|BIGINT|128",
        "SMALLINT|-32768|SMALLINT|-32768",
        "SMALLINT|32768|BIGINT|32768",
        "SMALLINT|40000.0|BIGINT|40000",
        "SMALLINT|1e3|SMALLINT|1000",
        "SMALLINT|0.5|DOUBLE|0.5",
        "INT|2147483648|BIGINT|2147483648",
        "INT|0002147483648|BIGINT|2147483648",
        "INT|+5|INT|5",
        "INT|99999999999999999999|DOUBLE|1.0E20",
        "BIGINT|9223372036854775808|DOUBLE|9.223372036854776E18",
        "BIGINT|9223372036854775807.0|BIGINT|9223372036854775807",
        "BIGINT|1e999999999|DOUBLE|Infinity",
        "FLOAT|0.1|FLOAT|0.1",
        "FLOAT|1e39|DOUBLE|1.0E39",
        "'DECIMAL(4,1)'|12.5|'DECIMAL(4,1)'|12.5",
        "INT|inf|DOUBLE|Infinity",
        "BIGINT|Nan|DOUBLE|NaN",
        "'DECIMAL(4,1)'|12345|DOUBLE|12345.0",
        "'DECIMAL(4,1)'|12.50|'DECIMAL(4,1)'|12.5",
        "'DECIMAL(4,1)'|2.25|DOUBLE|2.25",
        "'DECIMAL(4,1)'|-inf|DOUBLE|-Infinity"
      })
  void numbersThatTrainingsTypeDoesNotHoldAreReadInAWiderOne(
      String trained, String cell, String type, String value) throws IOException {
    TableMeaning meaning =
        new TableMeaning(Map.of("x", trained), Optional.empty(), Map.of(), "UTC");
    Files.writeString(file, "x,y\n1,a\n" + cell + ",b\n");
    LakeTable.Opened opened = open(spec(file), meaning);
    assertEquals(type, types(opened).get("x"));
    assertEquals(value, opened.rows().where("y = 'b'").first().get(0).toString());
  }

  @Test
  void columnsThatNobodyReadsMayBeOfOtherTypes() throws IOException {
    TableMeaning meaning =
        new TableMeaning(
                Map.of("id", "INT", "x", "INT", "at", "DATE", "meta", "STRUCT<a: INT>"),
                Optional.empty(),
                Map.of(),
                "UTC")
            .needing(List.of("x"));
    Files.writeString(file, "id,x,at,meta\nC-0,1,soon,\"{1}\"\n-,2,2024-01-05,\n");
    LakeTable.Opened opened = open(spec(file), meaning);
    assertEquals(
        Map.of("id", "STRING", "x", "INT", "at", "STRING", "meta", "STRING"), types(opened));
    assertEquals(List.of("[-,2,2024-01-05,null]", "[C-0,1,soon,{1}]"), rows(opened));
    Files.writeString(file, "id,x,at,meta\n007,1,2024-01-05,\n-,2,,\n");
    opened = open(spec(file), meaning);
    assertEquals(List.of("[7,1,2024-01-05,null]", "[null,2,null,null]"), rows(opened));
    Files.writeString(file, "id,x,at,meta\nC-0,1,,\n");
    TableSpec reads = new TableSpec(spec(file).source(), Map.of(), Optional.of("`ID` > 3"));
    String refusal = assertThrows(InvalidInput.class, () -> open(reads, meaning)).getMessage();
    assertTrue(
        refusal.contains("column \"id\" must be a number, as in training, however: \"C-0\""),
        refusal);
  }

  /** A table with a record or cell that is wrong, and what must be said of it. */
  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of(
            "a field too many",
            "x,y\n1,2\n3,4,5\n",
            "t.csv line 3: it has 3 fields, and the header has 2",
            "[1,2]",
            "[3,4]"),
        Arguments.of(
            "a field too few",
            "x,y\n1,2\n\n3\n",
            "t.csv line 4: it has 1 fields, and the header has 2",
            "[1,2]",
            "[3,null]"),
        Arguments.of(
            "a cell of the schema",
            "x,y\n1,2\n3,n\n",
            "t.csv line 3: column \"y\" must be INT, however: \"n\"",
            "[1,2]",
            "[3,null]"),
        Arguments.of(
            "a number that would be rounded",
            "x,y\n1,2\n3,4.5\n",
            "t.csv line 3: column \"y\" must be INT, however: \"4.5\"",
            "[1,2]",
            "[3,null]"),
        Arguments.of(
            "text behind a quote",
            "x,y\n1,2\n3,\"4\"x\n",
            "t.csv line 3: text follows a closing quote",
            "[1,2]",
            "[3,null]"));
  }

  /** The expression that a note offers for derive. */
  private static String mend(String note) {
    String quoted =
        note.substring(note.indexOf(": \"", note.indexOf("derive")) + 3, note.indexOf("\"} reads"));
    return quoted.replace("\\\"", "\"").replace("\\\\", "\\"); // As YAML reads it.
  }

  /** Numbers as people write them, and what they are. */
  static Stream<Arguments> numbers() {
    return Stream.of(
        Arguments.of("€ 1.100,50|€ 2|-3,5 €", List.of(1100.5, 2.0, -3.5)),
        Arguments.of("1.0 %|12.5 %|7 %", List.of(1.0, 12.5, 7.0)),
        Arguments.of("12,5 %|1.234,5 %|1.234 %", List.of(12.5, 1234.5, 1234.0)),
        Arguments.of("10.98 EUR|EUR 1,234.50|€1.5", List.of(10.98, 1234.5, 1.5)),
        Arguments.of("5 %|0|12.5%", List.of(5.0, 0.0, 12.5)),
        Arguments.of("12.5|(3.50)|1,234.50|(1,200.00) ", List.of(12.5, -3.5, 1234.5, -1200.0)),
        Arguments.of("$12.5|($3.50)|$(1,200.00)|0", List.of(12.5, -3.5, -1200.0, 0.0)),
        Arguments.of("12,5|3,50-|1.200,00-|7,0 -", List.of(12.5, -3.5, -1200.0, -7.0)),
        Arguments.of("\u22123.5|7|\u20131,200|-2", List.of(-3.5, 7.0, -1200.0, -2.0)),
        Arguments.of("\u2212 3,5 €|7 €|-€2", List.of(-3.5, 7.0, -2.0)),
        Arguments.of("\u00a03.5|7\u00a0|- 2", List.of(3.5, 7.0, -2.0)),
        Arguments.of("0,976|1,390|2,7", List.of(0.976, 1.39, 2.7)),
        Arguments.of("1,390|2,7|1.234", List.of(1.39, 2.7, 1234.0)),
        Arguments.of("1,390|2.7|1,234,567", List.of(1390.0, 2.7, 1234567.0)),
        Arguments.of("1.100.100|2.200|3.300.400", List.of(1100100.0, 2200.0, 3300400.0)),
        Arguments.of("CHF 1'100.50|2’200 CHF|CHF 3'300.25", List.of(1100.5, 2200.0, 3300.25)),
        Arguments.of(
            "1 234,5|2\u00a0345|3\u202f456\u2009789,25", List.of(1234.5, 2345.0, 3456789.25)),
        Arguments.of("1,00,000.5|12,34,567|-5", List.of(100000.5, 1234567.0, -5.0)),
        Arguments.of("$1,234|-|$12.50", Arrays.asList(1234.0, null, 12.5)),
        Arguments.of(",5|1,5|none", Arrays.asList(0.5, 1.5, null)),
        Arguments.of("007|1.5|-", Arrays.asList(7.0, 1.5, null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("numbers")
  void theMendOfANoteReadsNumbers(String cells, List<Double> values) throws IOException {
    StringBuilder text = new StringBuilder("n,price\n");
    int n = 0;
    for (String cell : cells.split("\\|", -1)) {
      text.append(n++).append(",\"").append(cell).append("\"\n");
    }
    LakeTable.Opened opened = open(text.toString());
    String note = opened.reading().notes().get(0);
    String yaml = note.substring(note.indexOf("{price: \""), note.indexOf("\"}") + 2);
    Map<?, ?> derive = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    String sql = (String) derive.get("price");
    for (String own : List.of(sql, yaml.substring(9, yaml.length() - 2))) {
      List<Row> rows = opened.rows().orderBy("n").selectExpr(own).collectAsList();
      assertEquals(values, rows.stream().map(row -> row.get(0)).toList(), note);
    }
  }

  @Test
  void numbersThatReadBothWaysAreToldSo() throws IOException {
    LakeTable.Opened opened = open("price,y\n\"1,234\",1\n\"2,345\",2\n");
    String note = opened.reading().notes().get(0);
    String[] ways = note.split("derive: \\{price: \"", -1);
    assertEquals(3, ways.length, note);
    for (int i = 1; i <= 2; i++) {
      String sql = ways[i].substring(0, ways[i].indexOf("\"} reads"));
      double first = opened.rows().where("y = 1").selectExpr(sql).first().getDouble(0);
      assertEquals(i == 1 ? 1234.0 : 1.234, first, note);
    }
    note = open("price,y\n\"1,5\",1\n2.5,2\n").reading().notes().get(0);
    assertTrue(note.contains("others a decimal point, which no one expression reads"), note);
  }

  /** Dates and times as people write them, and what Spark's own literal of each is. */
  static Stream<Arguments> dates() {
    return Stream.of(
        Arguments.of("31/12/2024", "2/1/2024", "DATE'2024-01-02'"),
        Arguments.of("31.12.24", "02.01.24", "DATE'2024-01-02'"),
        Arguments.of("12/31/2024", "1/2/2024", "DATE'2024-01-02'"),
        Arguments.of("12-31-24", "01-02-24", "DATE'2024-01-02'"),
        Arguments.of("2024/12/31", "2024/1/2", "DATE'2024-01-02'"),
        Arguments.of("2024.12.31", "2024.01.02", "DATE'2024-01-02'"),
        Arguments.of("31.12.2024 23:59", "02.01.2024 22:05", "TIMESTAMP'2024-01-02 22:05:00'"),
        Arguments.of("12/31/24 9:00 AM", "1/2/24 10:05:07 pm", "TIMESTAMP'2024-01-02 22:05:07'"),
        Arguments.of(
            "2024-12-31 09:00 AM", "2024-01-02 10:05 PM", "TIMESTAMP'2024-01-02 22:05:00'"),
        Arguments.of("2024/12/31 9:00", "2024/01/02 22:05:07", "TIMESTAMP'2024-01-02 22:05:07'"),
        Arguments.of("31/12/24", "01/02/70", "DATE'1970-02-01'"),
        Arguments.of("31/12/24", "05/06/69", "DATE'1969-06-05'"),
        Arguments.of("31/12/24", "05/06/68", "DATE'2068-06-05'"),
        Arguments.of("31/12/1924", "07.08.99", "DATE'1999-08-07'"),
        Arguments.of("12/31/70", "7/8/05", "DATE'2005-07-08'"),
        Arguments.of("31.12.24 9:00", "07.08.99 22:05", "TIMESTAMP'1999-08-07 22:05:00'"),
        Arguments.of("31/12/2024", "2024-01-02", "DATE'2024-01-02'"),
        Arguments.of("31/12/2024", "2024-01-02 10:05:00", "TIMESTAMP'2024-01-02 10:05:00'"),
        Arguments.of("05-Jan-2024", "17-FEB-2024", "DATE'2024-02-17'"),
        Arguments.of("5 January 2024", "17 may 99", "DATE'1999-05-17'"),
        Arguments.of("\"Jan 5, 2024\"", "\"September 30, 2023\"", "DATE'2023-09-30'"),
        Arguments.of("2024-Jan-05", "2023-Sept-30", "DATE'2023-09-30'"),
        Arguments.of("05-Jan-2024 9:00 AM", "17-Feb-2024 22:05", "TIMESTAMP'2024-02-17 22:05:00'"),
        Arguments.of(
            "2024-01-05 10:00:00 CET",
            "2024-01-05 23:30:00.5 Europe/Paris",
            "TIMESTAMP'2024-01-05 22:30:00.5'"),
        Arguments.of("2024-01-05 10:00:00 EST", "2024-01-05", "TIMESTAMP'2024-01-05 00:00:00'"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("dates")
  void theMendOfANoteReadsDates(String tellsTheOrder, String date, String literal)
      throws IOException {
    LakeTable.Opened opened = open("at,y\n%s,1\n%s,2\n".formatted(date, tellsTheOrder));
    String note = opened.reading().notes().get(0);
    String sql = mend(note);
    List<Row> row = opened.rows().where("y = 1").selectExpr(sql, literal).collectAsList();
    assertEquals(row.get(0).get(1), row.get(0).get(0), note);
    assertEquals(0, opened.rows().where(sql + " is null").count(), note);
  }

  @Test
  void datesThatReadBothWaysAreToldSo() throws IOException {
    for (String dates : List.of("01/02/2024,1\n12/01/2024,2\n", "1.2.24,1\n5.5.70,2\n")) {
      String note = open("at,y\n" + dates).reading().notes().get(0);
      String[] ways = note.split("derive: \\{at: \"", -1);
      assertEquals(3, ways.length, note);
      for (int i = 1; i <= 2; i++) {
        String sql = ways[i].substring(0, ways[i].indexOf("\"} reads"));
        LakeTable.Opened opened = open("at,y\n" + dates);
        String first = opened.rows().where("y = 1").selectExpr(sql).first().get(0).toString();
        assertEquals(i == 1 ? "2024-02-01" : "2024-01-02", first, note);
        assertEquals(0, opened.rows().where(sql + " is null").count(), note);
      }
      assertEquals(dates.contains("70"), note.contains("the years 69 to 99 as 1969 to 1999"), note);
    }
  }

  /** 24/12/31 is the 24th or of the year 2024; what decides is any other date of the column. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "24/12/31;20/01/15|2031-12-24;2024-12-31",
        "04/12/31;02-01-15|2031-12-04;2031-04-12;2004-12-31",
        "24/12/31;95/01/15|2024-12-31",
        "99/12/31;95/01/15|1999-12-31",
        "24/12/31;2024/1/5|2031-12-24;2024-12-31",
        "24/12/31;24/12/99|2031-12-24",
        "24/12/31;5/1/15|2031-12-24",
        "24/12/31 9:00;20/01/15 8:00|2031-12-24 09:00:00.0;2024-12-31 09:00:00.0",
      })
  void aYearOfTwoDigitsMayBeFirst(String dates, String read) throws IOException {
    LakeTable.Opened opened = open("n,at\n1,%s\n2,%s\n".formatted((Object[]) dates.split(";")));
    String note = opened.reading().notes().get(0);
    String[] ways = note.split("derive: \\{at: \"", -1);
    List<String> firsts = new ArrayList<>();
    for (int i = 1; i < ways.length; i++) {
      String sql = ways[i].substring(0, ways[i].indexOf("\"} reads"));
      firsts.add(opened.rows().where("n = 1").selectExpr(sql).head().get(0).toString());
      assertEquals(0, opened.rows().where(sql + " is null").count(), note);
    }
    assertEquals(List.of(read.split(";")), firsts, note);
    assertEquals(ways.length > 2, note.contains(" reads them with the day first, "), note);
  }

  @Test
  void yearsAtBothEndsAreReadByNoExpression() throws IOException {
    String note = open("n,at\n1,95/12/31\n2,31/12/95\n").reading().notes().get(0);
    assertTrue(note.contains("(some have the year first and others the day or month, which"), note);
  }

  /** Texts with digits among numbers, which are numbers to a person. */
  @ParameterizedTest
  @ValueSource(strings = {"12 kg", "~5", ">100", "3-5", "1/2", "₹5", "2024-01-05"})
  void whatMayBeANumberIsNeverOfferedAsMissing(String cell) throws IOException {
    String note = open("x,y\n1,1\n2,1\n" + cell + ",1\n").reading().notes().get(0);
    assertTrue(note.endsWith("2 of 3 values are numbers, others such as \"" + cell + "\" are not"));
    note = open("x,y\n$1,1\n$2,1\n" + cell + ",1\n").reading().notes().get(0);
    assertTrue(!note.contains("table.missing"), note);
  }

  @Test
  void impossibleDatesAreNoDates() throws IOException {
    Files.writeString(file, "at,y\n28/02/2024,1\n31/02/2024,2\n");
    Map<String, String> format = Map.of("dateFormat", "dd/MM/yyyy");
    assertEquals("STRING", types(with(format)).get("at"));
    assertTrue(with(format).reading().notes().get(0).contains("others such as \"31/02/2024\""));
    String refusal =
        assertThrows(InvalidInput.class, () -> withSchema("at DATE, y INT", format)).getMessage();
    assertTrue(
        refusal.contains(
            "line 3: column \"at\" must be DATE, however: \"31/02/2024\" (options: {dateFormat:"),
        refusal);
    String open = open("at,y\n28/02/2024,1\n31/02/2024,2\n").reading().notes().get(0);
    assertTrue(open.contains("others such as \"31/02/2024\" are none"), open);
  }

  @Test
  void formatsOfTheJobThatAreWrongOrOfNoUseAreTold() throws IOException {
    Files.writeString(file, "at,n,c\n05-JAN-2024,20240105,2024-1-5\n06-Feb-2024,20240106,x\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> with(Map.of("dateFormat", "dd-mmm-yyyy")))
            .getMessage();
    assertTrue(refusal.contains("(options: {dateFormat: \"dd-MMM-yyyy\"})"), refusal);
    LakeTable.Opened opened = with(Map.of("DATEFORMAT", "dd-MMM-yyyy"));
    assertEquals("DATE", types(opened).get("at"));
    assertEquals(1, opened.rows().where("at = date'2024-02-06'").count());
    opened = with(Map.of("dateFormat", "MMM d yyyy"));
    String note = opened.reading().notes().get(opened.reading().notes().size() - 1);
    assertEquals(
        "options.dateFormat: MMM d yyyy fits no cell; column at has \"05-JAN-2024\"", note);
    Files.writeString(file, "n,y\n20240105,1\n20240106,2\n");
    opened = with(Map.of("dateFormat", "yyyyMMdd"));
    note = opened.reading().notes().get(0);
    assertTrue(note.startsWith("options.dateFormat: yyyyMMdd fits no cell, since 20240105"), note);
    Row row = opened.rows().where("y = 2").selectExpr(mend(note)).first();
    assertEquals("2024-01-06", row.get(0).toString());
  }

  @Test
  void aColumnThatTheJobDerivesIsNotTold() throws IOException {
    Files.writeString(file, "price,other\n\"1,5\",\"2,5\"\n\"3,5\",\"4,5\"\n");
    TableSpec plain = spec(file);
    String note = open(plain, TableMeaning.UNKNOWN).reading().notes().get(0);
    TableSpec derived =
        new TableSpec(plain.source(), Map.of("price", mend(note)), Optional.empty());
    List<String> notes = open(derived, TableMeaning.UNKNOWN).reading().notes();
    assertEquals(1, notes.size(), notes::toString);
    assertTrue(notes.get(0).startsWith("column other"), notes::toString);
  }

  /** Records that a backslash before a quote breaks. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "k,y\n\"say \\\"hi\\\", you\",1\nb,2\n",
        "k,y\n\"say \\\"hi\",1\n\"6\\\"\",2\n",
        "k,y\n\"6\\\", red\",1\nb,2\n",
        "k,y\na,1\n\"6\\\"\",2\n"
      })
  void theMendOfBackslashesBeforeQuotesReadsThem(String text) throws IOException {
    Files.writeString(file, text);
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(file), TableMeaning.UNKNOWN)).getMessage();
    int from = refusal.indexOf("{escape: ");
    assertTrue(from > 0, refusal);
    Map<?, ?> options =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(refusal.substring(from, refusal.indexOf('}', from) + 1));
    List<String> cells = rows(with(Map.of("escape", (String) options.get("escape"))));
    assertEquals(2, cells.size());
    assertTrue(cells.stream().noneMatch(row -> row.contains("\\")), cells::toString);
    assertTrue(cells.stream().anyMatch(row -> row.contains("\"")), cells::toString);
  }

  @Test
  void blanksBeforeQuotesAreToldAndReadByTheMend() throws IOException {
    Files.writeString(file, "x, \"k\", z\n0.1, \"red\", 2.5\n 0.2,\t\"blue\" , 3.5\n");
    LakeTable.Opened opened = with(Map.of());
    String note = opened.reading().notes().get(0);
    assertTrue(note.startsWith("3 cells have a blank before their quotes"), note);
    assertTrue(note.contains("(options: {ignoreLeadingWhiteSpace: true} reads"), note);
    opened = with(Map.of("ignoreLeadingWhiteSpace", "true"));
    assertEquals(List.of(), opened.reading().notes());
    assertEquals(List.of("x", "k", "z"), List.of(opened.rows().columns()));
    assertEquals(List.of("[0.1,red,2.5]", "[0.2,blue,3.5]"), rows(opened));
    Files.writeString(file, "x,k\n0.1, \"red, green\"\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(file), TableMeaning.UNKNOWN)).getMessage();
    assertTrue(refusal.contains("it has 3 fields, and the header has 2 (options: {"), refusal);
    assertEquals(
        List.of("[0.1,red, green]"), rows(with(Map.of("ignoreLeadingWhiteSpace", "true"))));
  }

  /** A first line that is no header, and bytes that are no CSV. */
  static Stream<Arguments> noCsv() {
    return Stream.of(
        Arguments.of("sep=;\na;b\n1;2\n", "UTF-8", "that is for spreadsheets: leave the line out"),
        Arguments.of("sep=,\na,b\n1,2\n", "UTF-8", "that is for spreadsheets: leave the line out"),
        Arguments.of("# made by a tool\na,b\n", "UTF-8", "options: {comment: \"#\"} passes"),
        Arguments.of("a,b,A\n1,2,3\n", "UTF-8", "more than capital letters, however: a, A"),
        Arguments.of(
            "a,b\n1,2\n", "UTF-16", "it is a text in UTF-16 (options: {encoding: UTF-16})"),
        Arguments.of("a,b\n1,2\n", "UTF-16LE", "(options: {encoding: UTF-16LE})"),
        Arguments.of("a,b\n1,2\n", "UTF-16BE", "(options: {encoding: UTF-16BE})"),
        Arguments.of("PK\3\4\0\0\377", "ISO-8859-1", "it is a ZIP archive"),
        Arguments.of("\320\317\021\340\241", "ISO-8859-1", "it is a spreadsheet (.xls)"),
        Arguments.of("\37\213\10\0", "ISO-8859-1", "it is compressed by gzip"),
        Arguments.of("PAR1\25\0\377", "ISO-8859-1", "it is a Parquet file"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("noCsv")
  void whatIsNoCsvIsRefusedForWhatItIs(String text, String encoding, String reason)
      throws IOException {
    Files.write(file, text.getBytes(encoding));
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(file), TableMeaning.UNKNOWN)).getMessage();
    assertTrue(refusal.contains("t.csv") && refusal.contains(reason), refusal);
  }

  /** What the refusals of above say helps. */
  @Test
  void theMendsOfRefusalsHelp() throws IOException {
    for (String encoding : List.of("UTF-16", "UTF-16LE", "UTF-16BE")) {
      Files.write(file, "a,b\n1,2\n".getBytes(encoding));
      assertEquals(List.of("[1,2]"), rows(with(Map.of("encoding", encoding))));
    }
    Files.writeString(file, "# made by a tool\na,b\n1,2\n");
    assertEquals(List.of("[1,2]"), rows(with(Map.of("comment", "#"))));
    var conf = TestSpark.session().conf();
    conf.set("spark.sql.caseSensitive", "true");
    try {
      assertEquals(List.of("[1,2,3]"), rows(open("a,b,A\n1,2,3\n")));
    } finally {
      conf.unset("spark.sql.caseSensitive");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformedRecords(String name, String text, String said, String whole, String rest)
      throws IOException {
    Optional<String> schema = Optional.of("x INT, y INT");
    Files.writeString(file, text);
    String refusal =
        assertThrows(
                InvalidInput.class,
                () ->
                    open(
                        spec(
                            file.toString(),
                            Map.of(),
                            schema,
                            TableSpec.Malformed.REFUSE,
                            Optional.empty()),
                        TableMeaning.UNKNOWN))
            .getMessage();
    assertTrue(refusal.contains(said), refusal);
    assertTrue(refusal.contains("table.malformed"), refusal);
    LakeTable.Opened skipped =
        open(
            spec(file.toString(), Map.of(), schema, TableSpec.Malformed.SKIP, Optional.empty()),
            TableMeaning.UNKNOWN);
    assertEquals(List.of(whole), rows(skipped));
    assertEquals(1, skipped.reading().malformed());
    LakeTable.Opened kept =
        open(
            spec(file.toString(), Map.of(), schema, TableSpec.Malformed.MISSING, Optional.empty()),
            TableMeaning.UNKNOWN);
    assertEquals(List.of(whole, rest), rows(kept));
  }

  @Test
  void aHeaderInTheMiddleOfAFileIsNoRow() throws IOException {
    Files.writeString(file, "x,y\na,no\nx,y\nb,yes\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(file), TableMeaning.UNKNOWN)).getMessage();
    assertTrue(refusal.contains("t.csv line 3: it repeats the header"), refusal);
    assertTrue(refusal.contains("table.malformed: skip"), refusal);
    for (TableSpec.Malformed policy :
        List.of(TableSpec.Malformed.SKIP, TableSpec.Malformed.MISSING)) {
      LakeTable.Opened opened =
          open(
              spec(file.toString(), Map.of(), Optional.empty(), policy, Optional.empty()),
              TableMeaning.UNKNOWN);
      assertEquals(List.of("[a,no]", "[b,yes]"), rows(opened));
      assertEquals(1, opened.reading().malformed());
    }
    assertEquals(3, open("word\na\nword\nb\n").rows().count(), "a word may be its column's name");
    Files.writeString(file, "a,no\nx,y\n");
    refusal =
        assertThrows(
                InvalidInput.class,
                () -> withSchema("x STRING, y STRING", Map.of("header", "false")))
            .getMessage();
    assertTrue(refusal.contains("t.csv line 2: it repeats the header"), refusal);
  }

  /**
   * Two exports of a spreadsheet in one file: the second one's byte order mark is in the middle.
   */
  @Test
  void aHeaderInTheMiddleIsOneBehindAByteOrderMark() throws IOException {
    Files.writeString(file, "\uFEFFx,y\na,no\n\uFEFFx,y\nb,yes\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(file), TableMeaning.UNKNOWN)).getMessage();
    assertTrue(refusal.contains("t.csv line 3: it repeats the header"), refusal);
  }

  /** Names that look the same are columns of their own where a file spells both. */
  @Test
  void columnsInTwoSpellingsKeepTheirCells() throws IOException {
    String composed = "\u00e9";
    String decomposed = "e\u0301";
    LakeTable.Opened opened = open("%s,%s,y\n1,100,a\n".formatted(composed, decomposed));
    assertEquals(List.of("[1,100,a]"), rows(opened));
    Files.writeString(
        folder.resolve("t2.csv"), "%s,%s,y\n200,2,b\n".formatted(decomposed, composed));
    assertEquals(List.of("[1,100,a]", "[2,200,b]"), rows(open(spec(folder), TableMeaning.UNKNOWN)));
    Files.writeString(folder.resolve("t2.csv"), "%s,y\n2,b\n".formatted(composed));
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(folder), TableMeaning.UNKNOWN))
            .getMessage();
    assertTrue(refusal.contains("t2.csv must have the columns of"), refusal);
    Files.writeString(folder.resolve("t2.csv"), "É,e\u0301,y\n1,2,b\n");
    refusal =
        assertThrows(InvalidInput.class, () -> open(spec(folder), TableMeaning.UNKNOWN))
            .getMessage();
    assertTrue(refusal.contains("lacks [\u00e9] and has [É] besides"), refusal);
  }

  @Test
  void namesThatAreAlikeAreCalledSo() throws IOException {
    String refusal =
        assertThrows(InvalidInput.class, () -> open("x,x,x1,y\n1,2,3,4\n")).getMessage();
    assertTrue(
        refusal.contains("columns must have different names, however: two are called x1"), refusal);
    // What the refusal says helps.
    assertEquals(
        List.of("[1,2,3,4]"),
        rows(withSchema("a INT, b INT, c INT, d INT", Map.of("header", "true"))));
    refusal =
        assertThrows(InvalidInput.class, () -> withSchema("x INT, x INT", Map.of())).getMessage();
    assertTrue(
        refusal.contains("schema must name a column once, however: \"x\" stands twice"), refusal);
  }

  @Test
  void aQuoteThatIsNeverClosedIsRefusedByEveryPolicy() throws IOException {
    Files.writeString(file, "x,y\n1,2\n3,\"4\n5,6\n");
    for (TableSpec.Malformed policy : TableSpec.Malformed.values()) {
      String refusal =
          assertThrows(
                  InvalidInput.class,
                  () ->
                      open(
                          spec(
                              file.toString(),
                              Map.of(),
                              Optional.empty(),
                              policy,
                              Optional.empty()),
                          TableMeaning.UNKNOWN))
              .getMessage();
      assertTrue(
          refusal.contains("t.csv line 3: a quote opens there and is never closed"), refusal);
    }
  }

  /** Whatever else is wrong in the files before it. */
  @Test
  void aQuoteThatIsNeverClosedComesBeforeOtherTroubles() throws IOException {
    String wrong = "x,y\n1,2,3\n4,5\n";
    String open = "x,y\n1,\"2\n";
    for (List<String> files : List.of(List.of(wrong, open), List.of(open, wrong))) {
      Files.writeString(folder.resolve("a.csv"), files.get(0));
      Files.writeString(folder.resolve("b.csv"), files.get(1));
      for (TableSpec.Malformed policy : TableSpec.Malformed.values()) {
        TableSpec spec =
            spec(folder.toString(), Map.of(), Optional.empty(), policy, Optional.empty());
        String refusal =
            assertThrows(InvalidInput.class, () -> open(spec, TableMeaning.UNKNOWN)).getMessage();
        String name = files.get(0).equals(open) ? "a.csv" : "b.csv";
        assertTrue(
            refusal.contains(name + " line 2: a quote opens there and is never closed"), refusal);
        assertTrue(refusal.contains("(options: {quote: ''} reads files without quotes"), refusal);
      }
    }
  }

  @Test
  void aQuoteOfTheFirstRecordThatIsNeverClosedIsNamed() throws IOException {
    for (String header : List.of("true", "false")) {
      Files.writeString(file, header.equals("true") ? "x,\"y\n1,2\n" : "\"5 inch,3\n6 inch,4\n");
      String refusal =
          assertThrows(InvalidInput.class, () -> with(Map.of("header", header))).getMessage();
      assertTrue(
          refusal.contains("t.csv line 1: a quote opens there and is never closed (options: {"),
          refusal);
      // What the refusal says helps.
      assertEquals(
          header.equals("true") ? 1 : 2,
          with(Map.of("header", header, "quote", "")).rows().count());
    }
    Files.writeString(file, "PAR1,\"\n");
    String refusal = assertThrows(InvalidInput.class, () -> with(Map.of())).getMessage();
    assertTrue(refusal.contains("it is a Parquet file"), refusal);
  }

  /** A line and the place in it where another task begins to read. */
  static Stream<Arguments> borders() {
    return Stream.of(
        Arguments.of("in a comment", Map.of("comment", "#"), "# width,\"inch\n", 5, ""),
        Arguments.of("at a comment", Map.of("comment", "#"), "#,\"inch\n", 0, ""),
        Arguments.of(
            "at a blank",
            Map.of("ignoreLeadingWhiteSpace", "true"),
            "seven, \"two\nlines\"\n",
            6,
            "[seven,two\nlines]"),
        Arguments.of("at a quote", Map.of(), "\"8,\",x\n", 0, "[8,,x]"));
  }

  /** What a border cuts is read as if there were none. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("borders")
  void bordersOfChunks(String name, Map<String, String> options, String line, int at, String row)
      throws IOException {
    int length = 6 << 20;
    Files.write(file, new byte[length]);
    int slots = TestSpark.session().sparkContext().defaultParallelism();
    TableFile whole = new TableFile(file.toString(), length, 0, Map.of());
    int border = (int) FileTasks.largest(List.of(whole), slots);
    String start = "x,y\n" + ("a".repeat(1021) + ",b\n").repeat((border - at) / 1024 - 2);
    String fill = "c".repeat(border - 1 - at - start.length() - 3) + ",d\n";
    String head = start + fill + line;
    String rest = ("e".repeat(1021) + ",f\n").repeat((length - head.length()) / 1024);
    Files.writeString(file, head + rest + "\n".repeat(length - head.length() - rest.length()));
    LakeTable.Opened opened = with(options);
    assertEquals(2, opened.rows().toJavaRDD().getNumPartitions());
    assertEquals(rest.length() / 1024, opened.rows().where("y = 'f'").count());
    List<Row> others = opened.rows().where("y not in ('b', 'd', 'f')").collectAsList();
    assertEquals(
        row.isEmpty() ? List.of() : List.of(row), others.stream().map(Row::toString).toList());
  }

  @Test
  void bytesThatAreNoneOfTheEncodingAreNamed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("x,y\n1,\u7532\n2,".getBytes("GBK"));
    bytes.write(new byte[] {(byte) 0xFF, (byte) 0xFF, '\n'});
    Files.write(file, bytes.toByteArray());
    String refusal =
        assertThrows(InvalidInput.class, () -> with(Map.of("encoding", "GBK"))).getMessage();
    assertTrue(
        refusal.contains("t.csv line 3: its bytes are no GBK text (options: {encoding: ...}"),
        refusal);
    Files.write(file, Arrays.copyOf("x,y\n1,2\n".getBytes(StandardCharsets.UTF_16LE), 17));
    refusal =
        assertThrows(InvalidInput.class, () -> with(Map.of("encoding", "UTF-16LE"))).getMessage();
    assertTrue(refusal.contains("t.csv line 3: its bytes are no UTF-16LE text"), refusal);
  }

  @Test
  void bytesOfAnotherEncoding() throws IOException {
    Files.write(file, "x,y\n1,Käse\n2,Öl\n".getBytes(StandardCharsets.ISO_8859_1));
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(file), TableMeaning.UNKNOWN)).getMessage();
    assertTrue(
        refusal.contains("t.csv line 2: its bytes are no UTF-8 text (options: {encoding"), refusal);
    assertEquals(List.of("[1,Käse]", "[2,Öl]"), rows(with(Map.of("encoding", "ISO-8859-1"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {",!;!;", ",!|!|", ",!\\t!\\t", ";!,!,"})
  void aHeaderOfOneNameTellsTheSeparator(String read, String written, String told)
      throws IOException {
    String between = written.replace("\\t", "\t");
    Files.writeString(
        file, "x" + between + "y" + between + "z\n1" + between + "2,5" + between + "3\n");
    String refusal = assertThrows(InvalidInput.class, () -> with(Map.of("sep", read))).getMessage();
    assertTrue(refusal.contains("t.csv must have the names of its columns"), refusal);
    assertTrue(refusal.contains("options: {sep: \"" + told + "\"}"), refusal);
  }

  /** Files of texts behind a query are read by Spark's own readers, which a person should know. */
  @ParameterizedTest
  @CsvSource({"csv, quotes that are doubled", "json, lines that are no JSON"})
  void whatSparksOwnReadersReadIsTold(String format, String words) throws IOException {
    Files.writeString(file, "{\"x\": 1}\n");
    TableSpec query =
        new TableSpec(
            new TableSpec.Query("select * from %s.`%s`".formatted(format, file)),
            Map.of(),
            Optional.empty());
    List<String> notes = open(query, TableMeaning.UNKNOWN).reading().notes();
    assertEquals(1, notes.size());
    assertTrue(notes.get(0).contains(words) && notes.get(0).contains("t.csv"), notes.get(0));
    TableSpec other =
        new TableSpec(new TableSpec.Query("select 1 as x"), Map.of(), Optional.empty());
    assertEquals(List.of(), open(other, TableMeaning.UNKNOWN).reading().notes());
  }

  @Test
  void optionsThatNobodyReadsAreRefused() {
    for (String option : List.of("mode", "lineSep", "unescapedQuoteHandling", "speling")) {
      String refusal =
          assertThrows(
                  InvalidInput.class,
                  () -> {
                    Files.writeString(file, "x\n1\n");
                    with(Map.of(option, "x"));
                  })
              .getMessage();
      assertTrue(refusal.contains("options of CSV files must"), refusal);
    }
  }

  @Test
  void foldersThatAreColumnsKeepTheirTexts() throws IOException {
    for (String zip : List.of("01234", "12345", "__HIVE_DEFAULT_PARTITION__")) {
      Path part =
          Files.createDirectories(folder.resolve("t").resolve("zip=" + zip).resolve("at=10%3A00"));
      Files.writeString(part.resolve("part-0.csv"), "x\n1\n");
      Files.writeString(part.resolve("_SUCCESS"), "");
      Files.writeString(part.resolve(".part-0.csv.crc"), "?");
    }
    Path table = folder.resolve("t");
    LakeTable.Opened opened = open(spec(table), TableMeaning.UNKNOWN);
    assertEquals(List.of("[1,01234,10:00]", "[1,12345,10:00]", "[1,null,10:00]"), rows(opened));
    assertTrue(opened.reading().notes().get(0).contains("such as \"01234\""));
    // A partition's own folder keeps its columns, with the types of training.
    TableMeaning meaning =
        new TableMeaning(opened.reading().types(), Optional.empty(), Map.of(), "UTC");
    assertEquals(List.of("[1,12345,10:00]"), rows(open(spec(table.resolve("zip=12345")), meaning)));
    assertEquals("STRING", types(open(spec(table.resolve("zip=12345")), meaning)).get("zip"));
  }

  @Test
  void largeFilesAreReadInChunks() throws IOException {
    StringBuilder text = new StringBuilder("id,note,x\n");
    List<Integer> ids = new ArrayList<>();
    int id = 0;
    while (text.length() < 11_000_000) {
      text.append(id)
          .append(",\"line ")
          .append(id)
          .append("\nand \"\"another\"\",\n")
          .append("z".repeat(id % 97))
          .append("\",")
          .append(id % 7)
          .append('\n');
      ids.add(id++);
    }
    LakeTable.Opened opened = open(text.toString());
    assertTrue(opened.rows().toJavaRDD().getNumPartitions() > 1);
    assertEquals(
        ids,
        opened.rows().select("id").collectAsList().stream()
            .map(row -> row.getInt(0))
            .sorted()
            .toList());
    Files.writeString(file, text + "\n\n1,2\n");
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(file), TableMeaning.UNKNOWN)).getMessage();
    assertTrue(refusal.contains("t.csv line " + (3 * id + 1 + 3) + ": it has 2 fields"), refusal);
  }

  @Test
  void aFileThatIsWrittenAgainIsNoticed() throws IOException {
    LakeTable.Opened opened = open("x,y\n1,2\n");
    Files.writeString(file, "x,y\n1,2\n3,4\n");
    Exception failure = assertThrows(Exception.class, () -> opened.rows().collectAsList());
    String refusal = Failures.refusal(failure).orElseThrow();
    assertTrue(refusal.contains("t.csv must stay as it is while the table is read"), refusal);
  }

  @Test
  void packedFiles() throws IOException {
    Path packed = folder.resolve("t.csv.gz");
    try (java.util.zip.GZIPOutputStream out =
        new java.util.zip.GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("x,y\n1,\"a\nb\"\n".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(List.of("[1,a\nb]"), rows(open(spec(packed), TableMeaning.UNKNOWN)));
  }

  /** What an upload that broke off leaves, and a file that was never packed. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"csv.gz, cut", "csv.gz, plain", "csv.bz2, cut", "json.gz, cut", "json.bz2, plain"})
  void packedFilesThatAreNotWholeAreNamed(String ending, String damage) throws IOException {
    Path path = folder.resolve("t." + ending);
    StringBuilder text = new StringBuilder(ending.startsWith("csv") ? "x,y\n" : "");
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      String line = ending.startsWith("csv") ? "%d,%d\n" : "{\"x\": %d, \"y\": %d}\n";
      text.append(line.formatted(random.nextInt(), random.nextInt()));
    }
    byte[] plain = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] packed = damage.equals("plain") ? plain : packed(plain, path);
    Files.write(
        path, Arrays.copyOf(packed, damage.equals("cut") ? packed.length / 2 : packed.length));
    String refusal =
        assertThrows(InvalidInput.class, () -> open(spec(path), TableMeaning.UNKNOWN)).getMessage();
    assertTrue(refusal.contains(path + " must be whole and packed as its name says"), refusal);
    Path mended =
        folder.resolve(
            damage.equals("plain")
                ? "m." + ending.substring(0, ending.indexOf('.'))
                : "m." + ending);
    Files.write(mended, packed);
    assertEquals(20_000, open(spec(mended), TableMeaning.UNKNOWN).rows().count());
  }

  private static byte[] packed(byte[] plain, Path path) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    CompressionCodec codec =
        new CompressionCodecFactory(new Configuration())
            .getCodec(new org.apache.hadoop.fs.Path(path.toUri()));
    try (OutputStream out = codec.createOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  /** Names that are not the header's are told: a table by places may be another's. */
  @Test
  void namesThatAreNotTheHeadersAreTold() throws IOException {
    LakeTable.Opened opened = open(",id,v,c,v\n1,7,1.5,x,2.5\n2,8,2.5,y,3.5\n");
    assertEquals(
        List.of("_c0", "c", "id", "v2", "v4"),
        opened.reading().types().keySet().stream().sorted().toList());
    List<String> told = new ArrayList<>();
    opened.reading().tell("table t", told::add);
    assertEquals(
        List.of(
            "table "
                + file
                + ": 2 columns of the header are called \"v\": here they are v2, v4, by their"
                + " places",
            "table "
                + file
                + ": the header has no name for _c0 (where that counts the rows, as pandas and R"
                + " write it: features: {exclude: [_c0]})"),
        told);
    for (String name : List.of("v", "_c1")) {
      String refusal =
          assertThrows(InvalidInput.class, () -> Columns.field(opened.rows().schema(), name, "t"))
              .getMessage();
      assertTrue(
          refusal.endsWith(
              name.equals("v")
                  ? " (CSV in which several are called so has them as v2, v4, by their places)"
                  : " (columns of CSV without a name are called so by their places, from _c0 on)"),
          refusal);
    }
  }

  /** Days that an expression made are read by the job's pattern, as all days of the table are. */
  @ParameterizedTest
  @CsvSource({
    "05.01.2024|06.01.2024|, DATE, DATE",
    "05.01.2024|06.01.2024|, STRING, STRING",
    "2024-01-05|2024-01-06|, DATE, STRING",
    "||, DATE, DATE"
  })
  void daysThatAnExpressionMade(String cells, String made, String type) throws IOException {
    Files.writeString(file, "x,y\n" + cells.replace("|", ",1\n") + ",1\n");
    TableSpec spec =
        spec(
            file.toString(),
            Map.of("dateFormat", "dd.MM.yyyy"),
            Optional.empty(),
            TableSpec.Malformed.REFUSE,
            Optional.empty());
    TableMeaning meaning =
        new TableMeaning(
            Map.of(),
            Optional.empty(),
            Map.of("x", "any"),
            TableMeaning.UTC,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of("x", made));
    FeatureColumns features =
        new FeatureColumns(Set.of("x"), Set.of("x"), true, Map.of(), columns -> "");
    assertEquals(
        type,
        types(LakeTable.opened(TestSpark.session(), spec, meaning, false, features)).get("x"));
  }

  /** Where training's categories were numbers, 1.10 is 1.1: in one table with it that is told. */
  @ParameterizedTest
  @CsvSource({
    "1.1|1.10|1.9, true",
    "1.1|1.2|1.9, false",
    "1.50|1.20|1.90, false",
    "1|2.50|3.5, true"
  })
  void categoriesThatTrainingCannotTellApartAreTold(String cells, boolean isTold)
      throws IOException {
    Files.writeString(file, "x,y\n" + cells.replace("|", ",1\n") + ",1\n");
    for (String type : List.of("DOUBLE", "STRING")) {
      TableMeaning trained =
          new TableMeaning(Map.of("x", type), Optional.empty(), Map.of(), TableMeaning.UTC);
      FeatureColumns features =
          new FeatureColumns(Set.of("x"), Set.of("x"), true, Map.of(), columns -> "");
      LakeTable.Opened opened =
          LakeTable.opened(TestSpark.session(), spec(file), trained, false, features);
      assertEquals(type, types(opened).get("x"));
      assertEquals(
          isTold && type.equals("DOUBLE") ? 1 : 0,
          opened.reading().notes().stream()
              .filter(own -> own.contains("1.1 and 1.10 being two"))
              .count(),
          opened.reading().notes().toString());
    }
  }
}
