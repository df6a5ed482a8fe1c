package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet and ORC files as others write them: types that Spark has not, files of other columns. */
final class ParquetFilesTest {
  private static final String NANOS = "int64 t (TIMESTAMP(NANOS,true))";

  /** Nanoseconds, and the microsecond that each is in. */
  private static final Map<Long, Instant> INSTANTS =
      Map.of(
          1_700_000_000_123_456_789L,
          Instant.parse("2023-11-14T22:13:20.123456Z"),
          0L,
          Instant.EPOCH,
          999L,
          Instant.EPOCH,
          -1L,
          Instant.parse("1969-12-31T23:59:59.999999Z"),
          -1000L,
          Instant.parse("1969-12-31T23:59:59.999999Z"),
          -1001L,
          Instant.parse("1969-12-31T23:59:59.999998Z"),
          Long.MAX_VALUE,
          Instant.parse("2262-04-11T23:47:16.854775Z"),
          Long.MIN_VALUE,
          Instant.parse("1677-09-21T00:12:43.145224Z"));

  @TempDir private Path folder;

  private static void write(Path file, String column, List<Consumer<Group>> rows)
      throws IOException {
    Files.createDirectories(file.getParent());
    MessageType type =
        MessageTypeParser.parseMessageType("message m { optional %s; }".formatted(column));
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(type)
            .build()) {
      for (Consumer<Group> row : rows) {
        Group group = new SimpleGroup(type);
        row.accept(group);
        writer.write(group);
      }
    }
  }

  private static void longs(Path file, String column, Long... values) throws IOException {
    write(
        file,
        column + "; optional int64 x",
        Arrays.stream(values)
            .map(
                value ->
                    (Consumer<Group>)
                        row -> {
                          if (value != null) {
                            row.add("t", value);
                          }
                          row.add("x", 7L);
                        })
            .toList());
  }

  private LakeTable.Opened open(Path table, Optional<String> schema, Map<String, String> options) {
    return open(table, schema, options, TableSpec.CorruptFiles.REFUSE);
  }

  private LakeTable.Opened open(
      Path table,
      Optional<String> schema,
      Map<String, String> options,
      TableSpec.CorruptFiles corrupt) {
    return open(table, schema, options, corrupt, TableMeaning.UNKNOWN);
  }

  private LakeTable.Opened open(
      Path table,
      Optional<String> schema,
      Map<String, String> options,
      TableSpec.CorruptFiles corrupt,
      TableMeaning meaning) {
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(table.toString()),
            Optional.empty(),
            options,
            schema,
            corrupt,
            TableSpec.Malformed.REFUSE,
            Optional.empty());
    return LakeTable.opened(
        TestSpark.session(),
        new TableSpec(files, Map.of(), Optional.empty()),
        meaning,
        false,
        FeatureColumns.UNKNOWN);
  }

  private LakeTable.Opened open(Path table) {
    return open(table, Optional.empty(), Map.of());
  }

  private static String refusal(Runnable open) {
    return assertThrows(InvalidInput.class, open::run).getMessage();
  }

  /** Instants as Spark shows them, where it runs in UTC. */
  private static List<String> instants(LakeTable.Opened opened) {
    return opened
        .rows()
        .selectExpr("date_format(t, 'yyyy-MM-dd HH:mm:ss.SSSSSS')")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static String shown(Instant instant) {
    String text = instant.toString().replace('T', ' ').replace("Z", "");
    return text.contains(".") ? text : text + ".000000";
  }

  @Test
  void nanosecondsAreTimestamps() throws IOException {
    Path table = folder.resolve("t.parquet");
    Long[] values = INSTANTS.keySet().toArray(Long[]::new);
    List<String> expected =
        Arrays.stream(values).map(INSTANTS::get).map(own -> shown(own)).toList();
    longs(table, NANOS, values);
    LakeTable.Opened opened = open(table);
    assertEquals(Map.of("t", "TIMESTAMP", "x", "BIGINT"), opened.reading().types());
    assertEquals(expected, instants(opened));
    for (String vectorized : List.of("false", "true")) {
      TestSpark.session().conf().set("spark.sql.parquet.enableVectorizedReader", vectorized);
      assertEquals(expected, instants(open(table)));
    }
    assertEquals("false", TestSpark.session().conf().get("spark.sql.legacy.parquet.nanosAsLong"));
    assertEquals(
        expected, instants(open(table, Optional.empty(), Map.of(), TableSpec.CorruptFiles.SKIP)));
    assertEquals(expected, instants(open(table, Optional.of("x BIGINT, t TIMESTAMP"), Map.of())));
    LakeTable.Opened numbers = open(table, Optional.of("t BIGINT"), Map.of());
    assertEquals(
        List.of(values), numbers.rows().collectAsList().stream().map(row -> row.get(0)).toList());
  }

  @Test
  void nanosecondsOfAWallClockHaveNoZone() throws IOException {
    Path table = folder.resolve("t.parquet");
    longs(table, "int64 t (TIMESTAMP(NANOS,false))", 3_600_000_000_999L, null);
    LakeTable.Opened opened = open(table);
    assertEquals("TIMESTAMP_NTZ", opened.reading().types().get("t"));
    assertEquals(
        List.of("1970-01-01 01:00:00"),
        opened
            .rows()
            .where("t is not null")
            .selectExpr("cast(t as string)")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0).substring(0, 19))
            .toList());
    assertEquals(1, opened.rows().where("t is null").count());
  }

  /** Writers wrote microseconds by default once, and nanoseconds later. */
  @Test
  void filesOfOtherUnitsAreOneTable() throws IOException {
    for (boolean nanosFirst : new boolean[] {true, false}) {
      Path table = folder.resolve("t" + nanosFirst);
      longs(table.resolve(nanosFirst ? "k=01/a.parquet" : "k=01/b.parquet"), NANOS, -1L);
      longs(
          table.resolve(nanosFirst ? "k=02/b.parquet" : "k=00/a.parquet"),
          "int64 t (TIMESTAMP(MICROS,true))",
          1_000_000L);
      LakeTable.Opened opened = open(table);
      assertEquals(
          List.of("1969-12-31 23:59:59.999999", "1970-01-01 00:00:01.000000"),
          instants(opened).stream().sorted().toList());
      assertEquals(List.of("t", "x", "k"), List.of(opened.rows().columns()));
      assertEquals(1, opened.rows().where("k = '01' and t < '1970-01-01'").count());
    }
  }

  @Test
  void timestampsAreNotTakenForNumbers() throws IOException {
    Path table = folder.resolve("t");
    longs(table.resolve("a.parquet"), "int64 t", 5L);
    longs(table.resolve("b.parquet"), NANOS, 5L);
    String refusal = refusal(() -> reading(open(table).rows().select("t")));
    assertTrue(
        refusal.contains(
            "b.parquet must have, as others have, BIGINT in the column \"t\", however: it has"
                + " TIMESTAMP"),
        refusal);
    assertEquals(2, open(table).rows().where("x = 7").count());
  }

  /** A wall clock's time is that of the job's zone, whichever file comes first. */
  @Test
  void instantsAndWallClocksAreOneMoment() throws IOException {
    TableMeaning berlin = new TableMeaning(Map.of(), Optional.empty(), Map.of(), "Europe/Berlin");
    Instant moment = Instant.parse("2024-01-05T09:00:00Z");
    for (String format : List.of("parquet", "orc", "nanos")) {
      for (int first : List.of(1, 2)) {
        String table = "moments-%s-%d/k=".formatted(format, first);
        String stored = format.equals("orc") ? "orc" : "parquet";
        save(stored, table + first, "select timestamp'2024-01-05 09:00:00 UTC' t, 7 x");
        if (format.equals("nanos")) {
          longs(
              folder.resolve(table + (3 - first) + "/n.parquet"),
              "int64 t (TIMESTAMP(NANOS,false))",
              moment.plusSeconds(3600).getEpochSecond() * 1_000_000_000);
        } else {
          save(stored, table + (3 - first), "select timestamp_ntz'2024-01-05 10:00:00' t, 7 x");
        }
        try {
          LakeTable.Opened opened =
              open(
                  folder.resolve(table).getParent(),
                  Optional.empty(),
                  Map.of(),
                  TableSpec.CorruptFiles.REFUSE,
                  berlin);
          assertEquals("TIMESTAMP", opened.reading().types().get("t"), table);
          assertEquals(
              List.of(moment.getEpochSecond(), moment.getEpochSecond()),
              opened.rows().selectExpr("unix_seconds(t)").collectAsList().stream()
                  .map(row -> row.getLong(0))
                  .toList(),
              table);
          assertTrue(opened.reading().notes().toString().contains("t TIMESTAMP ("), table);
          if (format.equals("parquet")) {
            String sql = "select t from parquet.`%s`".formatted(folder.resolve(table).getParent());
            TableSpec spec = new TableSpec(new TableSpec.Query(sql), Map.of(), Optional.empty());
            String refusal =
                refusal(
                    () ->
                        reading(
                            LakeTable.opened(
                                    TestSpark.session(),
                                    spec,
                                    berlin,
                                    false,
                                    FeatureColumns.UNKNOWN)
                                .rows()));
            assertTrue(refusal.contains("as Spark reads it, TIMESTAMP"), refusal);
          }
        } finally {
          TestSpark.session().conf().set("spark.sql.session.timeZone", "UTC");
        }
      }
    }
  }

  private static List<Row> reading(Dataset<Row> rows) {
    return Failures.naming("t", "", () -> rows.collectAsList());
  }

  /** A value of each type, which is another one where a reader takes it for another type's. */
  private static final Map<String, String> VALUES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("TINYINT", "100"),
              Map.entry("INT", "70000"),
              Map.entry("BIGINT", "5000000000"),
              Map.entry("FLOAT", "1.5"),
              Map.entry("DOUBLE", "2.25"),
              Map.entry("DECIMAL(9,2)", "3.75"),
              Map.entry("DECIMAL(18,1)", "4.5"),
              Map.entry("DATE", "'2024-01-02'"),
              Map.entry("TIMESTAMP", "'2024-01-02 03:04:05'"),
              Map.entry("TIMESTAMP_NTZ", "'2024-01-03 04:05:06'"),
              Map.entry("BOOLEAN", "true")));

  private static final List<String> NUMBERS =
      List.of("TINYINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(9,2)", "DECIMAL(18,1)");

  private static final List<String> TIMES = List.of("DATE", "TIMESTAMP", "TIMESTAMP_NTZ");

  private static String value(String type) {
    return canonical(VALUES.get(type).replace("'", ""));
  }

  /** A number without zeros at its end, and midnight as a day. */
  private static String canonical(String value) {
    return value.matches("[0-9.E+-]+") && !value.matches("\\d{4}-.*")
        ? new BigDecimal(value).stripTrailingZeros().toPlainString()
        : value.replace(" 00:00:00", "");
  }

  /** What a file has is what the table has, or nobody gets it. */
  @Test
  void aColumnOfSeveralTypesHasTheValuesOfAllFilesOrIsRefused() {
    for (String format : List.of("parquet", "orc")) {
      List<String[]> pairs = saveAllPairs(format);
      Dataset<Row> rows = open(folder.resolve(format)).rows().orderBy("k");
      int refused = 0;
      for (int i = 0; i < pairs.size(); i++) {
        String what = format + ": " + String.join(" and ", pairs.get(i));
        boolean numbers = NUMBERS.containsAll(List.of(pairs.get(i)));
        boolean times = Arrays.stream(pairs.get(i)).allMatch(TIMES::contains);
        Dataset<Row> column = rows.select("c" + i);
        if (numbers || times || pairs.get(i)[0].equals(pairs.get(i)[1])) {
          List<String> expected = Arrays.stream(pairs.get(i)).map(ParquetFilesTest::value).toList();
          assertEquals(
              expected,
              reading(column.selectExpr("cast(%s as string)".formatted(column.columns()[0])))
                  .stream()
                  .map(row -> canonical(row.getString(0)))
                  .toList(),
              what);
        } else {
          String refusal = refusal(() -> reading(column));
          assertTrue(
              refusal.contains(
                  ", as others have, %s in the column \"c%d\"".formatted(pairs.get(i)[0], i)),
              what + refusal);
          refused++;
        }
      }
      assertEquals(121 - 11 - 7 * 6 - 3 * 2, refused);
    }
  }

  /** Types whose values one reader or the other takes for others. */
  private static final List<String> NESTED =
      List.of(
          "INT", "BIGINT", "DOUBLE", "DECIMAL(9,2)", "DECIMAL(18,1)", "TIMESTAMP", "TIMESTAMP_NTZ");

  /** A field has its file's value, or nobody gets it; files may have fields that others lack. */
  @Test
  void fieldsOfSeveralTypesHaveTheValuesOfAllFilesOrAreRefused() {
    Map<String, String> shapes =
        Map.of(
            "named_struct('v', %s, '%s', 1)", "%s.v",
            "map('k', array(named_struct('v', %s, '%s', 1)))", "%s['k'][0].v");
    for (String format : List.of("parquet", "orc")) {
      List<String> first = new ArrayList<>();
      List<String> second = new ArrayList<>();
      Map<String, List<String>> expected = new TreeMap<>();
      Set<String> alike = new TreeSet<>();
      for (Map.Entry<String, String> shape : shapes.entrySet()) {
        for (String one : NESTED) {
          for (String other : NESTED) {
            String column = "c" + expected.size();
            String a = "cast(%s as %s)".formatted(VALUES.get(one), one);
            String b = "cast(%s as %s)".formatted(VALUES.get(other), other);
            first.add(shape.getKey().formatted(a, "own") + column);
            second.add(shape.getKey().formatted(b, "another") + column);
            String read = shape.getValue().formatted(column);
            expected.put(read, List.of(value(one), value(other)));
            if (one.equals(other)) {
              alike.add(read);
            }
          }
        }
      }
      save(format, "nested-" + format + "/k=1", "select " + String.join(", ", first));
      save(format, "nested-" + format + "/k=2", "select " + String.join(", ", second));
      Dataset<Row> rows = open(folder.resolve("nested-" + format)).rows().orderBy("k");
      Set<String> came = new TreeSet<>();
      Set<String> refused = new TreeSet<>();
      expected.forEach(
          (read, values) -> {
            List<String> own;
            try {
              own =
                  reading(rows.selectExpr("cast(%s as string)".formatted(read))).stream()
                      .map(row -> canonical(row.getString(0)))
                      .toList();
            } catch (InvalidInput e) {
              assertTrue(e.getMessage().contains(", as others have, "), read + e.getMessage());
              refused.add(read);
              return;
            }
            assertEquals(values, own, format + ": " + read);
            came.add(read);
          });
      assertTrue(came.containsAll(alike), format + refused);
      // Whole numbers are widened by both readers.
      assertEquals(2 * (7 + 1), came.size(), format + came);
    }
  }

  private List<String[]> saveAllPairs(String format) {
    List<String> types = List.copyOf(VALUES.keySet());
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    List<String[]> pairs = new ArrayList<>();
    for (String one : types) {
      for (String other : types) {
        first.add("cast(%s as %s) c%d".formatted(VALUES.get(one), one, pairs.size()));
        second.add("cast(%s as %s) c%d".formatted(VALUES.get(other), other, pairs.size()));
        pairs.add(new String[] {one, other});
      }
    }
    save(format, format + "/k=1", "select " + String.join(", ", first));
    save(format, format + "/k=2", "select " + String.join(", ", second));
    return pairs;
  }

  /** Spark itself reads these, by the types of one of the files. */
  @Test
  void aQueryOverFilesOfSeveralTypesHasTheirValuesOrIsRefused() {
    for (String format : List.of("parquet", "orc")) {
      List<String[]> pairs = saveAllPairs(format);
      int refused = 0;
      for (int i = 0; i < pairs.size(); i++) {
        String what = format + ": " + String.join(" and ", pairs.get(i));
        String sql =
            "select cast(c%d as string) from %s.`%s` order by k"
                .formatted(i, format, folder.resolve(format));
        List<String> came;
        try {
          came = reading(query(sql)).stream().map(row -> canonical(row.getString(0))).toList();
        } catch (InvalidInput e) {
          // Spark's reader of ORC looks at columns that nobody asks for, too.
          boolean same = pairs.get(i)[0].equals(pairs.get(i)[1]);
          assertTrue(format.equals("orc") || !same, what + e.getMessage());
          refused += e.getMessage().contains("as Spark reads it") ? 1 : 0;
          continue;
        }
        assertEquals(Arrays.stream(pairs.get(i)).map(ParquetFilesTest::value).toList(), came, what);
      }
      assertTrue(refused > 70, format + refused);
    }
  }

  /** What a query hands on is refused where it is read; what it reads itself, at once. */
  @Test
  void aQueryIsRefusedWhereAColumnOfAnotherTypeIsRead() {
    save("parquet", "money", "select 3.75BD x, 7 y, 1 k");
    save("parquet", "right", "select 2.5D x, 8 y, 1 k");
    String money = "(select * from parquet.`%s`)".formatted(folder.resolve("money"));
    TestSpark.session()
        .read()
        .schema("x DOUBLE, y INT, k INT")
        .parquet(folder.resolve("money").toString())
        .createOrReplaceTempView("told");
    TestSpark.session()
        .read()
        .parquet(folder.resolve("right").toString())
        .createOrReplaceTempView("right");
    assertEquals(1, reading(query("select * from " + money)).size());
    assertEquals(7, reading(query("select * from told").select("y")).get(0).get(0));
    for (String sql :
        List.of(
            "select * from told",
            "select x, y from told where y > 0",
            "select * from told order by y",
            "select * from right union all select * from told",
            "select * from (select * from right union all select * from told) where y > 0",
            "select r.k, t.x from right r join told t on r.k = t.k",
            "select r.y from right r join told t on r.x < t.x",
            "select sum(x) s from told",
            "select y, (select max(x) from told) m from right",
            "select y from right where x in (select x from told)",
            "select x + 1 z from told",
            "with t as (select * from told) select a.x from t a join t b on a.k = b.k",
            "select row_number() over (order by x) r from told")) {
      String refusal = refusal(() -> reading(query(sql)));
      assertTrue(
          refusal.contains(
              "as Spark reads it, DOUBLE in the column \"x\", however: it has DECIMAL"),
          sql + ": " + refusal);
    }
  }

  /** A wall clock's times in fields are those of UTC to Spark's reader, as such columns are. */
  @Test
  void aQuerysFieldsAreReadWhereColumnsOfTheirTypesAre() {
    save(
        "parquet",
        "wall",
        "select named_struct('t', timestamp_ntz'2024-01-03 04:05:06', 'd', 1.5BD) s");
    TestSpark.session()
        .read()
        .schema("s STRUCT<t: TIMESTAMP, d: DECIMAL(12,1)>")
        .parquet(folder.resolve("wall").toString())
        .createOrReplaceTempView("wall");
    assertEquals(
        "[[2024-01-03 04:05:06,1.5]]",
        reading(query("select cast(s.t as string) t, s.d d from wall")).toString());
  }

  /** Marks are looked for in every column, which does not make a query of them. */
  @Test
  void marksDoNotReadWhatNobodyReads() {
    save("parquet", "money", "select 3.75BD x, -999 y");
    TestSpark.session()
        .read()
        .schema("x DOUBLE, y INT")
        .parquet(folder.resolve("money").toString())
        .createOrReplaceTempView("told");
    TableMeaning marks =
        new TableMeaning(Map.of(), Optional.of(List.of("-999")), Map.of(), TableMeaning.UTC);
    for (TableSpec.Source source :
        List.of(new TableSpec.Named("told"), new TableSpec.Query("select * from told"))) {
      Dataset<Row> rows =
          LakeTable.opened(
                  TestSpark.session(),
                  new TableSpec(source, Map.of("z", "y + 1"), Optional.empty()),
                  marks,
                  false,
                  FeatureColumns.UNKNOWN)
              .rows();
      assertEquals("[[null,null]]", reading(rows.select("y", "z")).toString());
      String refusal = refusal(() -> reading(rows.select("x")));
      assertTrue(refusal.contains("as Spark reads it, DOUBLE in the column \"x\""), refusal);
    }
  }

  private static Dataset<Row> query(String sql) {
    return LakeTable.open(
        TestSpark.session(), new TableSpec(new TableSpec.Query(sql), Map.of(), Optional.empty()));
  }

  @Test
  void typesThatSparkDoesNotReadAreNamedAndTheMendHelps() throws IOException {
    Path table = folder.resolve("t.parquet");
    longs(table, "int64 t (TIME(MICROS,true))", 5L);
    String refusal = refusal(() -> open(table));
    assertTrue(
        refusal.endsWith(
            "t.parquet must have columns of types that Spark reads, however: \"t\" is of"
                + " TIME(MICROS,true) (a schema with other columns leaves it out)"),
        refusal);
    assertEquals(7L, open(table, Optional.of("x BIGINT"), Map.of()).rows().head().get(0));
    Path nested = folder.resolve("n.parquet");
    write(
        nested,
        "group s { optional %s; }; optional int64 x".formatted(NANOS).replace("}; ", "} "),
        List.of(row -> row.add("x", 7L)));
    refusal = refusal(() -> open(nested));
    assertTrue(refusal.contains("however: \"s\" is of TIMESTAMP(NANOS,true)"), refusal);
    assertEquals(7L, open(nested, Optional.of("x BIGINT"), Map.of()).rows().head().get(0));
  }

  private void save(String format, String folderName, String... sql) {
    for (String one : sql) {
      TestSpark.session()
          .sql(one)
          .coalesce(1)
          .write()
          .mode("append")
          .format(format)
          .save(folder.resolve(folderName).toString());
    }
  }

  /** What folders spell comes before what is in files, which may have it in other types. */
  @Test
  void foldersColumnsStayWhereFilesDiffer() {
    for (String format : List.of("parquet", "orc")) {
      save(format, format + "/k=01", "select 7L k, 1 x, 'p' s");
      save(format, format + "/k=b", "select cast(null as void) is null k, 2.5D x");
      for (List<String> paths :
          List.of(
              List.of(format),
              List.of(format + "/k=01", format + "/k=b"),
              List.of(format + "/*/*." + format))) {
        TableSpec.Files files =
            new TableSpec.Files(
                paths.stream().map(path -> folder + "/" + path).toList(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
        LakeTable.Opened opened =
            LakeTable.opened(
                TestSpark.session(),
                new TableSpec(files, Map.of(), Optional.empty()),
                TableMeaning.UNKNOWN,
                false,
                FeatureColumns.UNKNOWN);
        assertEquals(
            List.of(RowFactory.create("01", 1.0), RowFactory.create("b", 2.5)),
            opened.rows().select("k", "x").orderBy("x").collectAsList(),
            paths.toString());
      }
      assertEquals(
          List.of(RowFactory.create("b", 2.5), RowFactory.create("01", 1.0)),
          open(folder.resolve(format), Optional.of("x DOUBLE, k STRING"), Map.of())
              .rows()
              .select("k", "x")
              .orderBy(functions.desc("x"))
              .collectAsList());
    }
  }

  /** Fields of structs, too, of files that are alike but for them. */
  @Test
  void schemasAreMergedToTheirLeaves() {
    save(
        "parquet",
        "t",
        "select 1 id, named_struct('x', 1) s",
        "select 2 id, named_struct('x', 1, 'y', 'there') s",
        "select 3.5D id, named_struct('x', 1, 'z', 3) s, array(named_struct('w', 4)) extra");
    List<Row> rows =
        open(folder.resolve("t"), Optional.empty(), Map.of("mergeSchema", "true"))
            .rows()
            .selectExpr("id", "s.y", "s.z", "extra[0].w")
            .orderBy("id")
            .collectAsList();
    assertEquals(
        List.of(
            RowFactory.create(1.0, null, null, null),
            RowFactory.create(2.0, "there", null, null),
            RowFactory.create(3.5, null, 3, 4)),
        rows);
  }

  /** As pandas writes whole numbers with a hole, and a column that has no value at all. */
  @Test
  void numbersWithAHoleAndColumnsWithoutAValueAreRead() throws IOException {
    Path table = folder.resolve("t");
    write(
        table.resolve("a.parquet"),
        "int64 id; optional int32 note (UNKNOWN)",
        List.of(row -> row.add("id", 1L)));
    write(
        table.resolve("b.parquet"),
        "double id; optional binary note (STRING)",
        List.of(
            row -> {
              row.add("id", 2.0);
              row.add("note", "late");
            },
            row -> {}));
    for (String order : List.of("", "reversed")) {
      LakeTable.Opened opened = open(table);
      assertEquals(Map.of("id", "DOUBLE", "note", "STRING"), opened.reading().types(), order);
      assertEquals(
          List.of(
              RowFactory.create(null, null),
              RowFactory.create(1.0, null),
              RowFactory.create(2.0, "late")),
          opened.rows().orderBy("id").collectAsList());
      List<String> notes = opened.reading().notes();
      assertEquals(1, notes.size(), notes.toString());
      assertTrue(
          notes.get(0).contains("are read as the type that has all their values: id DOUBLE ("),
          notes.get(0));
      if (order.isEmpty()) {
        Files.move(table.resolve("a.parquet"), table.resolve("c.parquet"));
      }
    }
    Path only = folder.resolve("o");
    Files.createDirectories(only);
    write(
        only.resolve("a.parquet"),
        "int64 id; optional int32 note (UNKNOWN)",
        List.of(row -> row.add("id", 1L)));
    assertEquals(List.of(RowFactory.create(1L, null)), open(only).rows().collectAsList());
  }

  /** A reader that is told another type takes 1.50 for 150 and a date for its day's number. */
  @Test
  void aSchemaThatIsNotTheFilesIsRefused() {
    for (String format : List.of("parquet", "orc")) {
      save(format, format, "select cast(1.5 as decimal(9,2)) p, date'2024-01-02' d, 3 n");
      Path table = folder.resolve(format);
      for (String wrong :
          List.of("p INT", "p BIGINT", "d INT", "n SMALLINT", "n DATE", "n STRING")) {
        String refusal = refusal(() -> reading(open(table, Optional.of(wrong), Map.of()).rows()));
        assertTrue(
            refusal.contains(
                "must have, as the schema says, %s in the column \"%s\", however: it has "
                    .formatted(wrong.substring(2), wrong.substring(0, 1))),
            refusal);
      }
      assertEquals(
          List.of(RowFactory.create(1.5, 3L)),
          open(table, Optional.of("p DOUBLE, n BIGINT"), Map.of()).rows().collectAsList());
    }
  }

  /** Files are told apart where they are read in several ways, too. */
  @Test
  void filesThatCannotBeReadAreSkippedAmongFilesOfSeveralTypes() throws IOException {
    save("parquet", "t", "select 1 id", "select 2.5D id", "select 3L id");
    Files.writeString(folder.resolve("t/broken.parquet"), "PAR1 is no footer");
    LakeTable.Opened opened =
        open(folder.resolve("t"), Optional.empty(), Map.of(), TableSpec.CorruptFiles.SKIP);
    assertEquals(1, opened.unreadable().size());
    assertEquals(
        List.of(1.0, 2.5, 3.0),
        opened.rows().orderBy("id").collectAsList().stream().map(row -> row.get(0)).toList());
  }

  @Test
  void aSchemasColumnThatNoFileHasIsRefused() {
    for (String format : List.of("parquet", "orc")) {
      save(format, format, "select 1 id, 2.5D price");
      Path table = folder.resolve(format);
      Map<String, String> none = Map.of();
      String refusal = refusal(() -> open(table, Optional.of("id INT, prize DOUBLE"), none));
      assertTrue(
          refusal.endsWith(
              "must have the column \"prize\" of the schema, however: no file has it, and there is"
                  + " \"price\" (schema with that name reads it)"),
          refusal);
      assertEquals(
          List.of(RowFactory.create(1, 2.5)),
          open(table, Optional.of("ID INT, price DOUBLE"), none).rows().collectAsList());
      refusal = refusal(() -> open(table, Optional.of("id INT, zip STRING"), none));
      assertTrue(
          refusal.endsWith("no file has it but [price] besides those of the schema"), refusal);
    }
  }

  @Test
  void columnsThatSomeFilesLackAreTold() {
    for (String format : List.of("parquet", "orc")) {
      save(format, format, "select 1 id, 'a' k", "select 2 id, 'b' k");
      Path table = folder.resolve(format);
      assertEquals(List.of(), open(table).reading().notes());
      save(format, format, "select 3 id, 'c' kind");
      List<String> notes = open(table).reading().notes();
      List<String> merged =
          open(table, Optional.empty(), Map.of("mergeSchema", "true")).reading().notes();
      boolean first = List.of(open(table).rows().columns()).contains("k");
      assertEquals(2, notes.size(), notes.toString());
      assertTrue(
          notes
              .get(0)
              .endsWith(
                  "of 3 files some lack columns, which are missing in all their rows: "
                      + (first ? "k (1 lack it)" : "kind (2 lack it)")),
          notes.get(0));
      assertTrue(
          notes
              .get(1)
              .endsWith(
                  "the first of 3 files has not are not read (options: {mergeSchema: true} reads"
                      + " them): "
                      + (first ? "kind (1 have it)" : "k (2 have it)")),
          notes.get(1));
      assertEquals(1, merged.size());
      for (String lack : List.of("k (1 lack it)", "kind (2 lack it)")) {
        assertTrue(merged.get(0).contains(lack), merged.get(0));
      }
    }
  }

  @Test
  void aFoldersNameBeforeAColumnOfTheFilesIsTold() throws IOException {
    save("parquet", "parquet/k=b", "select 1 id, 'a' k");
    Files.createDirectories(folder.resolve("csv/k=b"));
    Files.writeString(folder.resolve("csv/k=b/t.csv"), "id,k\n1,a\n");
    Files.createDirectories(folder.resolve("json/k=b"));
    Files.writeString(folder.resolve("json/k=b/t.json"), "{\"id\": 1, \"k\": \"a\"}\n");
    for (String format : List.of("parquet", "csv", "json")) {
      LakeTable.Opened opened = open(folder.resolve(format));
      assertEquals("b", opened.rows().select("k").head().getString(0));
      List<String> notes = opened.reading().notes();
      assertEquals(1, notes.size(), notes.toString());
      assertTrue(
          notes
              .get(0)
              .endsWith(
                  "folders' names say k, so the column of that name in the files is not read"),
          notes.get(0));
    }
  }

  /** Arrow writes the bytes of UTF-8 in hexadecimal, Spark the characters as they are. */
  @Test
  void foldersNamesInUtf8() throws IOException {
    for (String format : List.of("parquet", "orc", "json", "csv")) {
      save(format.equals("csv") ? "json" : format, "w" + format, "select 1 id");
      Path part = TestTables.parts(folder.resolve("w" + format)).get(0);
      for (String city : List.of("Z%C3%BCrich", "Genève", "100%25", "%E9", "%E6%9D%B1")) {
        Path own = Files.createDirectories(folder.resolve(format).resolve("city=" + city));
        if (format.equals("csv")) {
          Files.writeString(own.resolve("t.csv"), "id\n1\n");
        } else {
          Files.copy(part, own.resolve(part.getFileName()));
        }
      }
      LakeTable.Opened opened = open(folder.resolve(format));
      assertEquals(
          List.of("100%", "Genève", "Zürich", "é", "東"),
          opened.rows().select("city").collectAsList().stream()
              .map(row -> row.getString(0))
              .sorted()
              .toList(),
          format);
      assertEquals(1, opened.rows().where("city = 'Zürich' and id = 1").count());
    }
  }

  /** Of Parquet a job cannot let cells pass, and what is offered reads the rest. */
  @Test
  void aFolderThatDoesNotFitIsNamed() throws IOException {
    for (String part : List.of("1", "2", "abc")) {
      longs(folder.resolve("k=" + part).resolve("o.parquet"), "int64 t", 5L);
    }
    TableMeaning trained =
        new TableMeaning(Map.of("k", "INT"), Optional.empty(), Map.of(), "UTC")
            .needing(List.of("k"));
    String refusal =
        assertThrows(
                InvalidInput.class,
                () ->
                    open(
                        folder, Optional.empty(), Map.of(), TableSpec.CorruptFiles.REFUSE, trained))
            .getMessage();
    assertTrue(
        refusal.contains("k=abc/o.parquet: column \"k\" must be a number, as in training")
            && refusal.endsWith("(1 such files; the paths of the other folders leave them out)"),
        refusal);
    LakeTable.Opened mended =
        open(
            folder.resolve("k=2"),
            Optional.empty(),
            Map.of(),
            TableSpec.CorruptFiles.REFUSE,
            trained);
    assertEquals("[5,7,2]", mended.rows().head().toString());
  }

  /** Of files that no Spark wrote, a cluster's setting says of which calendar old days are. */
  @Test
  void oldDaysAreThoseOfTheFileWhateverTheSessionSays() throws IOException {
    Path table = folder.resolve("t.parquet");
    write(table, "int32 t (DATE)", List.of(row -> row.add("t", -719_162)));
    String setting = "spark.sql.parquet.datetimeRebaseModeInRead";
    TestSpark.session().conf().set(setting, "LEGACY");
    try {
      for (TableSpec.CorruptFiles corrupt : TableSpec.CorruptFiles.values()) {
        LakeTable.Opened opened = open(table, Optional.empty(), Map.of(), corrupt);
        assertEquals("0001-01-01", opened.rows().selectExpr("cast(t as string)").first().get(0));
      }
      LakeTable.Opened told = open(table, Optional.empty(), Map.of("datetimerebasemode", "LEGACY"));
      assertEquals("0001-01-03", told.rows().selectExpr("cast(t as string)").first().get(0));
    } finally {
      TestSpark.session().conf().unset(setting);
    }
  }
}
