package io.lakeprop.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.model.Storage;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code rounds.jsonl}, which a lost process must not spoil: each process writes a file of its own,
 * {@code rounds-K.jsonl} from round K on, and the last one joins them. What a process has written
 * after the round from which the next one went on does not count, nor does half a line.
 *
 * <p>Where others see only files that are closed, a new file is begun with every checkpoint.
 */
final class RoundsLog implements AutoCloseable {
  /** The whole log. */
  static final String FILE = "rounds.jsonl";

  /** Has all lines from the moment at which {@link #FILE} is missing. */
  private static final String JOINED = "rounds.joined";

  private static final Pattern PART = Pattern.compile("rounds-([0-9]{9,18})\\.jsonl");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long FLUSH_NANOS = 1_000_000_000L;

  private final Storage storage;
  private final String folder;
  private OutputStream out;
  private long flushed;

  /**
   * Begins after a round.
   *
   * @param folder of the run
   */
  RoundsLog(Storage storage, String folder, long round) throws IOException {
    this.storage = storage;
    this.folder = folder;
    if (!storage.exists(path(FILE)) && storage.exists(path(JOINED))) {
      storage.rename(path(JOINED), path(FILE));
    }
    for (Part part : parts()) {
      if (part.from >= round && part.from > 0) {
        storage.deleteFile(path(part.name)); // By a process that was gone back over.
      }
    }
    out = storage.create(path(round == 0 ? FILE : name(round)));
  }

  /** A file of lines of rounds after {@code from}. */
  private record Part(String name, long from) {}

  private static String name(long round) {
    return String.format(Locale.ROOT, "rounds-%09d.jsonl", round);
  }

  void append(ObjectNode line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    if (System.nanoTime() - flushed > FLUSH_NANOS) {
      out.flush();
      flushed = System.nanoTime();
    }
  }

  /**
   * The lines of these rounds must be safe before a checkpoint says that it is whole. They are once
   * what this returns was closed, by any thread and while lines of later rounds are appended: to an
   * object store that is the moment of the upload.
   */
  Closeable checkpoint(long round) throws IOException {
    if (!storage.showsClosedFilesOnly(path(FILE))) {
      out.flush();
      return () -> {};
    }
    OutputStream part = out;
    out = storage.create(path(name(round)));
    return part;
  }

  /** Reads the lines that count up to a round, in their order. */
  void read(long upTo, Consumer<JsonNode> reader) throws IOException {
    List<Part> parts = parts();
    for (int i = 0; i < parts.size(); i++) {
      long end = i + 1 < parts.size() ? Math.min(upTo, parts.get(i + 1).from) : upTo;
      read(parts.get(i), end, reader);
    }
  }

  private void read(Part part, long upTo, Consumer<JsonNode> reader) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(storage.open(path(part.name)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode json = parsed(line);
        if (json.isObject() && json.path("round").asLong(Long.MAX_VALUE) <= upTo) {
          reader.accept(json);
        }
      }
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return JSON.nullNode(); // Its process was killed while it wrote.
    }
  }

  /** Makes one file of all, in which nothing is left of a process that was lost. */
  void join() throws IOException {
    out.close();
    List<Part> parts = parts();
    if (parts.size() < 2) {
      return;
    }
    storage.write(path(JOINED), this::writeAll);
    storage.deleteFile(path(FILE));
    storage.rename(path(JOINED), path(FILE));
    for (Part part : parts.subList(1, parts.size())) {
      storage.deleteFile(path(part.name));
    }
  }

  private void writeAll(OutputStream all) throws IOException {
    try {
      read(
          Long.MAX_VALUE - 1,
          line -> {
            try {
              all.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
              throw new UncheckedIOException(e.getMessage(), e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Whether a file of a run's folder is a log or a part of one. */
  static boolean isOne(String name) {
    return name.equals(FILE) || name.equals(JOINED) || PART.matcher(name).matches();
  }

  private List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    for (String name : storage.list(folder)) {
      Matcher matcher = PART.matcher(name);
      if (name.equals(FILE)) {
        parts.add(new Part(name, 0));
      } else if (matcher.matches()) {
        parts.add(new Part(name, Long.parseLong(matcher.group(1))));
      }
    }
    parts.sort(Comparator.comparingLong(Part::from));
    return parts;
  }

  private String path(String name) {
    return folder + "/" + name;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
