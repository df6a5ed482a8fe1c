package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A state.json made to hurt: refused in one line, soon, with little memory. */
class CheckpointJsonAttackTest {
  private static final String GOOD = CheckpointJson.write(TinyCheckpoint.of(20, 15)).toString();

  static Stream<Arguments> attacks() {
    return Stream.of(
        vector("a name that climbs", "../../etc/passwd", "must have plain names"),
        vector("a name with a slash", "a/b", "must have plain names"),
        vector("a name from the root", "/etc/passwd", "must have plain names"),
        vector("a name of dots", "..", "must have plain names"),
        vector("a dot at the end", "theta.", "must have plain names"),
        vector("no name", "", "must have plain names"),
        vector("capitals, one file on some disks", "Theta", "must have plain names"),
        vector("a name of two lines", "a\\nb", "must have plain names"),
        vector("a name that goes on", "theta\\n", "must have plain names"),
        vector("NUL", "theta\\u0000", "must have plain names"),
        vector("deep names", "a.b.c.d.e", "must have plain names"),
        vector("a vector twice", "theta", "Duplicate"),
        swap("a million vectors", "\"vectors\":{", "\"vectors\":{" + many(300_000), "at most 1000"),
        swap("a list of vectors", "\"vectors\":{", "\"vectors\":[\"theta\"],\"v\":{", "an object"),
        swap("a length of 2^31", "\"theta\":9", "\"theta\":2147483648", "32 bits"),
        swap("a length of -1", "\"theta\":9", "\"theta\":-1", "must be at least 0"),
        swap("half a length", "\"theta\":9", "\"theta\":9.5", "32 bits"),
        swap("a length as text", "\"theta\":9", "\"theta\":\"9\"", "32 bits"),
        swap("round -1", "\"round\":20,", "\"round\":-1,", "must be at least 0"),
        swap("round 2^63", "\"round\":20,", "\"round\":9223372036854775808,", "64 bits"),
        swap("round 1e300", "\"round\":20,", "\"round\":1e300,", "64 bits"),
        swap("round 20.0", "\"round\":20,", "\"round\":20.0,", "64 bits"),
        swap("a round of text", "\"round\":20,", "\"round\":\"20\",", "64 bits"),
        swap("no round", "\"round\":20,", "", "round must be there"),
        swap("a round twice", "\"round\":20,", "\"round\":20,\"round\":20,", "Duplicate"),
        swap("best -1", "\"best\":15", "\"best\":-1", "must be at least 0"),
        swap("best null", "\"best\":15", "\"best\":null", "64 bits"),
        swap("version 2", "\"format_version\":1", "\"format_version\":2", "must be 1"),
        swap("version 1.0", "\"format_version\":1", "\"format_version\":1.0", "32 bits"),
        swap("infinity by its size", "\"rate_factor\":0.1", "\"rate_factor\":1e999", "finite"),
        swap("NaN as it is", "\"rate_factor\":0.1", "\"rate_factor\":NaN", "is no JSON"),
        swap("a number by another name", "\"NaN\"", "\"nan\"", "must be a number"),
        swap("a number as text", "\"NaN\"", "\"0.1\"", "must be a number"),
        swap("a number that is true", "\"rate_factor\":0.1", "\"rate_factor\":true", "finite"),
        swap("a number that is none", "\"rate_factor\":0.1", "\"rate_factor\":null", "finite"),
        swap(
            "many digits",
            "\"rate_factor\":0.1",
            "\"rate_factor\":" + "9".repeat(99_999),
            "is no JSON"),
        swap("numbers in a list", "\"numbers\":{", "\"numbers\":[],\"n\":{", "must be an object"),
        swap("a fact that is a number", "\"kernel\":\"ejml\"", "\"kernel\":1", "must be a text"),
        swap("a fact that is a map", "\"kernel\":\"ejml\"", "\"kernel\":{}", "must be a text"),
        swap("half a character", "\"ejml\"", "\"\\ud800\"", "half a character"),
        swap("another key", "\"round\":20,", "\"round\":20,\"x\":1,", "unknown key"),
        swap("a Java class", "\"round\":20,", "\"@class\":\"x\",\"round\":20,", "unknown key"),
        swap("a second value", "}}", "}}{}", "is no JSON"),
        row("deep lists", "[".repeat(100_000), "nesting depth"),
        row("a list", "[]", "must be an object"),
        row("nothing", "", "must be an object"),
        row("half of it", GOOD.substring(0, GOOD.length() / 2), "is no JSON"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void isRefused(String name, String json, String words) {
    byte[] file = json.getBytes(StandardCharsets.UTF_8);
    Refused refused = Refused.by(() -> CheckpointJson.read("c/state.json", file));
    String message = refused.message();
    assertTrue(message.startsWith("c/state.json"), message);
    assertTrue(message.contains(words), message);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.length() < 1_000, "length " + message.length());
    assertTrue(
        refused.bytes() < (4 << 20) + 60L * file.length, "it took " + refused.bytes() + " bytes");
  }

  /** The rows above differ from a file that is read by what they say, and by nothing else. */
  @Test
  void theFileWithoutAnAttackIsRead() {
    byte[] file = GOOD.getBytes(StandardCharsets.UTF_8);
    assertEquals(20, CheckpointJson.read("c/state.json", file).round());
  }

  @Test
  void aVectorFileHasItsVectorAlone() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    VectorFile.write("theta", new float[] {1, 2}, out);
    byte[] file = out.toByteArray();
    assertEquals(2, VectorFile.read("f", "theta", 2, file).length);
    vector(file, "average", 2, "f must have the vector average alone, however: it has [theta]");
    vector(file, "theta", 3, "f must have 3 numbers, however: it has 2");
    String both =
        "{\"theta\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
    vector(Shaped.file(both, 8), "theta", 1, "alone, however: it has [theta, x]");
  }

  private static void vector(byte[] file, String name, int length, String words) {
    String message =
        assertThrows(InvalidInput.class, () -> VectorFile.read("f", name, length, file))
            .getMessage();
    assertTrue(message.contains(words), message);
  }

  /** A file is not read to its end only to be refused. */
  @Test
  void noFileIsReadBeyondWhatItMayHave() throws IOException {
    EndlessStorage storage = new EndlessStorage();
    CheckpointFiles files = new CheckpointFiles(storage, "c");
    TinyCheckpoint.write(files, 20, 15);
    for (String name : storage.list("c/round-000000020")) {
      storage.endless = "c/round-000000020/" + name;
      assertTrue(files.last((n, why) -> refused(why)).isEmpty(), name);
    }
    for (String name : storage.list("c/best-000000015")) {
      storage.endless = "c/best-000000015/" + name;
      assertTrue(files.last((n, why) -> refused(why)).isEmpty(), name);
    }
  }

  private static void refused(String why) {
    assertTrue(why.contains("must have at most") && why.endsWith("it has more"), why);
  }

  private static Arguments vector(String name, String vector, String words) {
    return swap(name, "\"vectors\":{", "\"vectors\":{\"" + vector + "\":1,", words);
  }

  private static String many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"v" + i + "\":1,")
        .collect(Collectors.joining());
  }

  private static Arguments swap(String name, String from, String to, String words) {
    String json = GOOD.replace(from, to);
    assertTrue(!json.equals(GOOD), () -> name + ": nothing was changed");
    return row(name, json, words);
  }

  private static Arguments row(String name, String json, String words) {
    return Arguments.of(name, json, words);
  }
}
