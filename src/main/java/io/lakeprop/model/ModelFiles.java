package io.lakeprop.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model's folder, written and read; the format is on the package's page. */
public final class ModelFiles {
  private static final String JSON_FILE = "model.json";
  private static final String THETA_FILE = "theta.safetensors";
  private static final Set<String> SUMMED = Set.of(JSON_FILE, THETA_FILE);

  private ModelFiles() {}

  /**
   * Refuses a model that is too large to be read again, as {@link #write} does.
   *
   * @throws InvalidInput naming the column that has most of it
   */
  public static void checkSize(Model model) {
    ModelSize.LARGEST.check(ModelJson.write(model));
  }

  /** Writes the folder, in the place of what an interrupted writer has left, never of a model. */
  public static void write(Storage storage, String folder, Model model) throws IOException {
    if (SummedFolder.isThere(storage, folder)) {
      throw new IOException(folder + " is already there");
    }
    Map<String, Storage.Content> files = new LinkedHashMap<>();
    ObjectNode json = ModelJson.write(model);
    ModelSize.LARGEST.check(json);
    String text = ModelSize.text(json);
    byte[] theta = Safetensors.write(model.network().layout(), model.theta());
    files.put(JSON_FILE, SummedFolder.text(text));
    files.put(THETA_FILE, out -> out.write(theta));
    SummedFolder.write(storage, folder, SUMMED::contains, files);
  }

  /** Whether a folder is a model's, or a checkpoint's, written to its end. */
  public static boolean isIn(Storage storage, String folder) throws IOException {
    return SummedFolder.isThere(storage, folder) && storage.exists(folder + "/" + THETA_FILE);
  }

  /** Deletes a model's files, and its folder where nothing else is in it. */
  public static void delete(Storage storage, String folder) throws IOException {
    SummedFolder.delete(storage, folder, SUMMED::contains);
  }

  /** Of a model that cannot be read: whether its description is as its writer left it. */
  static boolean isOfAnotherRelease(Storage storage, String folder) throws IOException {
    Optional<byte[]> json =
        SummedFolder.intact(storage, folder, JSON_FILE, ModelSize.LARGEST.bytes());
    try {
      json.ifPresent(bytes -> ModelJson.read(StrictJson.read(JSON_FILE, bytes)));
      return false;
    } catch (InvalidInput e) {
      return true;
    }
  }

  /**
   * Reads a model.
   *
   * @param folder the model's folder, or the run's folder that holds it as {@code model}
   * @throws InvalidInput when it is not there, is not whole, or breaks a rule of the format
   */
  public static Model read(Storage storage, String folder) throws IOException {
    String own = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    if (!SummedFolder.isThere(storage, own) && SummedFolder.isThere(storage, own + "/model")) {
      own = own + "/model";
    }
    SummedFolder files =
        SummedFolder.open(storage, own, "a model's folder or a finished run", SUMMED::contains);
    byte[] json = files.read(JSON_FILE, ModelSize.LARGEST.bytes());
    String where = own + "/" + JSON_FILE;
    try {
      ModelJson.Parts parts = ModelJson.read(StrictJson.read(where, json));
      String thetaFile = own + "/" + THETA_FILE;
      int parameters = parts.network().layout().size();
      byte[] theta = files.read(THETA_FILE, Safetensors.longest(parameters));
      return new Model(
          parts.encoder(),
          parts.labels(),
          parts.offset(),
          parts.network(),
          parts.loss(),
          Safetensors.read(thetaFile, theta, parts.network().layout()),
          parts.provenance(),
          parts.table());
    } catch (InvalidInput e) {
      // A layer or a feature refuses its sizes without knowing which file they came from.
      String message = e.getMessage();
      throw message.startsWith(own + "/") ? e : new InvalidInput(where + ": " + message, e);
    }
  }
}
