package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.golden.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Law 7: models of every format version still load and predict what they predicted. */
class OldModelTest {
  private static final Path MODELS = Path.of("src/test/resources/models");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** rows.json: rows, and what predictions.py made of the files in double precision. */
  @TestFactory
  Stream<DynamicTest> everyVersionPredictsTheSame() {
    return IntStream.rangeClosed(1, ModelJson.FORMAT_VERSION)
        .mapToObj(v -> DynamicTest.dynamicTest("v" + v, () -> predictsTheSame("v" + v)));
  }

  private static void predictsTheSame(String version) throws IOException {
    Model model = read(version);
    JsonNode rows = JSON.readTree(MODELS.resolve(version).resolve("rows.json").toFile());
    assertTrue(rows.size() > 3);
    for (JsonNode row : rows) {
      Map<String, Object> values =
          JSON.convertValue(row.get("values"), new TypeReference<Map<String, Object>>() {});
      assertArrayEquals(
          Golden.numbers(row.get("predictions")),
          model.predictor().predict(values),
          1e-6,
          values.toString());
    }
  }

  @Test
  void theFirstVersionHasEveryPart() throws IOException {
    Model model = read("v1");
    assertEquals(TinyModel.encoder(), model.encoder());
    assertEquals(TinyModel.classes().network(), model.network());
    assertEquals(TinyModel.PROVENANCE, model.provenance());
  }

  private static Model read(String version) throws IOException {
    return ModelFiles.read(new LocalStorage(), MODELS.resolve(version).toString());
  }
}
