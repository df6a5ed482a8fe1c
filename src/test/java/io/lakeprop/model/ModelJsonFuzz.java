package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.base.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes as model.json: parts of a model that is written and read the same, or a refusal. */
public final class ModelJsonFuzz {
  /** Sizes may be any; a fuzzer's memory is not. */
  private static final int LARGEST = 1 << 16;

  private ModelJsonFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    try {
      Model model = model(file);
      if (model != null) {
        String written = ModelJson.write(model).toString();
        Model again = model(written.getBytes(StandardCharsets.UTF_8));
        assertEquals(written, ModelJson.write(again).toString());
        predict(model);
      }
    } catch (InvalidInput refused) {
      assertEquals(1, refused.getMessage().lines().count());
    }
  }

  private static void predict(Model model) {
    if (model.network().input().outputs() <= LARGEST) {
      TinyModel.predictions(model);
    }
  }

  /** With a theta of zeros; null when that would be large. */
  private static Model model(byte[] file) {
    ModelJson.Parts parts = ModelJson.read(StrictJson.read("f", file));
    int size = parts.network().layout().size();
    return size > LARGEST
        ? null
        : new Model(
            parts.encoder(),
            parts.labels(),
            parts.offset(),
            parts.network(),
            parts.loss(),
            new float[size],
            parts.provenance());
  }

  /** What the fuzzer begins with. */
  public static Stream<byte[]> seeds() {
    return Stream.concat(
            List.of(
                    TinyModel.classes(),
                    TinyModel.quantity(),
                    TinyModel.twoClasses(),
                    TinyModel.heads())
                .stream()
                .map(model -> ModelJson.write(model).toString()),
            ModelJsonAttackTest.attacks().map(attack -> (String) attack.get()[1]))
        .map(json -> json.getBytes(StandardCharsets.UTF_8));
  }
}
