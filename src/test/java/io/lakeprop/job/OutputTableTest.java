package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** predict replaces earlier tables alone, deletes what it made alone, and loses nothing old. */
final class OutputTableTest {
  /** What a table's folder and others' folders hold, a file a word. */
  private static final String TABLE = "_SUCCESS ._SUCCESS.crc part-00000-a.parquet";

  /** A table that has the name of the output. */
  private static final String OLD = "out/_SUCCESS out/part-00000-old";

  @TempDir private static Path folder;

  @BeforeAll
  static void model() throws IOException {
    Csv.write(folder.resolve("t.csv"), Csv.SHOPS, Csv.rows(0, 200, Csv::shop));
    Csv.write(folder.resolve("bad.csv"), Csv.SHOPS, List.of("1,1,s1,mid", "1e999,1,s1,mid"));
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            "table: %1$s/t.csv\nlabel: kind\noutput: %1$s/run\n".formatted(folder)
                + "network: {hidden: 4}\ntraining: {epochs: 1, checkpoints: none}\n");
    Ran.lakeprop("train", job.toString()).done();
  }

  /** Files of a folder of its own, each with its name for content. */
  private static Path place(String name, String files) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    for (String file : files.split(" ", -1)) {
      if (!file.isEmpty()) {
        Files.createDirectories(place.resolve(file).getParent());
        Files.writeString(place.resolve(file), file);
      }
    }
    return place;
  }

  /** Every file and folder below a place, with its content. */
  private static Map<String, String> tree(Path place) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.toList()) {
        tree.put(
            place.relativize(path).toString(), Files.isDirectory(path) ? "a folder" : text(path));
      }
    }
    return tree;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static Ran predict(String table, String output, String... more) {
    return Ran.lakeprop(
        Stream.concat(
                Stream.of("predict", "--model", folder + "/run", "--table", folder + "/" + table),
                Stream.concat(Stream.of("--output", output), Stream.of(more)))
            .toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a note beside the table, out/notes.txt, notes.txt",
    "a folder beside the table, out/old/part-00000, old",
    "a table within the table, out/more/_SUCCESS, more",
    "a note in a partition, out/day=1/notes.txt, notes.txt",
    "a hidden file, out/.git/config, .git",
    "a file of data with a name of its own, out/march.parquet, march.parquet"
  })
  void aFolderWithOthersFilesIsNotReplaced(String name, String file, String named)
      throws IOException {
    Path place = place(name.replace(' ', '-'), file);
    place(name.replace(' ', '-') + "/out", TABLE);
    refusedWithoutATrace(place, "t.csv", place.resolve("out"), "nothing else", named);
  }

  /** What a link leads to is replaced, and the link stays; one that leads nowhere is refused. */
  @Test
  void linksStayLinks() throws IOException {
    Path place = place("links", "real/_SUCCESS");
    Path link = Files.createSymbolicLink(place.resolve("link"), place.resolve("real"));
    assertTrue(
        predict("t.csv", link.toString(), "--overwrite").done().out().contains("of 200 rows of"));
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(tree(place.resolve("real")).size() > 3);
    Path dangling = Files.createSymbolicLink(place.resolve("nowhere"), place.resolve("gone"));
    Refusal.assertRefused(
        predict("t.csv", dangling.toString(), "--overwrite"), List.of("link to what is not there"));
    Files.createSymbolicLink(place.resolve("real/part-00001"), folder.resolve("t.csv"));
    Refusal.assertRefused(
        predict("t.csv", link.toString(), "--overwrite"), List.of("it holds part-00001"));
    assertTrue(Files.isSymbolicLink(place.resolve("real/part-00001")));
  }

  @ParameterizedTest
  @CsvSource({
    "'', is empty",
    "out:c, ./out:c is the name",
    "foo:/x, file system",
    "/proc/y, written"
  })
  void placesThatCannotBeAreRefused(String output, String words) {
    Refusal.assertRefused(predict("t.csv", output), List.of(words));
  }

  @Test
  void onceIsEnough() {
    String output = folder.resolve("once").toString();
    Refusal.assertRefused(
        predict("t.csv", output, "--derive", "q=1", "--derive", "q=2"),
        List.of("--derive must name q once, however: it is 1, then 2"));
    Refusal.assertRefused(
        predict("t.csv", output, "--option", "sep=a", "--option", "sep=b"),
        List.of("--option must name sep once"));
  }

  @Test
  void namesWithColonsAreReadAndNoRowIsTold() throws IOException {
    Files.copy(folder.resolve("t.csv"), folder.resolve("t-2024-01-02T10:00:00.csv"));
    String output = folder.resolve("colon:out").toString();
    Ran ran = predict("t-2024-01-02T10:00:00.csv", output, "--where", "1 = 0").done();
    assertTrue(ran.out().contains("predictions of 0 rows"), ran.out());
    assertTrue((ran.out() + ran.err()).contains("has none that meets --where"), ran.err());
  }

  @Test
  void whatIsNoTableIsNotReplaced() throws IOException {
    Path place = place("no-tables", "run/DONE run/model/model.json file data/a.csv");
    refusedWithoutATrace(place, "t.csv", place.resolve("run"), "earlier table", "it holds");
    refusedWithoutATrace(place, "t.csv", place.resolve("file"), "earlier table", "it is a file");
    refusedWithoutATrace(place, "t.csv", place.resolve("data"), "earlier table", "a.csv");
  }

  private static void refusedWithoutATrace(Path place, String table, Path output, String... words)
      throws IOException {
    Map<String, String> before = tree(place);
    Refusal.assertRefused(predict(table, output.toString(), "--overwrite"), List.of(words));
    assertEquals(before, tree(place));
  }

  /** The table is a folder that a job or another predict wrote, so it looks replaceable. */
  @Test
  void whatIsReadIsNotReplaced() throws IOException {
    predict("t.csv", folder + "/read/t").done();
    Path read = folder.resolve("read");
    Files.createSymbolicLink(folder.resolve("link"), read);
    for (String output :
        List.of(
            "read/t",
            "read/t/",
            "read/../read/t",
            "link/t",
            "read",
            "read/t/deeper/scored",
            "run",
            "run/model",
            "run/scored",
            "run/model/scored")) {
      Map<String, String> before = tree(folder);
      Ran ran =
          Ran.lakeprop(
              "predict",
              "--model",
              folder + "/run",
              "--table",
              read + "/t",
              "--exclude",
              "prediction",
              "--exclude",
              "probabilities",
              "--output",
              folder + "/" + output,
              "--overwrite");
      Refusal.assertRefused(ran, List.of(output));
      assertEquals(before, tree(folder));
    }
    for (String source :
        List.of("--sql=SELECT * FROM parquet.`" + read + "/t`", "--table=" + read + "/*")) {
      Map<String, String> before = tree(folder);
      Ran ran =
          Ran.lakeprop(
              "predict",
              "--model",
              folder + "/run",
              source,
              "--exclude=prediction",
              "--exclude=probabilities",
              "--output=" + read + "/t",
              "--overwrite");
      Refusal.assertRefused(ran, List.of("must be a folder of its own", "table "));
      assertEquals(before, tree(folder));
    }
  }

  /** Beside the table's files the next prediction of the same pattern would have twice the rows. */
  @Test
  void whatAPatternWouldFindNextTimeIsRefused() throws IOException {
    Path lake = place("lake", "");
    Files.createDirectories(lake.resolve("jan"));
    Files.copy(folder.resolve("t.csv"), lake.resolve("jan/t.csv"));
    refusedWithoutATrace(
        lake, "lake/*", lake.resolve("scored"), "outside of what is read", "name another folder");
    for (int time = 0; time < 2; time++) {
      Ran ran = predict("lake/*", folder + "/lake-scored", "--overwrite").done();
      assertTrue(ran.out().contains("of 200 rows of"), ran.out());
    }
  }

  /** A run that is at work would take the table for its own model, or for its end. */
  @Test
  void noPlaceOfARunOrAModelIsGivenATable() throws IOException {
    Path run = place("unfinished", "");
    RunMark.own().write(new LocalStorage(), run.toString());
    refusedWithoutATrace(run, "t.csv", run.resolve("model"), "model of run " + run);
    refusedWithoutATrace(run, "t.csv", run.resolve("checkpoints/x"), "checkpoints of run " + run);
    predict("t.csv", run + "/scored").done();
    Path model = place("of-model", "model.json theta.safetensors SHA256SUMS");
    refusedWithoutATrace(model, "t.csv", model.resolve("scored"), "outside of models");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        TABLE,
        TABLE + " day=1/part-00000 day=1/hour=2/part-00001 _metadata",
        "_delta_log/00000000000000000000.json _delta_log/_last_checkpoint part-00000.snappy.parquet"
      })
  void anEarlierTableIsReplaced(String files) throws IOException {
    String name = "earlier-" + files.length();
    Path place = place(name, "");
    Path output = place(name + "/out", files);
    Ran refused = predict("t.csv", output.toString());
    Refusal.assertRefused(refused, List.of("must not exist", "--overwrite"));
    predict("t.csv", output.toString(), "--overwrite").done();
    assertTrue(Files.notExists(output.resolve("_delta_log")));
    assertEquals(List.of("out"), names(place));
    assertTrue(names(output).contains("_SUCCESS"), names(output).toString());
  }

  private static List<String> names(Path place) throws IOException {
    return new LocalStorage().list(place.toString());
  }

  /** What an earlier release called the place it wrote to. */
  @Test
  void aFolderCalledWritingIsNobodys() throws IOException {
    Path place = place("writing", "out.writing/thesis.tex out.writing/deep/er .out.writing-1/x");
    Map<String, String> before = tree(place);
    predict("t.csv", place.resolve("out").toString()).done();
    Map<String, String> after = tree(place);
    after.keySet().removeIf(name -> name.equals("out") || name.startsWith("out/"));
    assertEquals(before, after);
  }

  @Test
  void whatAKilledOneLeftIsToldAndStays() throws IOException {
    String writing = ".out.writing-0123456789abcdef";
    String old = ".out.old-fedcba9876543210";
    Path place = place("killed", writing + "/part-0 " + old + "/_SUCCESS .out.old-x/y");
    Map<String, String> before = tree(place);
    Ran ran = predict("t.csv", place.resolve("out").toString()).done();
    assertTrue(ran.out().contains(writing), ran.out());
    assertTrue(ran.out().contains(old + " is an earlier out"), ran.out());
    Map<String, String> after = tree(place);
    after.keySet().removeIf(name -> name.equals("out") || name.startsWith("out/"));
    assertEquals(before, after);
  }

  /** A row that is refused in the middle of writing. */
  @Test
  void aFailureLeavesTheEarlierTable() throws IOException {
    Path place = place("failure", "out/part-00000 out/_SUCCESS");
    refusedWithoutATrace(place, "bad.csv", place.resolve("out"), "\"size\"", "finite");
    Refusal.assertRefused(
        predict("t.csv", place.resolve("out").toString(), "--overwrite", "--output-format", "noop"),
        List.of("noop"));
    assertEquals(List.of("out"), names(place));
  }

  private static OutputTable table(Storage storage, Path place, boolean overwrite)
      throws IOException {
    return new OutputTable(
        storage,
        FileSystem.getLocal(new Configuration()),
        new org.apache.hadoop.fs.Path(place + "/out"),
        overwrite);
  }

  /** The process dies at each step in turn: the old table or the new one is whole somewhere. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aDeathAtAnyStepLosesNothing(int step) throws IOException {
    Path place = place("death-" + step, OLD);
    OutputTable table = table(dying(step), place, true);
    boolean died = step < 3;
    if (died) {
      assertThrows(IOException.class, () -> table.write(OutputTableTest::save));
    } else {
      table.write(OutputTableTest::save);
    }
    List<String> names = names(place);
    Map<String, String> tree = tree(place);
    boolean old = tree.keySet().stream().anyMatch(name -> name.endsWith("/part-00000-old"));
    boolean fresh = tree.containsKey("out/new");
    assertTrue(old || fresh, tree.toString());
    assertTrue(names.contains("out") || names.toString().contains(".out.old-"), names.toString());
    assertEquals(!died, names.equals(List.of("out")) && fresh, tree.toString());
    List<String> told = table(new LocalStorage(), place, true).leftovers();
    assertEquals(names.size() - (names.contains("out") ? 1 : 0), told.size(), names.toString());
  }

  /** A failure, not a death: the earlier table has its name again. */
  @Test
  void aRenameThatFailsIsTakenBack() throws IOException {
    Path place = place("taken-back", OLD);
    OutputTable table = table(failing(1), place, true);
    Map<String, String> before = tree(place);
    assertThrows(IOException.class, () -> table.write(OutputTableTest::save));
    assertEquals(before, tree(place));
  }

  /** The output was looked at before the table was read, which may be hours ago. */
  @ParameterizedTest(name = "{0} beside {1}")
  @CsvSource({
    "part-00000-new, '', '/out must not exist, however: it came while it was written (--overwrite"
        + " replaces it)'",
    "notes.txt, " + OLD + ", notes.txt",
    "day=1/notes.txt, " + OLD + ", notes.txt",
    "part-numbers.csv, " + OLD + ", part-numbers.csv",
    "more/_SUCCESS, " + OLD + ", more",
  })
  void whatCameIntoTheOutputMeanwhileIsNotDeleted(String name, String old, String words)
      throws IOException {
    Path place = place("meanwhile-" + name.replace('/', '-'), old);
    OutputTable table = table(new LocalStorage(), place, !old.isEmpty());
    String message =
        assertThrows(
                InvalidInput.class,
                () ->
                    table.write(
                        aside -> {
                          save(aside);
                          come(place.resolve("out").resolve(name));
                        }))
            .getMessage();
    assertTrue(
        message.endsWith(
            old.isEmpty()
                ? words
                : "must be a new folder or an earlier table and nothing else, however: it holds "
                    + words),
        message);
    Map<String, String> after = tree(place);
    after.values().removeIf("a folder"::equals);
    Set<String> expected = new TreeSet<>(old.isEmpty() ? List.of() : List.of(old.split(" ")));
    expected.add("out/" + name);
    assertEquals(expected, after.keySet());
  }

  /** The names that writers of tables give, and those that somebody gives. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "part-00000-0a1b-c000.snappy.parquet, true",
    "part-00000-0a1b_00001.c000.snappy.parquet, true",
    "part-00000, true",
    "part-123456.gz, true",
    "part-m-00000.avro, true",
    "part-r-00001, true",
    "day=1/part-00000.c000.csv, true",
    "deletion_vector_0a1b.bin, true",
    "part-numbers.csv, false",
    "part-2-of-thesis.tex, false",
    "part-1, false",
    "part-00000x, false",
    "day=1/part-list.csv, false",
  })
  void aTablesOwnNames(String name, boolean own) throws IOException {
    Path place = place("names-" + name.replace('/', '-'), "out/_SUCCESS out/" + name);
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(place + "/out");
    FileSystem files = FileSystem.getLocal(new Configuration());
    if (own) {
      ReplaceableTable.check(files, out, out);
    } else {
      String message =
          assertThrows(InvalidInput.class, () -> ReplaceableTable.check(files, out, out))
              .getMessage();
      assertTrue(message.endsWith("it holds " + name.replace("day=1/", "")), message);
    }
  }

  @Test
  void linksAndSpellingsLeadToOnePlace() throws IOException {
    Path real = place("places/real", "a/x");
    Files.createSymbolicLink(folder.resolve("places/link"), real);
    Configuration hadoop = new Configuration();
    String place = Places.of(new org.apache.hadoop.fs.Path(real + "/a"), hadoop);
    for (String same : List.of("places/link/a", "places/real/../link/a/", "places//real/a")) {
      String path = folder + "/" + same;
      assertEquals(place, Places.of(new org.apache.hadoop.fs.Path(path), hadoop));
      assertEquals(place, Places.of(new org.apache.hadoop.fs.Path("file://" + path), hadoop));
    }
    assertEquals(
        place + "/new/b",
        Places.of(new org.apache.hadoop.fs.Path(folder + "/places/link/a/new/b"), hadoop));
    assertTrue(Places.holds(place, place + "/new"));
    assertTrue(!Places.holds(place, place + "-new"));
    org.apache.hadoop.fs.Path empty =
        new org.apache.hadoop.fs.Path(place("places/empty", "").toString());
    ReplaceableTable.check(FileSystem.getLocal(hadoop), empty, empty);
  }

  private static void come(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "mine");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void save(String path) {
    try {
      Files.createDirectories(Path.of(path));
      Files.writeString(Path.of(path, "new"), "new");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does so many renames and deletions, then nothing any more. */
  private static Storage dying(int steps) {
    return changing(count -> count >= steps);
  }

  /** Fails at one rename or deletion. */
  private static Storage failing(int step) {
    return changing(count -> count == step);
  }

  private static Storage changing(java.util.function.IntPredicate fails) {
    Storage files = new LocalStorage();
    int[] count = {0};
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (proxy, method, arguments) -> {
              boolean change = List.of("rename", "delete").contains(method.getName());
              if (change && fails.test(count[0]++)) {
                throw new IOException("the process is dead");
              }
              try {
                return method.invoke(files, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
