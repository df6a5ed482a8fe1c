package io.lakeprop.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.TablePaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * The file that {@code --json} names: a new one, a pipe, or one report that the same command has
 * written before and nothing else. Anything else is somebody's, an empty file, too: a report is
 * written aside and renamed, so that none is ever there half.
 *
 * <pre>
 * {"lakeprop": COMMAND, ...}     the keys of the command behind the mark
 * .NAME.writing-TOKEN            beside NAME while it is written; TOKEN as of {@link OutputTable}
 * </pre>
 */
final class JsonReport {
  private static final String MARK = "lakeprop";
  private static final int LONGEST = 1 << 26;

  /** Of a whole file: no key twice and nothing after the end. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String name;
  private final String command;
  private final Set<String> keys;
  private final OutputPlace place;

  /**
   * Refuses what is not to be replaced, and the places of runs and models, before any work is done.
   *
   * @param name as the command line has it
   * @param keys of the object that the command writes
   */
  JsonReport(Configuration hadoop, String name, String command, Set<String> keys) {
    this.name = name;
    this.command = command;
    this.keys = keys;
    try {
      this.place = OutputPlace.ofReport(hadoop, name);
      checkLink();
      place.checkRuns();
      requireOwn();
    } catch (IOException e) {
      throw new InvalidInput("--json %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Where it lies. */
  OutputPlace place() {
    return place;
  }

  /** What a link leads to is written and the link stays; nobody knows what a broken one is for. */
  private void checkLink() {
    if (Places.isLink(TablePaths.path(name)) && !Files.exists(Path.of(place.path()))) {
      throw new InvalidInput(
          "--json %s must be a new file or an earlier one, however: it is a link to what is not there (name the file itself)"
              .formatted(name));
    }
  }

  private void requireOwn() throws IOException {
    Storage storage = place.storage();
    if (!storage.exists(place.path()) || isPipe()) {
      return;
    }
    byte[] bytes = storage.read(place.path(), LONGEST);
    if (bytes.length == 0) {
      throw foreign(
          "it is an empty file, which no command leaves (delete it, or name another file)");
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      Set<String> others = new TreeSet<>();
      json.fieldNames().forEachRemaining(others::add);
      others.remove(MARK);
      others.removeAll(keys);
      if (!json.path(MARK).asText().equals(command) || !others.isEmpty()) {
        throw foreign("it holds something else (name another file)");
      }
    } catch (JsonProcessingException e) {
      throw foreign("it holds something else (name another file)");
    }
  }

  /** Nothing is lost in a pipe, a terminal or another device. */
  private boolean isPipe() {
    Path path = Path.of(place.path());
    return place.path().startsWith("/")
        && Files.exists(path)
        && !Files.isRegularFile(path)
        && !Files.isDirectory(path);
  }

  private InvalidInput foreign(String what) {
    return new InvalidInput(
        "--json %s must be a new file or an earlier report of %s alone, however: %s"
            .formatted(name, command, what));
  }

  /** Writes the report; a file is whole when it has its name. */
  void write(ObjectNode report) throws IOException {
    ObjectNode marked = JSON.createObjectNode().put(MARK, command);
    marked.setAll(report);
    byte[] bytes = (marked.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    Storage storage = place.storage();
    if (isPipe()) {
      storage.write(place.path(), bytes);
      return;
    }
    int end = place.path().lastIndexOf('/') + 1;
    String aside =
        "%s.%s.writing-%s"
            .formatted(
                place.path().substring(0, end), place.path().substring(end), OutputTable.token());
    try {
      storage.write(aside, bytes);
      requireOwn(); // Somebody else may have written meanwhile.
      storage.replace(aside, place.path());
    } finally {
      storage.deleteFile(aside);
    }
  }
}
