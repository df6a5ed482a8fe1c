package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** In every object of model.json and of the header: no key more, and none less but the optional. */
class StrictKeysTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Those with a question mark on the package's page, and what stands for one label or several. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "range",
          "class_weights",
          "offset",
          "offset_factor",
          "unit",
          "missing",
          "rare",
          "smallest",
          "largest",
          "calendar");

  private final Random random = new Random(4);

  @Test
  void aKeyMoreIsRefusedByItsPlace() throws IOException {
    Set<String> places = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      JsonNode root = json(new RandomModel(random).model());
      for (ObjectNode object : objects(root)) {
        object.put("surplus", 1);
        String message = assertThrows(InvalidInput.class, () -> read(root)).getMessage();
        assertTrue(message.endsWith("surplus: unknown key"), message);
        places.add(message.replaceAll("\\[\\d+]", "[]").replaceAll("m: *", ""));
        object.remove("surplus");
      }
    }
    // network, category, layer, feature, transform, transforms, label, loss, offset, heads, ...
    assertTrue(places.size() >= 14, places.toString());
  }

  @Test
  void aKeyLessIsRefusedByItsName() throws IOException {
    Set<String> taken = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      JsonNode root = json(new RandomModel(random).model());
      for (ObjectNode object : objects(root)) {
        for (String key : keys(object)) {
          JsonNode value = object.remove(key);
          try {
            read(root);
            taken.add(key);
          } catch (InvalidInput refused) {
            // Without heads, a file is one of a single label.
            String name = key.equals("heads") ? "label" : key;
            assertTrue(refused.getMessage().contains(name), key + ": " + refused.getMessage());
          }
          object.set(key, value);
        }
      }
    }
    taken.removeAll(OPTIONAL);
    assertEquals(Set.of(), taken);
  }

  /** The parts alone: whether they fit together is the model's to say. */
  private static void read(JsonNode root) {
    ModelJson.read(new JsonObject("m:", root));
  }

  private static JsonNode json(Model model) throws IOException {
    return JSON.readTree(ModelJson.write(model).toString());
  }

  private static List<String> keys(ObjectNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static List<ObjectNode> objects(JsonNode node) {
    List<ObjectNode> objects = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      objects.add(object);
    }
    node.forEach(child -> objects.addAll(objects(child)));
    return objects;
  }
}
