package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged model is refused with a message or is the same model; nothing else ever happens. */
class DamagedModelTest {
  private final MemoryStorage storage = new MemoryStorage();

  @BeforeEach
  void write() throws IOException {
    ModelFiles.write(storage, "m", TinyModel.classes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.json", "theta.safetensors", "SHA256SUMS"})
  void anyFlippedByteIsRefusedOrHarmless(String name) {
    String path = "m/" + name;
    byte[] whole = storage.files.get(path);
    double[] expected = TinyModel.predictions(TinyModel.classes());
    for (int i = 0; i < whole.length; i++) {
      for (int mask : new int[] {1, 0x20, 0xFF}) {
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) mask;
        storage.files.put(path, damaged);
        Model read = readOrRefused(name + " byte " + i + " ^ " + mask, true);
        if (read != null) {
          assertArrayEquals(expected, TinyModel.predictions(read), name + " byte " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.json", "theta.safetensors", "SHA256SUMS"})
  void anyTruncationIsRefusedOrHarmless(String name) {
    String path = "m/" + name;
    byte[] whole = storage.files.get(path);
    double[] expected = TinyModel.predictions(TinyModel.classes());
    for (int length = 0; length < whole.length; length++) {
      storage.files.put(path, Arrays.copyOf(whole, length));
      Model read = readOrRefused(name + " cut to " + length, true);
      if (read != null) {
        assertArrayEquals(expected, TinyModel.predictions(read), name + " cut to " + length);
      }
    }
  }

  /** Behind right digests anything may stand: the parsers must refuse it or read a model. */
  @ParameterizedTest
  @ValueSource(strings = {"model.json", "theta.safetensors"})
  void signedNonsenseIsRefusedOrAModel(String name) {
    String path = "m/" + name;
    byte[] whole = storage.files.get(path);
    List<UnaryOperator<byte[]>> changes = new ArrayList<>();
    for (int i = 0; i < whole.length; i++) {
      int at = i;
      for (char c : new char[] {'9', '-', '0', '"', '}', ' ', 0, 0xFF}) {
        changes.add(
            bytes -> {
              bytes[at] = (byte) c;
              return bytes;
            });
      }
      if (i % 5 == 0) {
        changes.add(bytes -> Arrays.copyOf(bytes, at));
      }
    }
    changes.add(bytes -> Arrays.copyOf(bytes, bytes.length + 1));
    for (int i = 0; i < changes.size(); i++) {
      storage.files.put(path, changes.get(i).apply(whole.clone()));
      Resigned.sign(storage, "m");
      Model read = readOrRefused(name + " change " + i, false);
      if (read != null) {
        assertTrue(predicts(read), "change " + i);
      }
    }
  }

  @Test
  void theWholeModelIsNotRefused() {
    assertArrayEquals(TinyModel.classes().theta(), readOrRefused("whole", true).theta());
  }

  /** Null when refused. */
  private Model readOrRefused(String what, boolean named) {
    try {
      return ModelFiles.read(storage, "m");
    } catch (InvalidInput refused) {
      assertTrue(!named || refused.getMessage().startsWith("m/"), refused.getMessage());
      return null;
    } catch (IOException | RuntimeException e) {
      return fail(what + ": refused by " + e, e);
    }
  }

  private static boolean predicts(Model model) {
    try {
      return TinyModel.predictions(model).length > 0;
    } catch (InvalidInput refused) {
      return true;
    }
  }
}
