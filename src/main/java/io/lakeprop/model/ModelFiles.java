package io.lakeprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** A model's folder, written and read; the format is on the package's page. */
public final class ModelFiles {
  private static final String JSON_FILE = "model.json";
  private static final String THETA_FILE = "theta.safetensors";
  private static final String SUMS_FILE = "SHA256SUMS";
  private static final Set<String> SUMMED = new TreeSet<>(Set.of(JSON_FILE, THETA_FILE));
  private static final ObjectMapper JSON = StrictJson.mapper();

  private ModelFiles() {}

  /** Writes the folder aside and renames it when it is whole. */
  public static void write(Storage storage, String folder, Model model) throws IOException {
    String aside = folder + ".writing";
    storage.delete(aside);
    byte[] json =
        (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(ModelJson.write(model)) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] theta = Safetensors.write(model.network().layout(), model.theta());
    storage.write(aside + "/" + JSON_FILE, json);
    storage.write(aside + "/" + THETA_FILE, theta);
    String sums = Sha256Sums.line(json, JSON_FILE) + Sha256Sums.line(theta, THETA_FILE);
    storage.write(aside + "/" + SUMS_FILE, sums.getBytes(StandardCharsets.UTF_8));
    storage.rename(aside, folder);
  }

  /**
   * Reads a model.
   *
   * @param folder the model's folder, or the run's folder that holds it as {@code model}
   * @throws InvalidInput when it is not there, is not whole, or breaks a rule of the format
   */
  public static Model read(Storage storage, String folder) throws IOException {
    String own = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    if (!storage.exists(own + "/" + SUMS_FILE) && storage.exists(own + "/model/" + SUMS_FILE)) {
      own = own + "/model";
    }
    if (!storage.exists(own + "/" + SUMS_FILE)) {
      throw new InvalidInput(
          "%s must be a model's folder or a finished run, however: it has no %s"
              .formatted(folder, SUMS_FILE));
    }
    Sha256Sums sums =
        Sha256Sums.read(own + "/" + SUMS_FILE, storage.read(own + "/" + SUMS_FILE), SUMMED);
    byte[] json = verified(storage, own, JSON_FILE, sums);
    byte[] theta = verified(storage, own, THETA_FILE, sums);
    String where = own + "/" + JSON_FILE;
    try {
      ModelJson.Parts parts = ModelJson.read(StrictJson.read(where, json));
      String thetaFile = own + "/" + THETA_FILE;
      return new Model(
          parts.encoder(),
          parts.labels(),
          parts.offset(),
          parts.network(),
          parts.loss(),
          Safetensors.read(thetaFile, theta, parts.network().layout()),
          parts.provenance());
    } catch (InvalidInput e) {
      // A layer or a feature refuses its sizes without knowing which file they came from.
      String message = e.getMessage();
      throw message.startsWith(own + "/") ? e : new InvalidInput(where + ": " + message, e);
    }
  }

  private static byte[] verified(Storage storage, String folder, String name, Sha256Sums sums)
      throws IOException {
    String path = folder + "/" + name;
    if (!storage.exists(path)) {
      throw new InvalidInput(path + " must be there, however: the file is missing");
    }
    byte[] bytes = storage.read(path);
    sums.verify(path, name, bytes);
    return bytes;
  }
}
