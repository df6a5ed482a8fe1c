package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.ParameterLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The known attacks on the format: each refused in one line, soon, and with little memory. */
class SafetensorsAttackTest {
  private static final ParameterLayout LAYOUT = TinyModel.quantity().network().layout();
  private static final String WEIGHT =
      "\"head.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}";
  private static final String BIAS =
      "\"head.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}";
  private static final String EMPTY =
      "\"empty\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
  private static final String GOOD = "{" + WEIGHT + "," + BIAS + "}";
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<Arguments> attacks() {
    return Stream.of(
        shape("[4294967296,4294967296]", "must have fewer than 2^63 bytes"),
        shape("[9223372036854775807]", "must have fewer than 2^63 bytes"),
        shape("[4611686018427387904]", "must have fewer than 2^63 bytes"),
        shape("[2147483648,2147483648,0]", "must have fewer than 2^63 bytes"),
        shape("[9223372036854775808]", "must be a whole number of 64 bits"),
        shape("[1e300]", "must be a whole number of 64 bits"),
        shape("[1.0]", "must be a whole number of 64 bits"),
        shape("[1e999]", "must be a whole number of 64 bits"),
        shape("[\"1\"]", "must be a whole number of 64 bits"),
        shape("[NaN]", "is no JSON"),
        shape("[-1]", "none of them negative"),
        shape("[-1,-1]", "none of them negative"),
        shape("[1000000000]", "must hold shape"),
        shape("[2]", "must hold shape"),
        shape("[0]", "must hold shape"),
        shape("[1,1,1,1,1,1,1,-1]", "[1, 1, 1, 1, 1, 1, 1, -1]"),
        shape(
            "[1,1,1,1,1,1,1,1,1]",
            "at most 8 dimensions, none of them negative, however: 9 numbers"),
        shape("[1,1,1,1,1,1,1,1]", "head.bias must have shape"),
        shape("1", "must be a list"),
        shape("null", "must be a list"),
        shape("[" + "1,".repeat(100_000) + "1]", "at most 8 dimensions"),
        shape("[" + "9".repeat(200) + "]", "is no JSON"),
        range("[8,4]", "must be [from, to]"),
        range("[-4,0]", "must be [from, to]"),
        range("[8,5]", "however: [8, 5]"),
        range("[4]", "must be [from, to]"),
        range("[4,8,8]", "must be [from, to]"),
        range("[]", "must be [from, to]"),
        range("[0,4]", "one after another"),
        range("[2,6]", "one after another"),
        range("[8,12]", "one after another"),
        range("[4294967300,4294967304]", "one after another"),
        range("[9223372036854775800,9223372036854775804]", "one after another"),
        range("[4,9223372036854775807]", "must hold shape"),
        header("a tensor beside the others", GOOD, 7, "must fill the file"),
        header("trailing bytes", GOOD, 9, "must fill the file"),
        header("no data", GOOD, 0, "must fill the file"),
        header("a missing tensor", "{" + WEIGHT + "}", 4, "head.bias must be there"),
        header(
            "an empty tensor at the start of another",
            "{" + WEIGHT + "," + EMPTY + "," + BIAS + "}",
            8,
            "unknown tensor empty"),
        header("no tensor", "{}", 0, "head.weight must be there"),
        header("a tensor twice", "{" + WEIGHT + "," + BIAS + "," + BIAS + "}", 8, "Duplicate"),
        header(
            "a key twice",
            GOOD.replace("\"dtype\":", "\"dtype\":\"F64\",\"dtype\":"),
            8,
            "Duplicate"),
        header("a key too many", GOOD.replace("\"dtype\":", "\"x\":1,\"dtype\":"), 8, "unknown"),
        header("a key too few", GOOD.replace("\"dtype\":\"F32\",", ""), 8, "dtype must be there"),
        header("a type that is none", GOOD.replace("F32", "F33"), 8, "must be F32 or F64"),
        header("a type of bits", GOOD.replace("\"F32\"", "32"), 8, "must be a text"),
        header(
            "another type",
            GOOD.replace("F32", "F64").replace("[0,4]", "[0,8]").replace("[4,8]", "[8,16]"),
            16,
            "must be F32"),
        header("a tensor that is a list", "{\"a\":[]}", 0, "must be an object"),
        header("a list", "[]", 0, "must be an object"),
        header("nothing", "  ", 0, "must be an object"),
        header("a byte order mark", "\uFEFF" + GOOD, 8, "is no JSON"),
        header("a second value", GOOD + "{}", 8, "is no JSON"),
        header("half a header", GOOD.substring(0, 50), 8, "is no JSON"),
        header("metadata that are no texts", "{\"__metadata__\":{\"a\":1}}", 0, "must be a text"),
        header("metadata that are none", "{\"__metadata__\":1}", 0, "must be an object"),
        header("deep lists", "{\"a\":" + "[".repeat(1_000_000), 0, "nesting depth"),
        header("deep objects", "{\"a\":".repeat(1_000_000), 0, "nesting depth"),
        header("deep metadata", "{\"__metadata__\":" + "{\"a\":".repeat(99), 0, "nesting depth"),
        header("a million values", "{\"a\":[" + "0,".repeat(1 << 20) + "0]}", 0, "an object"),
        header("a long name", named("x".repeat(40_000)), 12, "unknown tensor xxx"),
        header("a longer name", named("x".repeat(400_000)), 12, "is no JSON"),
        header("a name that climbs", named("../../etc/passwd"), 12, "unknown tensor ../"),
        header("a name from the root", named("/etc/passwd"), 12, "unknown tensor /etc"),
        header("a name with NUL", named("\\u0000"), 12, "unknown tensor \\u0000"),
        header("a name of two lines", named("a\\nerror: b"), 12, "unknown tensor a\\u000aerror"),
        header("a name that clears", named("\\u001b[2J"), 12, "unknown tensor \\u001b[2J"),
        header("half a character", named("\\ud800"), 12, "half a character in \"\\ud800\""),
        utf8("a lone byte", 0xff),
        utf8("an overlong slash", 0xc0, 0xaf),
        utf8("half a character's bytes", 0xed, 0xa0, 0x80),
        utf8("beyond Unicode", 0xf4, 0x90, 0x80, 0x80),
        utf8("an end too soon", 0xe2, 0x82),
        length("2^63", Long.MIN_VALUE, "header=9223372036854775808 bytes"),
        length("-1", -1, "header=18446744073709551615 bytes"),
        length("100 MB and 1", 100_000_001, "header=100000001 bytes"),
        length("2^32 and 2", (1L << 32) + 2, "header=4294967298 bytes"),
        length("one too long", GOOD.length() + 9, "header must lie inside the file"),
        length("0", 0, "header must lie inside the file"),
        length("1", 1, "header must lie inside the file"),
        length("shorter than it is", 3, "is no JSON"),
        row("an empty file", new byte[0], "header=no bytes, file=0 bytes"),
        row("7 bytes", new byte[7], "header=no bytes, file=7 bytes"),
        row("8 bytes", new byte[8], "header=0 bytes, file=8 bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void isRefused(String name, byte[] file, String words) {
    String message =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () ->
                assertThrows(
                        InvalidInput.class, () -> Safetensors.read("m/t.safetensors", file, LAYOUT))
                    .getMessage());
    assertTrue(message.startsWith("m/t.safetensors"), message);
    assertTrue(message.contains(words), message);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.codePoints().noneMatch(Character::isISOControl), message);
    assertTrue(message.length() < 50_000, "length " + message.length());
  }

  /** What a small file claims is compared with its length before anything is made. */
  @Test
  void aSmallFileTakesLittleMemory() {
    attacks()
        .filter(attack -> ((byte[]) attack.get()[1]).length < 400)
        .forEach(
            attack -> {
              byte[] file = (byte[]) attack.get()[1];
              refuse(file);
              long before = THREADS.getCurrentThreadAllocatedBytes();
              refuse(file);
              long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
              assertTrue(bytes < 1 << 20, () -> attack.get()[0] + " took " + bytes + " bytes");
            });
  }

  /** The rows above differ from a file that is read by what they say, and by nothing else. */
  @Test
  void theFileWithoutAnAttackIsRead() {
    assertEquals(2, Safetensors.read("f", Shaped.file(GOOD, 8), LAYOUT).length);
    String turned = "{" + BIAS + "," + WEIGHT + "}";
    assertEquals(2, Safetensors.read("f", Shaped.file(turned, 8), LAYOUT).length);
  }

  private static void refuse(byte[] file) {
    assertThrows(InvalidInput.class, () -> Safetensors.read("f", file, LAYOUT));
  }

  private static String named(String name) {
    return GOOD.replace("}}", "},\"" + name + "\":")
        + "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
  }

  private static Arguments shape(String shape, String words) {
    return header(
        "shape " + shape.substring(0, Math.min(shape.length(), 40)),
        GOOD.replace("[1]", shape),
        8,
        words);
  }

  private static Arguments range(String range, String words) {
    return header("range " + range, GOOD.replace("[4,8]", range), 8, words);
  }

  private static Arguments header(String name, String header, int data, String words) {
    return row(name, Shaped.file(header, data), words);
  }

  private static Arguments length(String name, long length, String words) {
    byte[] json = GOOD.getBytes(StandardCharsets.UTF_8);
    return row("length " + name, Shaped.file(length, json, 8), words);
  }

  private static Arguments utf8(String name, int... bytes) {
    byte[] json = ("{\"" + "@".repeat(bytes.length) + "\":1}").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      json[2 + i] = (byte) bytes[i];
    }
    return row("UTF-8: " + name, Shaped.file(json.length, json, 0), "must be UTF-8");
  }

  private static Arguments row(String name, byte[] file, String words) {
    return Arguments.of(name, file, words);
  }
}
