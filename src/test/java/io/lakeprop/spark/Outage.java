package io.lakeprop.spark;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;

/**
 * What the file systems of one process go through in a test: the process dies at some step of
 * theirs, after which nothing of it reaches a file, or the disk is full.
 *
 * <p>A step is a call, or a write to a stream, of which half gets through when the process dies.
 */
public final class Outage {
  private static final String KEY = "lakeprop.test.outage";
  private static final Map<String, Outage> ALL = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final long deadAt;
  private long steps;
  private boolean dead;
  private String full = "";
  private long free;
  private long refusals;
  private String closed = "";
  private IOException failure = new IOException();
  private Predicate<String> denied = step -> false;
  private volatile Consumer<String> before = step -> {};

  private Outage(long deadAt) {
    this.deadAt = deadAt;
  }

  /** No exception that anybody may handle: the process is gone. */
  public static final class Died extends Error {
    private static final long serialVersionUID = 1L;

    private Died(String step) {
      super("the process has died: " + step);
    }
  }

  /** Of a process that goes on to its end. */
  public static Outage none() {
    return new Outage(Long.MAX_VALUE);
  }

  /** Of a process that dies at a step, from 1. */
  public static Outage at(long step) {
    return new Outage(step);
  }

  /** Settings by which {@code file:} and {@code store:} are file systems of this process. */
  public Configuration configuration(Configuration others) {
    Configuration own = new Configuration(others);
    own.setClass("fs.file.impl", OutageFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    own.setClass("fs.store.impl", StoreFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    own.setBoolean("fs.file.impl.disable.cache", true);
    own.setBoolean("fs.store.impl.disable.cache", true);
    String name = Integer.toString(NUMBERS.incrementAndGet());
    ALL.put(name, this);
    own.set(KEY, name);
    return own;
  }

  /** The one that {@link #configuration} was made for; none where it was not. */
  static Outage of(Configuration configuration) {
    String name = configuration.get(KEY);
    return name == null ? none() : ALL.get(name);
  }

  /** From now on, files whose path has this part have so many bytes left. */
  public synchronized void fill(String part, long bytes) {
    full = part;
    free = bytes;
  }

  /** From now on, files whose path has this part cannot be opened. */
  public synchronized void fail(String part, IOException own) {
    closed = part;
    failure = own;
  }

  /** From now on, these steps are another user's, such as "look at store:/folder/file". */
  public synchronized void deny(Predicate<String> steps) {
    denied = steps;
  }

  /** From now on called before each step, which is done once it returns. */
  public void before(Consumer<String> own) {
    before = own;
  }

  /** There is space again. */
  public synchronized void free() {
    full = "";
  }

  /** Nothing reaches a file any more when this returns. */
  public synchronized void die() {
    dead = true;
  }

  /** Whether the process has died. */
  public synchronized boolean isDead() {
    return dead;
  }

  /** Steps done. */
  public synchronized long steps() {
    return steps;
  }

  /** Writes that found the disk full. */
  public synchronized long refusals() {
    return refusals;
  }

  /** What a step does. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws IOException;
  }

  /** Does a step, unless the process is dead or dies now. */
  <T> T step(String what, Step<T> step) throws IOException {
    before.accept(what);
    return done(what, step);
  }

  private synchronized <T> T done(String what, Step<T> step) throws IOException {
    if (isLast()) {
      throw new Died(what);
    }
    if (denied.test(what)) {
      throw new AccessDeniedException(what);
    }
    if (!closed.isEmpty() && what.startsWith("open ") && what.contains(closed)) {
      throw failure;
    }
    return step.run();
  }

  /** Writes bytes of a file: all, or what has space, or half of them. */
  @FunctionalInterface
  interface Write {
    void run(int bytes) throws IOException;
  }

  void write(String path, int bytes, Write write) throws IOException {
    before.accept("write " + path);
    written(path, bytes, write);
  }

  private synchronized void written(String path, int bytes, Write write) throws IOException {
    boolean wasDead = dead;
    if (isLast()) {
      if (!wasDead) {
        write.run(bytes / 2);
      }
      throw new Died("write " + path);
    }
    boolean bounded = !full.isEmpty() && path.contains(full);
    int through = bounded ? (int) Math.min(bytes, free) : bytes;
    free -= bounded ? through : 0;
    write.run(through);
    if (through < bytes) {
      refusals++;
      throw new IOException("No space left on device");
    }
  }

  private boolean isLast() {
    steps++;
    dead |= steps >= deadAt;
    return dead;
  }
}
