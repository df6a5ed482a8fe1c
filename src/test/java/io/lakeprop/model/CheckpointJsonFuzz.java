package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.base.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Any bytes as state.json: a state that is written and read the same, or a refusal. */
public final class CheckpointJsonFuzz {
  private static final int LARGEST = 1 << 16;

  private CheckpointJsonFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    try {
      CheckpointJson.State state = CheckpointJson.read("f", file);
      if (state.vectors().values().stream().mapToLong(length -> length).sum() <= LARGEST) {
        String written = written(state);
        byte[] again = written.getBytes(StandardCharsets.UTF_8);
        assertEquals(written, written(CheckpointJson.read("f", again)));
      }
    } catch (InvalidInput refused) {
      assertEquals(1, refused.getMessage().lines().count());
    }
  }

  private static String written(CheckpointJson.State state) {
    Map<String, float[]> vectors = new TreeMap<>();
    state.vectors().forEach((name, length) -> vectors.put(name, new float[length]));
    return CheckpointJson.write(state.checkpoint(vectors, "")).toString();
  }

  /** What the fuzzer begins with. */
  public static Stream<byte[]> seeds() {
    return Stream.concat(
            Stream.of(TinyCheckpoint.of(1, -1), TinyCheckpoint.of(20, 15))
                .map(checkpoint -> CheckpointJson.write(checkpoint).toString()),
            CheckpointJsonAttackTest.attacks()
                .map(attack -> (String) attack.get()[1])
                .filter(json -> json.length() < LARGEST))
        .map(json -> json.getBytes(StandardCharsets.UTF_8));
  }
}
