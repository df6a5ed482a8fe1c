package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Snapshot;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no snapshot of such a training is refused by the name of what is wrong. */
class SnapshotsTest {
  private static final int PARAMETERS = 3;

  private static Snapshot good() {
    TrainerState state = new TrainerState(new float[PARAMETERS]);
    state.keepCopy();
    state.average = new float[PARAMETERS];
    return Snapshots.of(state);
  }

  static Stream<Arguments> missing() {
    Snapshot good = good();
    return Stream.concat(
            good.numbers().keySet().stream().map(name -> "number " + name),
            Stream.of("vector theta"))
        .map(name -> Arguments.of(name, name + " must be there, however: it is missing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("missing")
  void nothingMayBeMissing(String name, String words) {
    SortedMap<String, Double> numbers = new TreeMap<>(good().numbers());
    SortedMap<String, float[]> vectors = new TreeMap<>(good().vectors());
    numbers.remove(name.replace("number ", ""));
    vectors.remove(name.replace("vector ", ""));
    assertEquals("w: " + words, refusal(numbers, vectors));
  }

  static Stream<Arguments> counts() {
    return good().numbers().keySet().stream()
        .filter(name -> !name.matches("best_score|rate_factor|plateau\\.(factor|best)"))
        .flatMap(
            name -> {
              boolean small = name.matches("evaluations_.*|left_out_in.*|retries|plateau\\.bad");
              double tooLarge = small ? 2147483648.0 : 9007199254740994.0;
              return Stream.of(0.5, -1.0, tooLarge, 1e300, Double.NaN, Double.POSITIVE_INFINITY)
                  .map(value -> Arguments.of(name, value));
            });
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("counts")
  void countsAreCounts(String name, double value) {
    SortedMap<String, Double> numbers = new TreeMap<>(good().numbers());
    numbers.put(name, value);
    assertEquals(
        "w: number %s must be a count, however: %s".formatted(name, value),
        refusal(numbers, good().vectors()));
  }

  static Stream<Arguments> vectors() {
    return Stream.of(
        Arguments.of("theta", 2, "vector theta must have 3 numbers, however: it has 2"),
        Arguments.of("theta", 0, "vector theta must have 3 numbers, however: it has 0"),
        Arguments.of("average", 4, "vector average must have 3 numbers, however: it has 4"),
        Arguments.of("memory.m", 4, "vector memory.m must have 3 numbers, however: it has 4"),
        Arguments.of("copy.theta", 4, "vector copy.theta must have 3 numbers, however: it has 4"),
        Arguments.of("copy.memory.m", 1, "vector copy.memory.m must have 3 numbers, however: it"),
        Arguments.of("best", 3, "unknown name best"),
        Arguments.of("thetas", 3, "unknown name thetas"),
        Arguments.of("memories", 3, "unknown name memories"));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource("vectors")
  void vectorsAreThoseOfTheTraining(String name, int length, String words) {
    SortedMap<String, float[]> vectors = new TreeMap<>(good().vectors());
    vectors.put(name, new float[length]);
    String message = refusal(good().numbers(), vectors);
    assertEquals(
        "w: " + words, message.substring(0, Math.min(message.length(), 3 + words.length())));
  }

  @Test
  void unknownNumbersAreRefused() {
    SortedMap<String, Double> numbers = new TreeMap<>(good().numbers());
    numbers.put("rounds", 1.0);
    assertEquals("w: unknown name rounds", refusal(numbers, good().vectors()));
  }

  /** Numbers of a copy without its theta belong to nothing. */
  @Test
  void halfACopyIsRefused() {
    SortedMap<String, float[]> vectors = new TreeMap<>(good().vectors());
    vectors.remove("copy.theta");
    assertEquals("w: unknown name copy.averaged", refusal(good().numbers(), vectors));
  }

  @Test
  void theSnapshotWithoutAChangeIsRead() {
    assertNotNull(Snapshots.state("w", good(), null, PARAMETERS));
  }

  private static String refusal(
      SortedMap<String, Double> numbers, SortedMap<String, float[]> vectors) {
    return assertThrows(
            InvalidInput.class,
            () -> Snapshots.state("w", new Snapshot(numbers, vectors), null, PARAMETERS))
        .getMessage();
  }
}
