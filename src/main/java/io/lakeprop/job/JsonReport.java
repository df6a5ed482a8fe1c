package io.lakeprop.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.NotReadable;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.TablePaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
      checkWritable();
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

  /** Asks with an empty file, in a folder that is there: those still to be made wait. */
  private void checkWritable() throws IOException {
    if (isPipe()) {
      if (!Files.isWritable(Path.of(place.path()))) {
        throw notWritable("permission is denied", null);
      }
      return;
    }
    Storage storage = place.storage();
    org.apache.hadoop.fs.Path folder = TablePaths.path(place.path()).getParent();
    if (!Places.isLocal(folder) && !isThere(storage, folder.toString())) {
      return; // A store makes folders as it writes, and the rights of those above say nothing.
    }
    while (folder.getParent() != null && !storage.exists(folder.toString())) {
      folder = folder.getParent();
    }
    String probe = aside(folder.toString());
    try {
      storage.createNew(probe, new byte[0]);
    } catch (IOException e) {
      throw notWritable(reason(e), e);
    }
    storage.deleteFile(probe);
  }

  private static boolean isThere(Storage storage, String folder) throws IOException {
    try {
      return storage.exists(folder);
    } catch (NotReadable e) {
      return false; // Who may write files there need not be allowed to look at it.
    }
  }

  private InvalidInput notWritable(String reason, IOException cause) {
    return new InvalidInput(
        "--json %s must be in a folder that can be written, however: %s (name another file)"
            .formatted(name, reason),
        cause);
  }

  /** Why a file cannot be made; the JDK's messages on some reasons are a path alone. */
  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission is denied";
    }
    if (failure instanceof FileAlreadyExistsException there) {
      return there.getFile() + " is a file";
    }
    if (failure instanceof FileSystemException other) {
      return other.getReason() == null ? "no file can be made there" : other.getReason();
    }
    return failure.getMessage();
  }

  /** A name that nobody has, for what is to have the report's. */
  private String aside(String folder) {
    String own = place.path().substring(place.path().lastIndexOf('/') + 1);
    String above = folder.endsWith("/") ? folder : folder + "/";
    return "%s.%s.writing-%s".formatted(above, own, OutputTable.token());
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
    String aside = aside(place.path().substring(0, place.path().lastIndexOf('/') + 1));
    try {
      storage.write(aside, bytes);
      requireOwn(); // Somebody else may have written meanwhile.
      storage.replace(aside, place.path());
    } finally {
      storage.deleteFile(aside);
    }
  }
}
