package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Vectors come back bit for bit, and what other tools write is read. */
class SafetensorsTest {
  @Test
  void everyBitOfAVectorComesBack() {
    int[] bits = {
      0, 0x80000000, 1, 0x7f800000, 0xff800000, 0x7fc00000, 0x7fc12345, 0x7f800001, 0xffa0beef
    };
    float[] odd = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      odd[i] = Float.intBitsToFloat(bits[i]);
    }
    float[] many = new float[1000];
    many[999] = Float.intBitsToFloat(0x7f800001);
    SortedMap<String, float[]> vectors =
        new TreeMap<>(Map.of("odd", odd, "many", many, "none", new float[0], "größe/\"x\"", odd));
    byte[] file = Safetensors.write(vectors);
    Map<String, float[]> read = Safetensors.read("f", file);
    assertEquals(new ArrayList<>(vectors.keySet()), new ArrayList<>(read.keySet()));
    vectors.forEach((name, vector) -> assertArrayEquals(bits(vector), bits(read.get(name)), name));
    assertArrayEquals(file, Safetensors.write(new TreeMap<>(read)));
  }

  @Test
  void noVectorAtAllIsAFileToo() {
    assertEquals(Map.of(), Safetensors.read("f", Safetensors.write(new TreeMap<>())));
  }

  @Test
  void aVectorMustNotBeNamedAsTheMetadataAre() {
    SortedMap<String, float[]> vectors = new TreeMap<>(Map.of("__metadata__", new float[1]));
    assertThrows(InvalidInput.class, () -> Safetensors.write(vectors));
  }

  @Test
  void theFirstVersionsFileIsWrittenTheSameToday() throws IOException {
    byte[] file = Files.readAllBytes(Path.of("src/test/resources/models/v1/theta.safetensors"));
    var layout = TinyModel.classes().network().layout();
    assertArrayEquals(file, Safetensors.write(layout, Safetensors.read("f", file, layout)));
  }

  @Test
  void headersOfOtherToolsAreRead() {
    byte[] file =
        Shaped.file(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"b\":{\"shape\":[1,2],\"dtype\":\"F64\",\"data_offsets\":[4,20]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}   ",
            20);
    SafetensorsHeader header = SafetensorsHeader.read("f", file);
    assertEquals(
        Map.of(
            "a", new SafetensorsHeader.Tensor("F32", List.of(), 0, 4),
            "b", new SafetensorsHeader.Tensor("F64", List.of(1L, 2L), 4, 20)),
        header.tensors());
    assertEquals(file.length - 20, header.dataStart());
    String message =
        assertThrows(InvalidInput.class, () -> Safetensors.read("f", file)).getMessage();
    assertTrue(message.startsWith("f: b must be one row of F32"), message);
  }

  @Test
  void namesAreTextsInAnyScript() {
    String name = "input.größe 🚢.weight";
    byte[] file = Safetensors.write(new TreeMap<>(Map.of(name, new float[] {1})));
    assertTrue(new String(file, StandardCharsets.UTF_8).contains(name));
    assertEquals(List.of(name), List.copyOf(Safetensors.read("f", file).keySet()));
  }

  private static int[] bits(float[] vector) {
    int[] bits = new int[vector.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(vector[i]);
    }
    return bits;
  }
}
