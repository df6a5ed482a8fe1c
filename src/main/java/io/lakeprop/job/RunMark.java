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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code RUN}, by which a folder is known for a run's: the first file that a run writes
 * below its lock, and one that nobody else has a reason to write.
 *
 * @param lakeprop version of this program
 * @param spark version of Spark
 */
record RunMark(String lakeprop, String spark) {
  /** The file's name. */
  static final String FILE = "RUN";

  private static final int FORMAT = 1;
  private static final int LONGEST = 1 << 12;
  private static final String START = "{\"run\":";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What this process writes. */
  static RunMark own() {
    return new RunMark(Version.lakeprop(), org.apache.spark.package$.MODULE$.SPARK_VERSION());
  }

  /** Writes the file. */
  void write(Storage storage, String folder) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("run", FORMAT).put("lakeprop", lakeprop).put("spark", spark);
    storage.write(folder + "/" + FILE, (json + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The mark in a folder; empty where there is none, or half of one. */
  static Optional<RunMark> read(Storage storage, String folder) throws IOException {
    Optional<String> text = text(storage, folder + "/" + FILE);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(text.get());
      return json.isObject() && json.path("run").isInt()
          ? Optional.of(new RunMark(json.path("lakeprop").asText(), json.path("spark").asText()))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Whether the process that wrote the mark was killed meanwhile. */
  static boolean isTorn(Storage storage, String folder) throws IOException {
    return isBegun(storage, folder + "/" + FILE, START);
  }

  /** Whether a file begins so, or has the beginning of that alone, perhaps not one byte. */
  static boolean isBegun(Storage storage, String path, String start) throws IOException {
    return text(storage, path)
        .filter(text -> text.startsWith(start) || start.startsWith(text))
        .isPresent();
  }

  /** A short file's text; empty where it is missing, or something else. */
  private static Optional<String> text(Storage storage, String path) throws IOException {
    try {
      return Optional.of(new String(storage.read(path, LONGEST), StandardCharsets.UTF_8));
    } catch (FileNotFoundException | NoSuchFileException | InvalidInput e) {
      return Optional.empty();
    }
  }

  /** A sentence for each version in which another run, or an earlier start of one, differs. */
  List<String> differences(RunMark now) {
    List<String> differences = new ArrayList<>();
    if (!lakeprop.isEmpty() && !lakeprop.equals(now.lakeprop)) {
      differences.add(sentence("lakeprop", lakeprop, now.lakeprop));
    }
    if (!spark.isEmpty() && !spark.equals(now.spark)) {
      differences.add(sentence("Spark", spark, now.spark));
    }
    return differences;
  }

  private static String sentence(String what, String was, String now) {
    return "this run was begun by %s %s and goes on with %s: the bits may differ from those of an uninterrupted run"
        .formatted(what, was, now);
  }
}
