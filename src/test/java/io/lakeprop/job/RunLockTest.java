package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process a folder, whatever the one before it died of. */
final class RunLockTest {
  private static final Duration BEAT = Duration.ofMillis(100);

  @TempDir private Path temporary;
  private Path folder;
  private Path file;
  private String waited = "";

  @BeforeEach
  void paths() {
    folder = temporary.resolve("run");
    file = folder.resolve("LOCK");
  }

  private RunLock take(Duration beat) throws IOException {
    return RunLock.take(
        new LocalStorage(),
        folder.toString(),
        (holder, longest) -> waited = holder + " for " + longest.toMillis(),
        beat);
  }

  private RunLock take() throws IOException {
    return take(BEAT);
  }

  private void write(String text) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(file, text);
  }

  /** Of a process whose number means what it means here, on the machine of that name alone. */
  private static String lock(String host, long process, String started, int beat)
      throws IOException {
    String namespace = host.equals(here()) ? PidNamespace.own() : "its own";
    return lock(host, namespace, process, started, beat);
  }

  private static String lock(
      String host, String namespace, long process, String started, int beat) {
    return "{\"token\":\"t\",\"host\":\"%s\",\"namespace\":\"%s\",\"process\":%d,\"started\":\"%s\",\"beat\":%d}\n"
        .formatted(host, namespace, process, started, beat);
  }

  /** A refusal, not a failure: another folder is what helps. */
  @Test
  void aFolderThatCannotBeMadeIsRefused() throws IOException {
    String below = Files.writeString(temporary.resolve("file"), "x") + "/run";
    Configuration hadoop = new Configuration();
    for (Storage storage : List.of(new LocalStorage(), new HadoopStorage(hadoop))) {
      String message =
          assertThrows(
                  InvalidInput.class, () -> RunLock.take(storage, below, (holder, longest) -> {}))
              .getMessage();
      assertTrue(
          message.startsWith("output " + below + " must be a folder that can be made and written"),
          message);
    }
  }

  private static String here() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().orElseThrow().toString();
  }

  private void assertRefused(String holder) {
    InvalidInput refusal = assertThrows(InvalidInput.class, this::take);
    assertEquals(
        "output %s must be of one run at a time, however: %s is writing there"
            .formatted(folder, holder),
        refusal.getMessage());
  }

  @Test
  void aSecondOneInThisProcessIsRefused() throws IOException {
    try (RunLock lock = take()) {
      String held = Files.readString(file).replaceAll("\"beat\":.*", "");
      assertRefused("process %d on %s".formatted(ProcessHandle.current().pid(), here()));
      lock.check();
      assertEquals(held, Files.readString(file).replaceAll("\"beat\":.*", ""));
    }
    assertEquals("", waited);
    take().close();
  }

  @Test
  void anotherLivingProcessIsNamedAndADeadOneIsNone() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    String lock = lock(here(), other.pid(), started(other.toHandle()), 3);
    write(lock);
    assertRefused("process %d on %s".formatted(other.pid(), here()));
    assertEquals(lock, Files.readString(file));
    other.destroyForcibly().waitFor();
    try (RunLock ours = take(Duration.ofMinutes(1))) {
      ours.check();
      assertFalse(Files.readString(file).contains("\"token\":\"t\""));
    }
    assertEquals("", waited);
  }

  /** Its process is dead and the number another's, or the machine's clock was set meanwhile. */
  @Test
  void aProcessOfThatNumberThatStartedAtAnotherTimeMustBeat() throws Exception {
    long own = ProcessHandle.current().pid();
    write(lock(here(), own, "2001-01-01T00:00:00Z", 3));
    beating(own, here(), this::assertRefused);
    take().close();
    assertEquals("process %d on %s for 300".formatted(own, here()), waited);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"token\":\"a\",\"ho", "\0\0\0", "[]", "{}"})
  void aTornLockIsTakenOverWhenItStandsStill(String text) throws IOException {
    write(text);
    try (RunLock lock = take()) {
      lock.check();
      assertTrue(Files.readString(file).contains("\"process\":" + ProcessHandle.current().pid()));
    }
    assertTrue(waited.endsWith(" for 300"), waited);
  }

  @Test
  void anotherMachinesLockIsTakenOverWhenItStandsStill() throws IOException {
    write(lock("elsewhere", 7, "2001-01-01T00:00:00Z", 3));
    long started = System.nanoTime();
    take().close();
    assertTrue(System.nanoTime() - started >= 3 * BEAT.toNanos());
    assertEquals("process 7 on elsewhere for 300", waited);
  }

  /** Two containers of one name: number 7 is not there in this one, and at work in the other. */
  @Test
  void aProcessOfAnotherContainerMustBeat() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    for (String namespace : List.of("another", "")) {
      write(lock(here(), namespace, dead.pid(), "2001-01-01T00:00:00Z", 3));
      long started = System.nanoTime();
      take().close();
      assertTrue(System.nanoTime() - started >= 3 * BEAT.toNanos());
    }
  }

  @Test
  void aNamespaceIsNotEmpty() throws Exception {
    assertFalse(PidNamespace.own().isBlank());
    Process other =
        new ProcessBuilder(
                "sh", "-c", "cat /proc/sys/kernel/random/boot_id; readlink /proc/self/ns/pid")
            .start();
    String same = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (other.waitFor() == 0) {
      assertEquals(same.strip().replace("\n", " "), PidNamespace.own());
    }
  }

  @Test
  void anotherMachinesLockThatBeatsIsRefused() throws Exception {
    write(lock("elsewhere", 7, "2001-01-01T00:00:00Z", 3));
    beating(7, "elsewhere", this::assertRefused);
    assertTrue(Files.readString(file).contains("elsewhere"));
  }

  private interface OfHolder {
    void accept(String holder);
  }

  private void beating(long process, String host, OfHolder work) throws InterruptedException {
    ScheduledExecutorService other = Executors.newSingleThreadScheduledExecutor();
    int[] beat = {3};
    Future<?> unused =
        other.scheduleAtFixedRate(
            () -> {
              try {
                write(lock(host, process, "2001-01-01T00:00:00Z", ++beat[0]));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            0,
            BEAT.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      work.accept("process %d on %s".formatted(process, host));
    } finally {
      other.shutdownNow();
      assertTrue(other.awaitTermination(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void theHolderBeats() throws Exception {
    try (RunLock lock = take(Duration.ofMillis(20))) {
      String first = Files.readString(file);
      for (int i = 0; i < 200 && Files.readString(file).equals(first); i++) {
        Thread.sleep(20);
      }
      assertFalse(Files.readString(file).equals(first));
      lock.check();
    }
  }

  @Test
  void whoHasLostTheFolderMustNotGoOnAndLeavesTheOthersLock() throws Exception {
    String other = lock("elsewhere", 7, "2001-01-01T00:00:00Z", 3);
    try (RunLock lock = take(Duration.ofMillis(20))) {
      // A beat may be on its way when the other one comes.
      for (int i = 0; i < 200 && !Files.readString(file).equals(other); i++) {
        write(other);
        Thread.sleep(60);
      }
      RunLock.Lost lost = assertThrows(RunLock.Lost.class, () -> checkUntilLost(lock));
      assertEquals(
          "output %s must be of one run at a time, however: process 7 on elsewhere has taken it over"
              .formatted(folder),
          lost.getMessage());
    }
    assertEquals(other, Files.readString(file));
  }

  private static void checkUntilLost(RunLock lock) throws IOException, InterruptedException {
    for (int i = 0; i < 200; i++) {
      lock.check();
      Thread.sleep(20);
    }
  }

  @Test
  void closingLeavesNothingButWhatIsThere() throws IOException {
    take().close();
    assertFalse(Files.exists(folder));
    RunLock lock = take();
    Files.writeString(folder.resolve("job.yaml"), "x");
    lock.close();
    assertFalse(Files.exists(file));
    assertTrue(Files.exists(folder.resolve("job.yaml")));
  }

  @Test
  void aBeatThatWaitedForTheEndDoesNotBeat() throws Exception {
    RunLock lock = take(Duration.ofMillis(20));
    synchronized (lock) {
      Thread.sleep(200); // A beat is due, and waits.
      lock.close();
    }
    Thread.sleep(200);
    assertFalse(Files.exists(folder));
  }

  @Test
  void aLockThatWasDeletedIsWrittenAgain() throws Exception {
    try (RunLock lock = take(Duration.ofMillis(20))) {
      Files.delete(file);
      for (int i = 0; i < 200 && !Files.exists(file); i++) {
        Thread.sleep(20);
      }
      assertTrue(Files.exists(file));
      lock.check();
    }
  }
}
