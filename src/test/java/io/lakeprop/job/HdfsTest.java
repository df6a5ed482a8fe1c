package io.lakeprop.job;

import static java.lang.Long.parseLong;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.spark.HadoopStorage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run's folder on HDFS, where the files of a killed process stay open and have what it had
 * flushed, and where nobody else may append to them for a while.
 */
final class HdfsTest {
  private static final long[] KILLED_AFTER = {20, 90};

  /** A killed process may leave half a line at the end. */
  private static final Pattern ROUND_OF_A_WHOLE_LINE =
      Pattern.compile("^\\{\"round\":(\\d+),.*}}}$");

  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void killedDriversLoseNothing() throws Exception {
    CalmRun calm = CalmRun.of(folder);
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).build()) {
      checkFileLeftOpen(hdfs);
      String output = hdfs.getURI() + "/lake/" + CalmRun.OUTPUT;
      Path job = jobFile(output);
      CheckpointFiles files =
          new CheckpointFiles(
              new HadoopStorage(hdfs.getConfiguration(0)), RunFolder.checkpoints(output));
      for (long round : KILLED_AFTER) {
        try (DriverProcess driver = driver(job)) {
          assertTrue(driver.await(() -> kept(files) >= round), driver.out());
          driver.kill("KILL");
          assertEquals(137, driver.exitCode(), driver.out());
        }
        Path copy = copied(hdfs, output, "killed-" + round);
        List<Long> rounds = LongStream.rangeClosed(1, kept(files)).boxed().toList();
        assertTrue(told(copy).containsAll(rounds), copy.toString());
      }
      try (DriverProcess driver = driver(job)) {
        assertEquals(0, driver.exitCode(), driver.out());
        assertTrue(driver.out().contains("resume "), driver.out());
      }
      new Aftermath(copied(hdfs, output, "end"), calm, new FaultCount(false)).checkEnd();
    }
  }

  /** A process that dies while it writes a file, such as its lock, leaves it open for a minute. */
  private static void checkFileLeftOpen(MiniDFSCluster hdfs) throws IOException {
    String path = hdfs.getURI() + "/open";
    Configuration its = hdfs.getConfiguration(0);
    HadoopStorage storage = new HadoopStorage(its);
    try (FileSystem other = FileSystem.newInstance(hdfs.getURI(), its)) {
      FSDataOutputStream open = other.create(new org.apache.hadoop.fs.Path(path));
      open.write(1);
      open.hflush();
      assertFalse(storage.createNew(path, new byte[] {2}));
      storage.write(path, new byte[] {3});
      assertArrayEquals(new byte[] {3}, storage.read(path));
    } catch (FileNotFoundException e) {
      // Its writer finds out, when it is closed, that the file is another one now.
    }
    assertArrayEquals(new byte[] {3}, storage.read(path));
  }

  private DriverProcess driver(Path job) throws IOException {
    return new DriverProcess(folder, job, "local[2]", "resident");
  }

  private Path jobFile(String output) throws IOException {
    String text = Files.readString(folder.resolve("job.yaml"));
    String own = "output: " + CalmRun.OUTPUT;
    assertTrue(text.contains(own), text);
    return Files.writeString(folder.resolve("hdfs.yaml"), text.replace(own, "output: " + output));
  }

  private static long kept(CheckpointFiles files) {
    try {
      return files.last((name, why) -> {}).map(found -> found.checkpoint().round()).orElse(0L);
    } catch (IOException e) {
      return 0; // Deleted while it was read.
    }
  }

  private Path copied(MiniDFSCluster hdfs, String output, String name) throws IOException {
    Path copy = folder.resolve(name);
    org.apache.hadoop.fs.Path from = new org.apache.hadoop.fs.Path(output);
    assertTrue(
        FileUtil.copy(hdfs.getFileSystem(), from, copy.toFile(), false, new Configuration(false)));
    return copy;
  }

  /** The rounds in all logs of a run. */
  private static Set<Long> told(Path run) throws IOException {
    Set<Long> rounds = new TreeSet<>();
    try (var logs = Files.newDirectoryStream(run, "rounds*.jsonl")) {
      for (Path log : logs) {
        for (String line : Files.readAllLines(log)) {
          ROUND_OF_A_WHOLE_LINE
              .matcher(line)
              .results()
              .forEach(m -> rounds.add(parseLong(m.group(1))));
        }
      }
    }
    return rounds;
  }
}
