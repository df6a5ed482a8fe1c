package io.lakeprop.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a driver and its executors hold at a moment, by name, after a full collection in each
 * process. The processes are asked by {@code jcmd} and by {@code /proc}, not by a Spark job: the
 * slots may be taken.
 */
public final class Footprint {
  private Footprint() {}

  /**
   * Measures.
   *
   * @param scratch where temporary files of all processes go
   * @param checkpoints of the run
   */
  public static Map<String, Long> now(Path scratch, Path checkpoints) throws Exception {
    Map<String, Long> all = new LinkedHashMap<>();
    process("driver", ProcessHandle.current(), all);
    int number = 0;
    for (ProcessHandle executor : ExecutorProcesses.ours()) {
      process("executor " + ++number, executor, all);
    }
    SparkContext context = TestSpark.session().sparkContext();
    all.put("cached RDDs", (long) context.getPersistentRDDs().size());
    all.put("broadcast blocks", broadcasts());
    all.put("block bytes", blockBytes(context));
    files("scratch", scratch, all);
    files("checkpoint", checkpoints, all);
    return all;
  }

  private static void process(String name, ProcessHandle process, Map<String, Long> into)
      throws IOException {
    List<String> lines = asked(process);
    into.put(name + " heap bytes", live(lines));
    into.put(name + " threads", threads(lines));
    Path own = Path.of("/proc", Long.toString(process.pid()));
    into.put(name + " open files", entries(own.resolve("fd")));
  }

  /** Bytes of all objects that are reachable: a histogram counts after a full collection. */
  private static long live(List<String> lines) {
    String total =
        lines.stream().filter(line -> line.startsWith("Total ")).findFirst().orElseThrow();
    return Long.parseLong(total.strip().split("\\s+", -1)[2]);
  }

  /**
   * Java's threads, without two pools of Spark's, of at most 100 and 128 threads, to which each
   * broadcast adds one until they are full.
   */
  private static long threads(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("\"") && !line.startsWith("\"block-manager-"))
        .count();
  }

  private static List<String> asked(ProcessHandle process) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Path questions = Files.createTempFile("questions", null);
    try {
      Files.write(questions, List.of("GC.class_histogram", "Thread.print"));
      Process asked =
          new ProcessBuilder(jcmd, Long.toString(process.pid()), "-f", questions.toString())
              .redirectErrorStream(true)
              .start();
      byte[] bytes = asked.getInputStream().readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } finally {
      Files.delete(questions);
    }
  }

  private static long entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.count();
    }
  }

  private static long broadcasts() {
    return SparkEnv.get().blockManager().getMatchingBlockIds(new IsBroadcast()).size();
  }

  /** In the memory of all block managers: broadcasts, results, cached blocks. */
  private static long blockBytes(SparkContext context) {
    long bytes = 0;
    for (Object entry : CollectionConverters.asJava(context.getExecutorMemoryStatus()).values()) {
      Tuple2<?, ?> most = (Tuple2<?, ?>) entry;
      bytes += ((Number) most._1()).longValue() - ((Number) most._2()).longValue();
    }
    return bytes;
  }

  private static void files(String name, Path folder, Map<String, Long> into) throws IOException {
    long count = 0;
    long bytes = 0;
    if (Files.exists(folder)) {
      for (Path file : below(folder)) {
        try {
          bytes += Files.size(file);
          count++;
        } catch (NoSuchFileException e) {
          // Gone meanwhile.
        }
      }
    }
    into.put(name + " files", count);
    into.put(name + " bytes", bytes);
  }

  private static List<Path> below(Path folder) throws IOException {
    while (true) {
      try (Stream<Path> all = Files.walk(folder)) {
        return all.filter(Files::isRegularFile).toList();
      } catch (java.io.UncheckedIOException e) {
        // A folder has gone meanwhile: once more.
      }
    }
  }

  /** Picks the blocks of broadcasts. */
  private static final class IsBroadcast extends scala.runtime.AbstractFunction1<BlockId, Object> {
    @Override
    public Object apply(BlockId id) {
      return id.isBroadcast();
    }
  }
}
