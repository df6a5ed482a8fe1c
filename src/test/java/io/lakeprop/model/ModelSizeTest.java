package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the writer counts is what the reader counts. */
class ModelSizeTest {
  private static final ModelSize LARGEST = ModelSize.LARGEST;

  private static List<ObjectNode> models() {
    List<ObjectNode> models = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 30; i++) {
      models.add(ModelJson.write(new RandomModel(random).model()));
    }
    models.add(ModelJson.write(TinyModel.heads()));
    // Characters of one to four bytes, and those that JSON writes otherwise.
    models.add(
        ModelJson.write(categories(List.of("a\"\\\n\u0001", "größe", "\u20ac", "\ud83d\ude00"))));
    return models;
  }

  private static Model categories(List<String> values) {
    return of(
        List.of(
            new Feature.Numeric("age", false, new NumberTransform.Affine(0, 1), false),
            new Feature.Categorical(
                "few", List.of("a", "b"), false, Feature.Rare.NONE, List.of(), 0),
            new Feature.Categorical("many", values, false, Feature.Rare.NONE, List.of(), 2)));
  }

  private static Model of(List<Feature> features) {
    FeatureEncoder encoder = new FeatureEncoder(features);
    Model other = TinyModel.quantity();
    Network network =
        Network.perceptron(Model.inputOf(encoder), List.of(), Nonlinearity.TANH, 0, 1);
    return new Model(
        encoder,
        other.labels().get(0),
        network,
        other.loss(),
        new float[network.layout().size()],
        TinyModel.PROVENANCE);
  }

  private static boolean isRead(String json, long mostTokens) {
    ObjectMapper reader =
        new ObjectMapper(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder().maxTokenCount(mostTokens).build())
                .build());
    try {
      reader.readTree(json);
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** The oracle is the parser itself, with one token less. */
  @Test
  void tokensAreThoseOfTheParser() throws IOException {
    for (ObjectNode model : models()) {
      long tokens = ModelSize.tokens(model);
      assertTrue(isRead(ModelSize.text(model), tokens));
      assertFalse(isRead(ModelSize.text(model), tokens - 1));
    }
  }

  @Test
  void bytesAreThoseOfTheFile() throws IOException {
    for (ObjectNode model : models()) {
      byte[] file = ModelSize.text(model).getBytes(StandardCharsets.UTF_8);
      assertEquals(file.length, ModelSize.bytes(model));
    }
  }

  @Test
  void theBoundTheColumnAndTheMendAreNamed() {
    List<String> values = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
    ObjectNode json = ModelJson.write(categories(values));
    LARGEST.check(json);
    int tokens = (int) ModelSize.tokens(json);
    int bytes = (int) ModelSize.bytes(json);
    new ModelSize(tokens, bytes, 20).check(json);
    refused(
        new ModelSize(tokens - 1, bytes, 20),
        json,
        "at most %,d values, names and brackets".formatted(tokens - 1),
        "however: %,d, of which column \"many\" has 1,01".formatted(tokens),
        "(a lower maximum_values or a higher minimum_count");
    refused(
        new ModelSize(tokens, bytes - 1, 20),
        json,
        "at most %,d bytes".formatted(bytes - 1),
        "however: %,d, of which column \"many\" has ".formatted(bytes));
    refused(
        new ModelSize(tokens, bytes, 15),
        json,
        "at most 15 characters in a text, or nobody could read it, however: 16, ");
    Feature wide =
        new Feature.Vector(
            "pixels",
            300,
            false,
            Collections.nCopies(
                300, new NumberTransform.Quantile(new double[] {1, 2}, new double[] {0, 1})),
            false);
    refused(
        new ModelSize(3000, bytes, 20),
        ModelJson.write(of(List.of(wide))),
        "column \"pixels\"",
        "(another scaling than quantile, or leave the column out with features.exclude)");
  }

  private static void refused(ModelSize largest, ObjectNode json, String... parts) {
    String message = assertThrows(InvalidInput.class, () -> largest.check(json)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  /** Past the reader's bound by a few values; the vector's transforms are one object. */
  @Test
  void aModelThatNobodyCouldReadIsNeverWritten() throws IOException {
    double[] knots = IntStream.range(0, 1000).mapToDouble(i -> i / 1000.0).toArray();
    NumberTransform quantile = new NumberTransform.Quantile(knots, knots);
    Feature vector =
        new Feature.Vector("v", 5_000, false, Collections.nCopies(5_000, quantile), false);
    Model model = of(List.of(vector));
    String message =
        assertThrows(InvalidInput.class, () -> ModelFiles.checkSize(model)).getMessage();
    assertTrue(message.contains("at most 10,000,000 values"), message);
    MemoryStorage storage = new MemoryStorage();
    assertThrows(InvalidInput.class, () -> ModelFiles.write(storage, "m", model));
    assertFalse(storage.exists("m"));
    // One that is a little smaller comes back.
    Model near =
        of(List.of(new Feature.Vector("v", 500, false, Collections.nCopies(500, quantile), false)));
    ModelFiles.write(storage, "m", near);
    assertArrayEquals(near.theta(), ModelFiles.read(storage, "m").theta());
  }
}
