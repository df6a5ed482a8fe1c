package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.ParameterLayout;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Any bytes as a safetensors file: vectors that are written and read the same, or a refusal. */
public final class SafetensorsFuzz {
  private static final ParameterLayout LAYOUT = TinyModel.classes().network().layout();

  private SafetensorsFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    try {
      Map<String, float[]> vectors = Safetensors.read("f", file);
      byte[] written = Safetensors.write(new TreeMap<>(vectors));
      Map<String, float[]> again = Safetensors.read("f", written);
      assertEquals(vectors.keySet(), again.keySet());
      assertArrayEquals(written, Safetensors.write(new TreeMap<>(again)));
    } catch (InvalidInput refused) {
      assertEquals(1, refused.getMessage().lines().count());
    }
    try {
      float[] theta = Safetensors.read("f", file, LAYOUT);
      assertEquals(LAYOUT.size(), theta.length);
      byte[] written = Safetensors.write(LAYOUT, theta);
      assertArrayEquals(theta, Safetensors.read("f", written, LAYOUT));
    } catch (InvalidInput refused) {
      assertEquals(1, refused.getMessage().lines().count());
    }
  }

  /** What the fuzzer begins with. */
  public static Stream<byte[]> seeds() {
    return Stream.concat(
        Stream.of(
            Safetensors.write(LAYOUT, TinyModel.classes().theta()),
            Safetensors.write(new TreeMap<>(Map.of("a", new float[] {1, 2}, "b", new float[1]))),
            Shaped.file("{\"__metadata__\":{\"a\":\"b\"}}", 0)),
        SafetensorsAttackTest.attacks().map(attack -> (byte[]) attack.get()[1]));
  }
}
