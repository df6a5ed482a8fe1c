package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.base.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;

/** Any bytes as SHA256SUMS: a digest for each expected name and no other, or a refusal. */
public final class Sha256SumsFuzz {
  private static final Set<String> NAMES = Set.of("a", "b");

  private Sha256SumsFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    try {
      assertEquals(NAMES, Sha256Sums.read("f", file, NAMES).digests().keySet());
    } catch (InvalidInput refused) {
      assertEquals(1, refused.getMessage().lines().count());
    }
  }

  /** What the fuzzer begins with. */
  public static Stream<byte[]> seeds() {
    return Sha256SumsTest.attacks()
        .map(attack -> ((String) attack.get()[1]).getBytes(StandardCharsets.UTF_8));
  }
}
