package io.lakeprop.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One process a run's folder: its {@code LOCK} names the process that works there, which writes it
 * anew now and then. A lock outlives its process when that is killed: on the same machine it is
 * then taken over at once, and elsewhere when it stands still. Clocks are never compared.
 */
final class RunLock implements AutoCloseable {
  /** The file's name. */
  static final String FILE = "LOCK";

  /** What file systems say where a user may not write, other than where a disk is full. */
  private static final Pattern NOT_ALLOWED =
      Pattern.compile(
          "(?i)mkdirs failed|permission denied|read-only|not a"
              + " directory|AccessDenied|AccessControl");

  private static final Duration BEAT = Duration.ofSeconds(10);

  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  /**
   * Beats that a living process may miss: a file system may be slow, a driver may collect garbage.
   */
  private static final int MISSED = 3;

  private static final int LONGEST = 1 << 16;
  private static final String START = "{\"token\":\"";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Readings of a lock that is being written. */
  private static final int MOST_TRIES = 5;

  private final Storage storage;
  private final String folder;
  private final String path;
  private final Duration every;
  private final boolean newFolder;
  private final String token = UUID.randomUUID().toString();
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(new DaemonThread("lakeprop-lock"));
  private long beat;
  private boolean closed;
  private boolean wasGone;
  private volatile Optional<String> lost = Optional.empty();

  private RunLock(Storage storage, String folder, Duration every, boolean newFolder) {
    this.storage = storage;
    this.newFolder = newFolder;
    this.folder = folder;
    this.every = every;
    this.path = folder + "/" + FILE;
  }

  /** Told that it takes a while to find out whether the holder of a lock is alive. */
  @FunctionalInterface
  interface Waiting {
    void on(String holder, Duration longest);
  }

  /**
   * Takes the folder for this process.
   *
   * @throws InvalidInput when another process works there
   */
  static RunLock take(Storage storage, String folder, Waiting waiting) throws IOException {
    return take(storage, folder, waiting, BEAT);
  }

  /** Takes it with another time from beat to beat, which all that come to the folder share. */
  static RunLock take(Storage storage, String folder, Waiting waiting, Duration every)
      throws IOException {
    RunLock lock = new RunLock(storage, folder, every, !storage.exists(folder));
    if (!lock.isNew()) {
      Optional<byte[]> other = lock.read();
      if (other.isPresent() && lock.isAlive(other.get(), waiting)) {
        lock.beats.shutdownNow();
        throw new InvalidInput(
            "output %s must be of one run at a time, however: %s is writing there"
                .formatted(folder, lock.holderOf(other.get())));
      }
      storage.write(lock.path, lock.content());
    }
    long nanos = every.toNanos();
    Future<?> unused =
        lock.beats.scheduleWithFixedDelay(lock::beatOnce, nanos, nanos, TimeUnit.NANOSECONDS);
    return lock;
  }

  /** Whether the file was made, which another process had not made before. */
  private boolean isNew() throws IOException {
    try {
      return storage.createNew(path, content());
    } catch (IOException e) {
      String why = e.toString().lines().findFirst().orElseThrow();
      if (NOT_ALLOWED.matcher(why).find()) {
        beats.shutdownNow();
        throw new InvalidInput(
            "output %s must be a folder that can be made and written, however: %s"
                .formatted(folder, why.replaceFirst("^([\\w$]+\\.)*", "")),
            e);
      }
      throw e;
    }
  }

  /**
   * Refuses to go on when another process has taken the folder over: in a pause that it took for
   * death, or at the very moment at which this one took it.
   *
   * @throws Lost then
   */
  void check() throws IOException {
    look();
    checkLastBeat();
  }

  /** The same by what the last beat saw, which costs no look at the file. */
  void checkLastBeat() {
    if (lost.isPresent()) {
      throw new Lost(
          "output %s must be of one run at a time, however: %s has taken it over"
              .formatted(folder, lost.get()));
    }
  }

  /**
   * Whether the lock was found missing: somebody deleted it, or a process that took the folder over
   * has been here and is gone.
   */
  synchronized boolean wasGone() {
    return wasGone;
  }

  /** Takes note that such a process has been here. */
  synchronized void lose() {
    lost = Optional.of("a process that is gone");
  }

  /** Whether another process has taken the folder over, as far as that can be seen. */
  boolean isLost() {
    try {
      look();
    } catch (IOException e) {
      // What the last beat saw counts.
    }
    return lost.isPresent();
  }

  /** Another process works in the folder: this one must not touch it any more. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Lost(String message) {
      super(message);
    }
  }

  private synchronized void look() throws IOException {
    Optional<byte[]> now = read();
    wasGone |= now.isEmpty();
    if (now.isPresent() && parsed(now.get()).isPresent() && !isOurs(now.get())) {
      lost = Optional.of(holder(now.get()));
    }
  }

  private synchronized void beatOnce() {
    try {
      look();
      if (lost.isEmpty() && !closed) {
        storage.write(path, content());
      }
    } catch (IOException | RuntimeException e) {
      // The next one may get through; whoever waits for it waits for several.
    }
  }

  private byte[] content() {
    ProcessHandle process = ProcessHandle.current();
    ObjectNode json = JSON.createObjectNode();
    json.put("token", token).put("host", PidNamespace.host());
    json.put("namespace", PidNamespace.own()).put("process", process.pid());
    process.info().startInstant().ifPresent(at -> json.put("started", at.toString()));
    json.put("beat", beat++);
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The holder as the lock says, which says nothing for a moment while it is written. */
  private String holderOf(byte[] seen) throws IOException {
    byte[] latest = seen;
    for (int tries = 0; tries < MOST_TRIES && parsed(latest).isEmpty(); tries++) {
      pause();
      latest = read().orElse(seen);
    }
    return holder(latest);
  }

  private Optional<byte[]> read() throws IOException {
    try {
      return Optional.of(storage.read(path, LONGEST));
    } catch (FileNotFoundException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether the process is there, or on another machine whether it goes on writing. */
  private boolean isAlive(byte[] other, Waiting waiting) throws IOException {
    Optional<JsonNode> json = parsed(other);
    if (json.isPresent() && json.get().path("namespace").asText().equals(PidNamespace.own())) {
      Optional<ProcessHandle> process =
          ProcessHandle.of(json.get().path("process").asLong()).filter(ProcessHandle::isAlive);
      if (process.isEmpty() || startedThen(process.get(), json.get())) {
        return process.isPresent();
      }
      // Another process has got the number, or the machine's clock was set: its beats tell.
    }
    Duration longest = every.multipliedBy(MISSED);
    waiting.on(holder(other), longest);
    long started = System.nanoTime();
    while (System.nanoTime() - started < longest.toNanos()) {
      pause();
      Optional<byte[]> now = read();
      if (now.isEmpty()) {
        return false;
      }
      if (!Arrays.equals(now.get(), other)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a folder in which nothing else is has a lock that this program may have written or
   * begun to write, perhaps not one byte of it. Other programs have files of that name, too.
   */
  static boolean isOne(Storage storage, String folder) throws IOException {
    return RunMark.isBegun(storage, folder + "/" + FILE, START);
  }

  private static boolean startedThen(ProcessHandle process, JsonNode json) {
    Optional<Instant> started = process.info().startInstant();
    return started.filter(at -> at.toString().equals(json.path("started").asText())).isPresent();
  }

  private boolean isOurs(byte[] content) {
    return parsed(content).filter(json -> json.path("token").asText().equals(token)).isPresent();
  }

  private static Optional<JsonNode> parsed(byte[] content) {
    try {
      return Optional.of(JSON.readTree(new String(content, StandardCharsets.UTF_8)))
          .filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty(); // Its process was killed while it wrote.
    }
  }

  private static String holder(byte[] content) {
    return parsed(content)
        .map(
            json ->
                "process %s on %s"
                    .formatted(json.path("process").asText(), json.path("host").asText()))
        .orElse("another process");
  }

  private void pause() {
    try {
      Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, every.toMillis() / 2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a lock", e);
    }
  }

  /** Gives the folder back, and takes it away when it was made for the run that left nothing. */
  @Override
  public synchronized void close() throws IOException {
    closed = true; // A beat may be waiting for this to end.
    beats.shutdownNow();
    Optional<byte[]> now = read();
    if (now.isPresent() && isOurs(now.get())) {
      storage.deleteFile(path);
      if (newFolder) {
        storage.deleteEmpty(folder);
      }
    }
  }
}
