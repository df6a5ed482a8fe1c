package io.lakeprop.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** The golden vectors that PyTorch made: each case of a family as a test named after it. */
public final class Golden {
  /** How near float32 must come, relative to the largest value of the array. */
  public static final double NEAR = 1e-4;

  private static final double NOTHING = 1e-6;

  private Golden() {}

  /** The cases of a family in the order of the file. */
  public static List<JsonNode> cases(String family) {
    Path file = Path.of(System.getProperty("golden.dir", "src/test/resources/golden"));
    try {
      JsonNode root = new ObjectMapper().readTree(file.resolve(family + ".json").toFile());
      return StreamSupport.stream(root.get("cases").spliterator(), false).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A test a case. A case without a check must be on the list of what is not there yet, and a case
   * with a check must not be.
   *
   * @param checkOf what the case must fulfil; null when the project hasn't got the piece
   */
  public static Stream<DynamicTest> tests(
      String family, Set<String> notYet, Function<JsonNode, Executable> checkOf) {
    Stream<DynamicTest> tests =
        cases(family).stream()
            .map(c -> DynamicTest.dynamicTest(name(c), () -> run(c, notYet, checkOf.apply(c))));
    DynamicTest list =
        DynamicTest.dynamicTest(
            "the list of what is missing names cases", () -> known(family, notYet));
    return Stream.concat(tests, Stream.of(list));
  }

  private static void run(JsonNode c, Set<String> notYet, Executable check) throws Throwable {
    if (check == null) {
      assertTrue(notYet.contains(name(c)), "neither covered nor listed as not there yet");
      Assumptions.abort("not there yet");
    }
    assertFalse(notYet.contains(name(c)), "covered now: take it off the list of what is missing");
    check.execute();
  }

  private static void known(String family, Set<String> notYet) {
    Set<String> unknown = new TreeSet<>(notYet);
    cases(family).forEach(c -> unknown.remove(name(c)));
    assertEquals(Set.of(), unknown);
  }

  /** The name of a case. */
  public static String name(JsonNode c) {
    return c.get("name").textValue();
  }

  /** The numbers of a nested list, row by row. */
  public static double[] numbers(JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    collect(node, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(JsonNode node, List<Double> numbers) {
    if (node.isNumber()) {
      numbers.add(node.doubleValue());
    } else if (node.isArray()) {
      node.forEach(element -> collect(element, numbers));
    } else {
      fail("no number and no list: " + node);
    }
  }

  /** The same as float32. */
  public static float[] floats(JsonNode node) {
    return floats(numbers(node));
  }

  /** Rounded to float32. */
  public static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  /** Compares with a tolerance relative to the largest expected value. */
  public static void assertNear(String what, double[] expected, float[] actual, double tolerance) {
    assertEquals(expected.length, actual.length, what + ": length");
    double largest = Math.max(NOTHING, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      assertEquals(expected[i], actual[i], tolerance * largest, () -> "%s[%d]".formatted(what, at));
    }
  }
}
