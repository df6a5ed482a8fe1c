package io.lakeprop.job;

import io.lakeprop.model.Storage;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A storage that moves the run below a folder, remembers what is written of checkpoints, and before
 * each line of the rounds waits until the last one is on the disk.
 */
final class CheckpointRecorder implements Storage {
  private static final String CHECKPOINTS = CalmRun.OUTPUT + "/checkpoints/";
  private static final Pattern ROUND = Pattern.compile("\\{\"round\":([0-9]+),");

  private final Storage storage;
  private final Path folder;
  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

  CheckpointRecorder(Storage storage, Path folder) {
    this.storage = storage;
    this.folder = folder;
  }

  /** By the path below {@code checkpoints}, every file that was ever written there. */
  Map<String, byte[]> files() {
    return files;
  }

  private String at(String path) {
    return folder.resolve(path).toString();
  }

  @Override
  public void write(String path, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.write(bytes);
    if (path.startsWith(CHECKPOINTS)) {
      files.put(path.substring(CHECKPOINTS.length()), bytes.toByteArray());
    }
    // Not forced onto the disk as a run's own storage does it, since nobody pulls the plug here.
    try (OutputStream out = storage.create(at(path))) {
      bytes.writeTo(out);
    }
  }

  @Override
  public OutputStream create(String path) throws IOException {
    OutputStream out = storage.create(at(path));
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        Matcher round = ROUND.matcher(new String(bytes, from, length, StandardCharsets.UTF_8));
        if (round.lookingAt()) {
          awaitCheckpoint(Long.parseLong(round.group(1)) - 1);
        }
        out.write(bytes, from, length);
      }
    };
  }

  /** It is there, and the thread that writes checkpoints has nothing more to do. */
  private void awaitCheckpoint(long round) {
    while (round > 0 && !files.containsKey("round-%09d/SHA256SUMS".formatted(round))) {
      Thread.onSpinWait();
    }
    for (Thread thread : threads()) {
      if (thread != null && thread.getName().equals("lakeprop-checkpoints")) {
        while (thread.isAlive() && !isIdle(thread)) {
          Thread.onSpinWait();
        }
      }
    }
  }

  private static boolean isIdle(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        && Stream.of(thread.getStackTrace())
            .noneMatch(frame -> frame.getClassName().startsWith("io.lakeprop"));
  }

  private static Thread[] threads() {
    Thread[] threads = new Thread[2 * Thread.activeCount()];
    Thread.enumerate(threads);
    return threads;
  }

  @Override
  public byte[] read(String path) throws IOException {
    return storage.read(at(path));
  }

  @Override
  public InputStream open(String path) throws IOException {
    return storage.open(at(path));
  }

  @Override
  public boolean createNew(String path, byte[] bytes) throws IOException {
    return storage.createNew(at(path), bytes);
  }

  @Override
  public boolean showsClosedFilesOnly(String path) throws IOException {
    return storage.showsClosedFilesOnly(at(path));
  }

  @Override
  public boolean exists(String path) throws IOException {
    return storage.exists(at(path));
  }

  @Override
  public List<String> list(String path) throws IOException {
    return storage.list(at(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    storage.rename(at(from), at(to));
  }

  @Override
  public void deleteFile(String path) throws IOException {
    storage.deleteFile(at(path));
  }

  @Override
  public void delete(String path) throws IOException {
    storage.delete(at(path));
  }
}
