package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A table that breaks a rule is refused in one line, and nothing is left behind. */
final class BadTrainingTableTest {
  @TempDir private static Path folder;
  private static Path job;

  @BeforeAll
  static void tableAndJob() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,a,c,kind,price",
        Csv.rows(
            0,
            80,
            i -> "%d,%s,x%d,k%d,%s".formatted(i, i * 37 % 11 / 4.0, i % 4, i % 2, i * 53 % 17)));
    Files.copy(folder.resolve("t.csv"), folder.resolve("t.parquet"));
    Csv.write(folder.resolve("new.csv"), "id,a,c,kind,price", List.of("1,0.5,x1,k7,3"));
    Csv.write(folder.resolve("few.csv"), "id,a,kind,price", List.of("1,0.5,k1,3"));
    Csv.write(folder.resolve("odd.csv"), "id,a,c,kind,price", List.of("1,much,x1,k1,3"));
    Csv.write(folder.resolve("bare.csv"), "0,0.25,x1,k1,3", List.of("1,0.5,x2,k0,4"));
    Csv.write(folder.resolve("airy.csv"), "id, a, c, kind, price", List.of("1, 0.5, x1, k1, 3"));
    Csv.write(folder.resolve("named.csv"), "a,kind", List.of("1,0.5,k1", "2,0.7,k0"));
    Csv.write(folder.resolve("one.csv"), "a,kind", List.of("1,0.5,k1", "2,k0"));
    Csv.write(folder.resolve("page.csv"), "<!DOCTYPE html>", List.of("<p>1, 2, 3</p>"));
    Files.writeString(folder.resolve("sheet.xlsx"), "PK");
    Files.writeString(folder.resolve("old.txt"), "a|kind");
    Files.writeString(
        folder.resolve("frame.json"),
        "{\"a\": {\"0\": 1, \"1\": 2}, \"kind\": {\"0\": \"x\", \"1\": \"y\"}}");
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table:
              path: %s/t.csv
            label: kind
            output: %s/run
            validation: 0.2
            test: none
            features:
              categorical: {minimum_count: 1}
            network: {hidden: 4}
            training: {epochs: 1, batch: 32}
            """
                .formatted(folder, folder));
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        row("missing table", set("table.path=DIR/no.csv"), "no.csv", "must exist"),
        row("missing table of the catalog", set("table={name: nowhere}"), "nowhere", "not"),
        row("file of another format", set("table.path=DIR/t.parquet"), "t.parquet", "footer"),
        row("unknown format", set("table.format=parket"), "table", "parket"),
        row("bad schema", set("table.schema=a INTT"), "INTT"),
        row("bad query", set("table={sql: selct 1}"), "selct"),
        row(
            "CSV without a line of names",
            set("table.path=DIR/bare.csv"),
            "must have the column \"kind\"",
            "options: {header: false}"),
        row(
            "CSV with blanks between columns",
            set("table.path=DIR/airy.csv"),
            "must have the column \"kind\"",
            "options: {ignoreLeadingWhiteSpace: true"),
        row(
            "rows with a field more",
            set("table.path=DIR/named.csv"),
            "it has 3 fields, and the header has 2",
            "(2 such records",
            "write.table of R leaves out the name"),
        row(
            "one row with a field more",
            set("table.path=DIR/one.csv"),
            "it has 3 fields, and the header has 2",
            "(1 such records",
            "table.malformed: skip"),
        row("HTML", set("table.path=DIR/page.csv"), "that is a page of HTML or XML"),
        row("spreadsheet", set("table.path=DIR/sheet.xlsx"), "save the spreadsheet as CSV"),
        row("text of any name", set("table.path=DIR/old.txt"), "options: {sep: ...}"),
        row(
            "JSON with rows as keys",
            set("table.path=DIR/frame.json"),
            "must have a feature column",
            "to_json(orient=\"records\", lines=True)"),
        row(
            "derived names of other capitals",
            set("table.derive={Cost: price * 2, cost: price * 3}"),
            "columns must have names that differ in more than capital letters",
            "Cost, cost"),
        row("label column", set("label=knd"), "t.csv", "must have the column \"knd\"", "kind"),
        row("include", set("features.include=[a, d]"), "must have the column \"d\"", "[a, c"),
        row("exclude", set("features.exclude=d"), "must have the column \"d\""),
        row("own column", set("features.columns.d={kind: numeric}"), "the column \"d\""),
        row("weight column", set("weight=w"), "must have the column \"w\""),
        row("label included", set("features.include=[a, kind]"), "features.include", "kind"),
        row(
            "a group of no slot",
            set("optimizer.groups={slots: hiden1.*, frozen: true}"),
            "optimizer.groups: hiden1.* must be one of the network's slots, however: they are"
                + " [hidden1.weight, hidden1.bias, head.weight, head.bias]"),
        row(
            "a group of a role without slots",
            set("optimizer.groups={role: slope, rate: 2}"),
            "optimizer.groups: role slope must be one of the network's slots"),
        row(
            "all frozen",
            set("optimizer.groups=[{role: weight, frozen: true}, {slots: '*', frozen: true}]"),
            "optimizer.groups must leave a slot to train, however: all are frozen"),
        row("no feature", set("features.exclude=[id, a, c, price]"), "must have a feature"),
        row(
            "null label",
            derived("kind", "if(id < 7, null, kind)"),
            "label \"kind\"",
            "null",
            "of"),
        row("NaN label", number("if(id < 9, double('NaN'), price)"), "label \"price\"", "NaN"),
        row("null number label", number("if(id < 9, null, double(price))"), "\"price\"", "null"),
        row(
            "infinite label",
            number("if(id < 9, double('-Infinity'), price)"),
            "\"price\"",
            "must be finite"),
        row("huge label", number("if(id < 9, 1e300, price)"), "\"price\"", "3.4e38", "1.0E300"),
        row(
            "one class",
            derived("kind", "concat('k', 'k')"),
            "label \"kind\"",
            "at least two classes",
            "\"kk\""),
        row("constant label", number("double(3.5)"), "label \"price\"", "must vary"),
        row("one whole number", number("double(3)"), "label \"price\"", "at least two classes"),
        row(
            "class of the test table alone",
            set("test={path: DIR/new.csv}"),
            "new.csv: label \"kind\"",
            "classes of the training rows",
            "\"k7\""),
        row(
            "too many classes",
            set(
                "table={sql: 'select id as kind, id % 7 as a from range(2000)'}",
                "label={column: kind, task: classification}"),
            "label \"kind\"",
            "at most 1000 classes",
            "label.task"),
        row("label of a strange type", derived("kind", "array(1)"), "\"kind\"", "array<int>"),
        row(
            "text as number",
            set("features.columns.c={kind: numeric}"),
            "column \"c\"",
            "must be a number",
            "\"x"),
        row(
            "number as vector",
            set("features.columns.a={kind: vector}"),
            "column \"a\"",
            "an array of numbers",
            "double"),
        row("only nulls", useless("a", "double(null)"), "a (no value)", "features.useless: drop"),
        row("only null texts", useless("c", "string(null)"), "c (no value)"),
        row("constant column", useless("a", "2.5D"), "a (always 2.5)", "features.exclude"),
        row("constant text", useless("c", "concat('x', 'x')"), "c (always \"xx\")"),
        row("row numbers", useless("e", "id + 5"), "e (row numbers)", "id (row numbers)"),
        row("texts all different", useless("c", "concat('x', id)"), "c (all values different)"),
        row(
            "nothing to learn from",
            List.of("table.derive.c=concat('x', '')", "features.include=[c]"),
            "must have a feature from which something can be learnt",
            "c (always \"x\")"),
        row(
            "texts that are not UTF-8",
            derived("c", "cast(if(id % 2 = 0, X'6DE4', X'6DF6') as string)"),
            "t.csv: column \"c\"",
            "UTF-8",
            "the bytes 6DE",
            "decode("),
        row(
            "one text that is not UTF-8",
            derived("c", "if(id = 17, cast(X'C328' as string), c)"),
            "column \"c\"",
            "UTF-8",
            "the bytes C328"),
        row(
            "classes that are not UTF-8",
            derived("kind", "cast(if(id % 2 = 0, X'FF', X'FE') as string)"),
            "column \"kind\"",
            "UTF-8"),
        row(
            "infinite column",
            derived("a", "if(id < 9, double('Infinity'), a)"),
            "must be finite",
            "a (",
            "values)"),
        row(
            "NaN that is refused",
            List.of(
                "features.columns.a={kind: numeric, nan: refuse}",
                "table.derive.a=if(id < 9, double('NaN'), if(id < 20, null, a))"),
            "must not have NaN",
            "nan: missing",
            "a (",
            "values)"),
        row(
            "unequal arrays",
            derived("a", "if(id < 40, array(1, 2), array(1))"),
            "column \"a\"",
            "one length",
            "from 1 to 2"),
        row("empty table", set("table.where=id > 1000"), "train split must have rows", "t.csv"),
        row(
            "empty validation table",
            set("validation={path: DIR/t.csv, where: id > 1000}"),
            "validation split must have rows",
            "t.csv"),
        row(
            "empty test table",
            set("test={path: DIR/t.csv, where: id > 1000}"),
            "test split must have rows"),
        row("empty validation split", set("validation=0.0001"), "validation split must have rows"),
        row("negative weight", weight("if(id < 9, -1, 1)"), "weight \"w\"", "at least 0", "-1"),
        row("null weight", weight("if(id < 9, null, 1)"), "weight \"w\"", "missing"),
        row("NaN weight", weight("if(id < 9, double('NaN'), 1)"), "weight \"w\"", "missing"),
        row(
            "infinite weight",
            weight("if(id < 9, double('Infinity'), 1)"),
            "weight \"w\"",
            "infinite"),
        row("no weight at all", weight("0"), "weight \"w\"", "all are 0"),
        row(
            "negative weight in the test table",
            List.of(
                "table.derive.w=1",
                "weight=w",
                "test={path: DIR/few.csv, derive: {c: '\"x1\"', w: '-1'}}"),
            "few.csv: weight \"w\"",
            "at least 0",
            "-1"),
        row("bad condition", set("table.where=id >"), "t.csv", "where"),
        row("condition on no column", set("table.where=idd > 3"), "t.csv", "idd", "where"),
        row("condition that is none", set("table.where=id + 1"), "t.csv", "where"),
        row("bad derived column", derived("e", "sqroot(a)"), "t.csv", "sqroot", "derive"),
        row(
            "test table without a column",
            set("test={path: DIR/few.csv}"),
            "few.csv",
            "the column \"c\""),
        row(
            "test table of another type",
            set("test={path: DIR/odd.csv}"),
            "odd.csv line 2: column \"a\"",
            "must be a number, as in training",
            "much"),
        row(
            "test table of another unit",
            List.of(
                "table.derive.since=date_add(date'2020-01-01', id)",
                "test={path: DIR/t.csv, derive: {since: 'timestamp(date_add(date\"2020-01-01\","
                    + " id))'}}"),
            "column \"since\" must be of type date, as in training, however: its type is"
                + " timestamp"),
        row(
            "test table of truth values for whole numbers",
            List.of(
                "features.columns.id={kind: categorical}",
                "test={path: DIR/t.csv, derive: {id: 'id > 3'}}"),
            "t.csv: column \"id\" must hold values like",
            "its type is boolean"),
        row(
            "column twice",
            set("table={sql: 'select 1 as a, 2 as a, id as kind from range(9)'}"),
            "must have one column \"a\""));
  }

  private static Arguments row(String name, List<String> overrides, String... words) {
    return Arguments.of(name, overrides, List.of(words));
  }

  private static List<String> set(String... overrides) {
    return List.of(overrides);
  }

  private static List<String> derived(String column, String expression) {
    return List.of("table.derive." + column + "=" + expression);
  }

  private static List<String> useless(String column, String expression) {
    return List.of("features.useless=refuse", "table.derive." + column + "=" + expression);
  }

  private static List<String> number(String expression) {
    return List.of("label=price", "table.derive.price=" + expression);
  }

  private static List<String> weight(String expression) {
    return List.of("weight=w", "table.derive.w=" + expression);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void refused(String name, List<String> overrides, List<String> words) {
    Refusal.assertRefused(train(overrides), words);
    assertFalse(Files.exists(folder.resolve("run")), "nothing is left");
  }

  @Test
  void theTableIsFineOtherwise() throws IOException {
    Path output = folder.resolve("fine");
    train(List.of("output=" + output)).done();
    assertTrue(Files.exists(output.resolve("DONE")));
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    Path output = Files.createDirectory(folder.resolve("mine"));
    Path precious = Files.writeString(output.resolve("thesis.txt"), "years of work");
    for (List<String> more : List.of(List.<String>of(), List.of("--overwrite"))) {
      Ran ran = train(List.of("output=" + output), more);
      Refusal.assertRefused(ran, List.of(output.toString(), "new folder", "thesis.txt"));
    }
    assertEquals("years of work", Files.readString(precious));
    try (Stream<Path> files = Files.list(output)) {
      assertEquals(List.of(precious), files.toList());
    }
  }

  @Test
  void aDivergedRunSaysWhereAndIsNotDone() throws IOException {
    Path output = folder.resolve("diverged");
    Ran ran =
        train(
            List.of(
                "output=" + output,
                "optimizer={type: sgd, learning_rate: 1e30}",
                "training.epochs=9"));
    assertEquals(1, ran.code());
    assertEquals(1, ran.errors().size(), ran.err());
    assertTrue(ran.err().matches("error: round \\d+ diverged: .*learning_rate.*\n"), ran.err());
    assertFalse(Files.exists(output.resolve("DONE")));
    assertFalse(Files.exists(output.resolve("model")));
  }

  private static Ran train(List<String> overrides) {
    return train(overrides, List.of());
  }

  private static Ran train(List<String> overrides, List<String> more) {
    List<String> arguments = new ArrayList<>(List.of("train", job.toString()));
    for (String override : overrides) {
      arguments.add("--set");
      arguments.add(override.replace("DIR", folder.toString()));
    }
    arguments.addAll(more);
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }
}
