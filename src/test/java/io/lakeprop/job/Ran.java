package io.lakeprop.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.spark.TestSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** A command as a user runs it, and what came of it. */
record Ran(int code, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // Takes the standard error stream of now for its own: what follows it is the command's.
    LoggerFactory.getLogger(Ran.class);
  }

  /** Runs a command on two cores. */
  static Ran lakeprop(String... arguments) {
    return on("local[2]", Map.of(), arguments);
  }

  /** Runs a command on a master of its own; Spark's settings come as spark-submit gives them. */
  static Ran on(String master, Map<String, String> more, String... arguments) {
    TestSpark.stop();
    Map<String, String> settings = new TreeMap<>(TestSpark.settings(master));
    settings.putAll(more);
    settings.forEach(System::setProperty);
    try {
      return captured(arguments);
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  /** Runs a command in the shared session, which the command stops. */
  static Ran inSharedSession(String... arguments) {
    TestSpark.session();
    return captured(arguments);
  }

  private static Ran captured(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return new Ran(code, text(outBytes), text(errBytes));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The command did what it was asked for; returns itself. */
  Ran done() {
    if (code != 0) {
      throw new AssertionError("exit code " + code + "\n" + err + out);
    }
    return this;
  }

  /** The lines on the standard error stream. */
  List<String> errors() {
    return err.lines().toList();
  }

  /** A JSON file. */
  static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JSON objects of a file, one a line. */
  static List<JsonNode> lines(Path file) {
    try {
      return java.nio.file.Files.readAllLines(file).stream().map(Ran::parsed).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
