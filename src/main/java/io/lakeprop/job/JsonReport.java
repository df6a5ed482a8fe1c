package io.lakeprop.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file that {@code --json} names: a new one, or one that the same command has written before.
 * Anything else is somebody's, such as a run's report or a model's description.
 *
 * @param keys of the object that the command writes
 */
record JsonReport(Storage storage, String path, Set<String> keys) {
  private static final int LONGEST = 1 << 26;

  /** Refuses what is not to be replaced, before any work is done. */
  JsonReport {
    requireOwn(storage, path, keys);
  }

  private static void requireOwn(Storage storage, String path, Set<String> keys) {
    try {
      if (storage.exists(path) && !isPipe(Path.of(path))) {
        byte[] bytes = storage.read(path, LONGEST);
        JsonNode json = new ObjectMapper().readTree(bytes);
        Set<String> names = new TreeSet<>();
        json.fieldNames().forEachRemaining(names::add);
        if (bytes.length > 0 && (!json.isObject() || names.isEmpty() || !keys.containsAll(names))) {
          throw foreign(path);
        }
      }
    } catch (JsonProcessingException e) {
      throw foreign(path);
    } catch (IOException e) {
      throw new InvalidInput("--json %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** Nothing is lost in a pipe or a terminal. */
  private static boolean isPipe(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  private static InvalidInput foreign(String path) {
    return new InvalidInput(
        "--json %s must be a new file or an earlier one of this command, however: it holds something else (name another file)"
            .formatted(path));
  }

  /** Writes the report. */
  void write(ObjectNode report) throws IOException {
    storage.write(path, (report.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
