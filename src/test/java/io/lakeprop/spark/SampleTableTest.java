package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sample table is there whole or not at all, whoever else writes it. */
final class SampleTableTest {
  private static final int ROWS = 300;

  @TempDir private Path folder;

  private static TableSpec.Sample sample(String path) {
    return new TableSpec.Sample(path, ROWS);
  }

  private static long rows(String path) {
    TableSpec spec = new TableSpec(sample(path), Map.of(), Optional.empty());
    return LakeTable.open(TestSpark.session(), spec).count();
  }

  /** All that is below a folder but files of sums. */
  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(path -> folder.relativize(path).toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  /** Trainings that are started together on a fresh machine. */
  @Test
  void severalWritersLeaveOneTable() throws Exception {
    String path = folder.resolve("data/s").toString();
    TestSpark.session();
    ExecutorService writers = Executors.newFixedThreadPool(3);
    try {
      List<Callable<Long>> work = List.of(() -> rows(path), () -> rows(path), () -> rows(path));
      List<Long> seen = new ArrayList<>();
      for (Future<Long> one : writers.invokeAll(work)) {
        seen.add(one.get());
      }
      assertEquals(List.of((long) ROWS, (long) ROWS, (long) ROWS), seen);
    } finally {
      writers.shutdownNow();
    }
    assertEquals(ROWS, TestSpark.session().read().parquet(path).distinct().count());
    assertEquals(List.of("", "s"), names(folder.resolve("data")).subList(0, 2));
    assertEquals(4, TestTables.parts(folder).size());
  }

  /** Another has been quicker since this one looked. */
  @Test
  void theSecondDiscardsItsOwn() throws IOException {
    String path = folder + "/a:b";
    SampleTable own = SampleTable.of(TestSpark.session(), sample(path));
    own.write();
    List<String> before = names(folder);
    own.write();
    assertEquals(before, names(folder));
    assertEquals(ROWS, rows(path));
  }

  /** A folder that is renamed to the name of one that is there is moved into it. */
  @Test
  void onHdfsToo() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).build()) {
      String path = hdfs.getURI() + "/lake/s";
      FileSystem fs = hdfs.getFileSystem();
      fs.mkdirs(new org.apache.hadoop.fs.Path(path));
      SampleTable own = SampleTable.of(TestSpark.session(), sample(path));
      own.write();
      own.write();
      assertEquals(ROWS, rows(path));
      assertEquals(1, fs.listStatus(new org.apache.hadoop.fs.Path("/lake")).length);
      assertEquals(5, fs.listStatus(new org.apache.hadoop.fs.Path(path)).length);
    }
  }

  @Test
  void aColonInAFirstNameIsNoSchemes() throws IOException {
    assertEquals(
        Path.of("a:b").toAbsolutePath().toString(),
        SampleTable.of(TestSpark.session(), sample("a:b")).folder().toUri().getPath());
  }

  /** A link stays one; a name is no pattern. */
  @ParameterizedTest
  @ValueSource(strings = {"empty", "link", "[new]"})
  void anEmptyFolderIsAsGoodAsNone(String name) throws IOException {
    Files.createDirectory(folder.resolve("empty"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("empty"));
    Path path = folder.resolve(name);
    assertEquals(ROWS, rows(path.toString()));
    assertTrue(Files.exists(path.resolve("_SUCCESS")));
    assertTrue(Files.isSymbolicLink(folder.resolve("link")));
    assertEquals(4, TestTables.parts(folder).size());
  }

  /** What is not ours stays, and so does what a writer of another kind is at. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "started|it holds _temporary",
        "file|it is a file",
        "file/below|must be in a folder that can be written",
        "nowhere|it cannot be replaced",
      })
  void whatIsSomebodysStays(String row) throws IOException {
    Path task = Files.createDirectories(folder.resolve("started/_temporary/0/task"));
    Files.writeString(task.resolve("part-0.snappy.parquet"), "half");
    Files.writeString(folder.resolve("file"), "mine");
    Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("gone"));
    List<String> before = names(folder);
    String[] own = row.split("\\|", -1);
    String path = folder.resolve(own[0]).toString();
    String message = assertThrows(InvalidInput.class, () -> rows(path)).getMessage();
    assertTrue(message.contains("table ") && message.contains(own[1]), message);
    assertEquals(before, names(folder));
  }
}
