package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A model.json made to hurt, behind right digests: refused in one line, with little memory. */
class ModelJsonAttackTest {
  private static final String GOOD = ModelJson.write(TinyModel.quantity()).toString();
  private static final String LAYERS = "[{\"name\":\"head\",\"type\":\"linear\",\"inputs\":1,";
  private static final int MANY = 100_000;
  private static final String DAYS = "\"unit\":\"days\",";

  static Stream<Arguments> attacks() {
    return Stream.of(
        swap("2^31 outputs", "\"outputs\":1", "\"outputs\":2147483648", "32 bits"),
        swap("-1 outputs", "\"outputs\":1", "\"outputs\":-1", "positive"),
        swap("1e300 outputs", "\"outputs\":1", "\"outputs\":1e300", "32 bits"),
        swap("1.5 outputs", "\"outputs\":1", "\"outputs\":1.5", "32 bits"),
        swap("outputs for 8 GB", "\"outputs\":1", "\"outputs\":1000000000", "must have shape"),
        swap("outputs for 8 GB and more", "\"outputs\":1", "\"outputs\":2147483647", "2^31"),
        swap("numbers that are not there", "\"numeric\":1", "\"numeric\":2147483647", "takes 1"),
        layers("a width that wraps to 1", concat(2147483647), "below 2^31"),
        layers("members that wrap", ensemble(65536, 65537), "below 2^31"),
        layers("members that wrap to 1", ensemble(-1, -1), "positive"),
        layers("waves that wrap", periodic(1, 1 << 30, 1), "below 2^31"),
        layers("columns that are too many", periodic(1, 1, 2147483647), "takes 1 inputs"),
        swap(
            "categories that wrap",
            "\"categories\":[]",
            "\"categories\":["
                + "{\"name\":\"a\",\"cardinality\":2147483647,\"width\":1,\"encoding\":\"one_hot\"},"
                + "{\"name\":\"b\",\"cardinality\":2147483647,\"width\":1,\"encoding\":\"one_hot\"}]",
            "below 2^31"),
        feature("a vector that wraps", vector(2147483647, true), "numbers of a feature"),
        feature("a vector that is not there", vector(2147483647, false), "network's input"),
        feature(
            "vectors that wrap",
            vector(2147483647, false) + "," + vector(2147483647, false) + "," + vector(3, false),
            "fewer than 2^31 numbers"),
        swap("infinity by its size", "\"scale\":3.0", "\"scale\":1e999", "finite number"),
        swap("infinity by its name", "\"scale\":3.0", "\"scale\":Infinity", "is no JSON"),
        swap("scale -0", "\"scale\":3.0", "\"scale\":-0.0", "-0.0"),
        swap("a float too large", "\"squared_error\"", "{\"type\":\"huber\",\"delta\":1e39}", "32"),
        swap("a million digits", "\"seed\":-42", "\"seed\":" + "9".repeat(MANY), "is no JSON"),
        swap("a seed beyond 64 bits", "-42", "9223372036854775808", "64 bits"),
        swap("a Java class", "\"linear\"", "\"java.lang.ProcessBuilder\"", "layer of this release"),
        swap("a type for Jackson", "\"linear\"", "[\"java.lang.Object\",{}]", "must be a text"),
        swap("a class beside", "\"name\":\"x\"", "\"@class\":\"x\",\"name\":\"x\"", "unknown key"),
        swap(
            "a name of two lines", "\"type\":\"linear\"", "\"type\":\"a\\nerror: b\"", "a\\u000ae"),
        swap("half a character", "\"name\":\"x\"", "\"name\":\"\\udc00\"", "half a character"),
        range("a range without a unit", "\"smallest\":1,\"largest\":2", "beside a unit"),
        range("a range upside down", DAYS + "\"smallest\":2,\"largest\":1", "at least smallest"),
        range("half a range", DAYS + "\"smallest\":2", "largest must be there"),
        range("an endless range", DAYS + "\"smallest\":1,\"largest\":1e999", "finite number"),
        swap("an offset without a name", "\"provenance\"", offset("\"\"", "1"), "must be a column"),
        swap("an offset by 0", "\"provenance\"", offset("\"o\"", "0"), "scale must be positive"),
        swap("deep lists", "[]", "[".repeat(MANY), "nesting depth"),
        row("deep objects", "{\"a\":".repeat(MANY), "nesting depth"),
        row("nothing", "", "must be an object"),
        row("null", "null", "must be an object"),
        row(
            "UTF-16",
            new String(GOOD.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1),
            "is no JSON"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void isRefused(String name, String json, String words) throws IOException {
    MemoryStorage storage = new MemoryStorage();
    ModelFiles.write(storage, "m", TinyModel.quantity());
    storage.write("m/model.json", json.getBytes(StandardCharsets.UTF_8));
    Resigned.sign(storage, "m");
    Refused refused = Refused.by(() -> ModelFiles.read(storage, "m"));
    String message = refused.message();
    assertTrue(message.startsWith("m/"), message);
    assertTrue(message.contains(words), message);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.length() < 50_000, "length " + message.length());
    assertTrue(refused.bytes() < 16 << 20, "it took " + refused.bytes() + " bytes");
  }

  private static Arguments swap(String name, String from, String to, String words) {
    String json = GOOD.replace(from, to);
    assertTrue(!json.equals(GOOD), () -> name + ": nothing was changed");
    return row(name, json, words);
  }

  private static Arguments range(String name, String keys, String words) {
    return swap(name, "\"name\":\"x\"", keys + ",\"name\":\"x\"", words);
  }

  private static Arguments layers(String name, String first, String words) {
    return swap(name, LAYERS, "[" + first + "," + LAYERS.substring(1), words);
  }

  private static Arguments feature(String name, String features, String words) {
    int start = GOOD.indexOf("\"features\":[") + 12;
    int end = GOOD.indexOf("],\"label\"", start);
    return row(name, GOOD.substring(0, start) + features + GOOD.substring(end), words);
  }

  private static String concat(int skipped) {
    return "{\"name\":\"c\",\"type\":\"concat\",\"from\":\"input\",\"inputs\":1,\"skipped\":%d}"
        .formatted(skipped);
  }

  private static String ensemble(int members, int width) {
    return ("{\"name\":\"e\",\"type\":\"batch_ensemble_linear\",\"members\":%d,\"width\":%d,"
            + "\"units\":1}")
        .formatted(members, width);
  }

  private static String periodic(int inputs, int frequencies, int width) {
    return ("{\"name\":\"p\",\"type\":\"periodic_embedding\",\"inputs\":%d,\"frequencies\":%d,"
            + "\"width\":%d}")
        .formatted(inputs, frequencies, width);
  }

  private static String vector(int length, boolean indicator) {
    return ("{\"type\":\"vector\",\"name\":\"v\",\"length\":%d,\"log\":false,\"indicator\":%s,"
            + "\"transforms\":[{\"type\":\"affine\",\"center\":0,\"scale\":1}]}")
        .formatted(length, indicator);
  }

  private static String offset(String name, String scale) {
    return "\"offset\":{\"name\":" + name + ",\"scale\":" + scale + "},\"provenance\"";
  }

  private static Arguments row(String name, String json, String words) {
    return Arguments.of(name, json, words);
  }
}
