package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.ParameterLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written reads back to the same model; what breaks a rule of the format is refused. */
class ModelFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JSON_FILE = "m/model.json";
  private static final String THETA_FILE = "m/theta.safetensors";

  private final MemoryStorage storage = new MemoryStorage();

  @BeforeEach
  void write() throws IOException {
    ModelFiles.write(storage, "m", TinyModel.classes());
  }

  @Test
  void everyModelReadsBackTheSame() throws IOException {
    for (Model model :
        List.of(
            TinyModel.classes(), TinyModel.quantity(), TinyModel.twoClasses(), TinyModel.heads())) {
      MemoryStorage files = new MemoryStorage();
      ModelFiles.write(files, "m", model);
      Model read = ModelFiles.read(files, "m");
      assertEquals(model.network(), read.network());
      assertEquals(model.encoder(), read.encoder());
      assertEquals(model.loss(), read.loss());
      assertEquals(model.predictions(), read.predictions());
      assertEquals(model.provenance(), read.provenance());
      assertArrayEquals(model.theta(), read.theta());
      assertArrayEquals(TinyModel.predictions(model), TinyModel.predictions(read));
      ModelFiles.write(files, "again", read);
      for (String name : files.list("m")) {
        assertArrayEquals(files.read("m/" + name), files.read("again/" + name), name);
      }
    }
  }

  @Test
  void theLocalDiskHoldsTheSameBytes(@TempDir Path folder) throws IOException {
    String model = folder.resolve("deep/model").toString();
    ModelFiles.write(new LocalStorage(), model, TinyModel.classes());
    for (String name : storage.list("m")) {
      assertArrayEquals(storage.read("m/" + name), Files.readAllBytes(Path.of(model, name)));
    }
    assertEquals(List.of("model"), new LocalStorage().list(folder.resolve("deep").toString()));
    assertArrayEquals(
        TinyModel.classes().theta(), ModelFiles.read(new LocalStorage(), model).theta());
  }

  @Test
  void aRunsFolderWillDo() throws IOException {
    storage.rename("m", "run/model");
    assertArrayEquals(TinyModel.classes().theta(), ModelFiles.read(storage, "run/").theta());
  }

  @Test
  void aModelIsNeverOverwrittenAndWhatWasLeftAsideIs() throws IOException {
    assertThrows(IOException.class, () -> ModelFiles.write(storage, "m", TinyModel.quantity()));
    storage.write("n/model.json", new byte[3]); // Of a writer that did not get to the end.
    storage.write("n/notes.txt", new byte[5]);
    ModelFiles.write(storage, "n", TinyModel.classes());
    List<String> names = new ArrayList<>(storage.list("n"));
    assertTrue(names.remove("notes.txt"), "what others have put there stays");
    assertEquals(storage.list("m"), names);
    assertEquals(5, storage.read("n/notes.txt").length);
  }

  @Test
  void everyFileMustBeThere() {
    for (String name : storage.list("m")) {
      byte[] bytes = storage.files.remove("m/" + name);
      String message = refusal();
      assertTrue(message.contains(name), message);
      storage.files.put("m/" + name, bytes);
    }
  }

  /** The format by hand: little-endian length, padded JSON, then floats without gaps. */
  @Test
  void safetensorsAreReadableByHand() throws IOException {
    Model model = TinyModel.classes();
    byte[] file = storage.read(THETA_FILE);
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = Math.toIntExact(buffer.getLong());
    assertEquals(0, length % 8);
    JsonNode header = JSON.readTree(new String(file, 8, length, StandardCharsets.UTF_8));
    int end = 0;
    for (ParameterLayout.Placed placed : model.network().layout().slots()) {
      JsonNode tensor = header.get(placed.name());
      assertEquals("F32", tensor.get("dtype").textValue());
      long size = 1;
      for (JsonNode dimension : tensor.get("shape")) {
        size *= dimension.longValue();
      }
      assertEquals(placed.slot().size(), size);
      assertEquals(end, tensor.get("data_offsets").get(0).intValue());
      end += (int) (4 * size);
      assertEquals(end, tensor.get("data_offsets").get(1).intValue());
      for (int i = placed.offset(); i < placed.end(); i++) {
        assertEquals(model.theta()[i], buffer.getFloat(8 + length + 4 * i));
      }
    }
    assertEquals(file.length, 8 + length + end);
    assertEquals("[4]", header.get("hidden1.bias").get("shape").toString());
    assertEquals("[3,4]", header.get("head.weight").get("shape").toString());
    assertEquals(model.network().layout().slots().size(), header.size());
  }

  @Test
  void newerFormatsAreRefused() {
    editJson(root -> root.put("format_version", 2));
    assertRefused("format_version", "2");
  }

  @Test
  void unknownKeysAreRefusedAtEveryDepth() {
    editJson(root -> root.put("surprise", 1));
    assertRefused("model.json: surprise");
    restore();
    editJson(root -> ((ObjectNode) root.at("/features/0/transform")).put("extra", 1));
    assertRefused("features[0].transform.extra");
    restore();
    editJson(root -> ((ObjectNode) root.at("/network/layers/2")).put("extra", 1));
    assertRefused("network.layers[2].extra");
  }

  @Test
  void missingKeysAndWrongTypesAreRefused() {
    editJson(root -> root.remove("loss"));
    assertRefused("model.json: loss");
    restore();
    editJson(root -> ((ObjectNode) root.get("network")).put("numeric", "seven"));
    assertRefused("network.numeric", "seven");
    restore();
    editJson(root -> ((ObjectNode) root.at("/features/0/transform")).put("scale", 0));
    assertRefused("scale=0.0");
    restore();
    editJson(root -> root.put("loss", "hingee"));
    assertRefused("loss", "hingee");
    restore();
    editJson(root -> root.put("loss", "squared_error"));
    assertRefused("outputs=3");
  }

  @Test
  void headsStandInPlaceOfLabelAndLoss() throws IOException {
    JsonNode one = JSON.readTree(storage.read(JSON_FILE));
    assertTrue(one.has("label") && one.has("loss") && !one.has("heads"), one.toString());
    ModelFiles.write(storage, "heads", TinyModel.heads());
    JsonNode several = JSON.readTree(storage.read("heads/model.json"));
    assertFalse(several.has("label") || several.has("loss"), several.toString());
    assertEquals("poisson", several.at("/heads/1/loss").textValue());
    assertEquals("n", several.at("/heads/1/label/name").textValue());
    assertFalse(several.get("heads").get(1).has("class_weights"));
    storage.delete("m");
    storage.rename("heads", "m");
    editJson(root -> ((ObjectNode) root.at("/heads/0")).put("extra", 1));
    assertRefused("heads[0].extra");
    editJson(root -> ((ObjectNode) root.at("/heads/0")).remove("extra"));
    editJson(root -> ((ObjectNode) root.at("/heads/0")).put("weight", -1));
    assertRefused("weight", "-1");
    editJson(root -> ((ObjectNode) root.at("/heads/0")).put("weight", 1));
    editJson(root -> ((ArrayNode) root.at("/heads/0/label/values")).add("11"));
    assertRefused("class weights must be one a class");
    editJson(root -> ((ObjectNode) root.at("/heads/0")).remove("class_weights"));
    assertRefused("8 logits a row", "outputs=7");
    editJson(root -> ((ArrayNode) root.get("heads")).remove(0));
    assertRefused("4 logits a row", "outputs=7");
    editJson(root -> root.putObject("offset").put("name", "o").put("scale", 1));
    editJson(root -> ((ObjectNode) root.at("/network/layers/3")).put("outputs", 4));
    assertRefused("theta.safetensors: head.weight must have shape [4, 4]");
  }

  @Test
  void keysThatComeTwiceAreRefused() {
    edit(JSON_FILE, json -> json.replaceFirst("\\{", "{\"loss\": \"squared_error\","));
    assertRefused("model.json", "loss");
  }

  @Test
  void wrongShapesAreRefused() {
    edit(THETA_FILE, file -> file.replace("\"shape\":[3,4]", "\"shape\":[4,3]"));
    assertRefused(
        "theta.safetensors: head.weight must have shape [3, 4], however: the file has [4, 3]");
  }

  @Test
  void wrongTypesOfTensorsAreRefused() {
    edit(THETA_FILE, file -> file.replaceFirst("F32", "I32"));
    assertRefused("theta.safetensors", "F32");
  }

  @Test
  void unknownTensorsAreRefused() {
    edit(THETA_FILE, file -> file.replace("\"head.bias\"", "\"head.bios\""));
    assertRefused("theta.safetensors", "head.bias");
  }

  @Test
  void nonFiniteParametersAreRefusedByName() throws IOException {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      byte[] file = storage.read(THETA_FILE);
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 4, bad);
      storage.write(THETA_FILE, file);
      Resigned.sign(storage, "m");
      assertRefused("theta.safetensors: head.bias[2] must be finite");
    }
  }

  /** A zone decides what a timestamp is: one that nobody knows is no model's. */
  @Test
  void zonesAreChecked() {
    for (String key : List.of("time_zone", "timezone")) {
      editJson(
          root -> {
            ObjectNode table = root.putObject("table").put("time_zone", "UTC");
            table.putObject("types");
            table.putObject("derive");
            ObjectNode options = table.putObject("options").put("timezone", "Europe/Berlin");
            (key.equals("timezone") ? options : table).put(key, "Mars/Base");
          });
      assertRefused(key + " must be a time zone, however: Mars/Base");
      restore();
    }
  }

  private void restore() {
    storage.delete("m");
    try {
      write();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void editJson(Consumer<ObjectNode> change) {
    edit(
        JSON_FILE,
        json -> {
          try {
            ObjectNode root = (ObjectNode) JSON.readTree(json);
            change.accept(root);
            return root.toString();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Changes a file byte by character and signs the folder again. */
  private void edit(String path, UnaryOperator<String> change) {
    String before = new String(storage.files.get(path), StandardCharsets.ISO_8859_1);
    String after = change.apply(before);
    assertTrue(!after.equals(before), "nothing was changed");
    storage.files.put(path, after.getBytes(StandardCharsets.ISO_8859_1));
    Resigned.sign(storage, "m");
  }

  private void assertRefused(String... parts) {
    String message = refusal();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> part + " is not in: " + message);
    }
  }

  private String refusal() {
    return assertThrows(InvalidInput.class, () -> ModelFiles.read(storage, "m")).getMessage();
  }
}
