package io.lakeprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** A model's folder, written and read; the format is on the package's page. */
public final class ModelFiles {
  private static final String JSON_FILE = "model.json";
  private static final String THETA_FILE = "theta.safetensors";
  private static final String SUMS_FILE = "SHA256SUMS";
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
    String sums = line(json, JSON_FILE) + line(theta, THETA_FILE);
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
    Map<String, String> sums = sums(own, storage.read(own + "/" + SUMS_FILE));
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
      throw message.startsWith(own) ? e : new InvalidInput(where + ": " + message, e);
    }
  }

  private static byte[] verified(
      Storage storage, String folder, String name, Map<String, String> sums) throws IOException {
    String path = folder + "/" + name;
    if (!storage.exists(path)) {
      throw new InvalidInput(path + " must be there, however: the file is missing");
    }
    byte[] bytes = storage.read(path);
    String sum = sha256(bytes);
    if (!sum.equals(sums.get(name))) {
      throw new InvalidInput(
          "%s is damaged: its SHA-256 must be %s, however: %s"
              .formatted(path, sums.get(name), sum));
    }
    return bytes;
  }

  private static Map<String, String> sums(String folder, byte[] file) {
    Map<String, String> sums = new HashMap<>();
    for (String line : new String(file, StandardCharsets.UTF_8).split("\n", -1)) {
      int gap = line.indexOf("  ");
      if (gap > 0) {
        sums.put(line.substring(gap + 2), line.substring(0, gap));
      } else if (!line.isEmpty()) {
        throw new InvalidInput(
            "%s/%s must have lines of a digest and a name, however: it is damaged"
                .formatted(folder, SUMS_FILE));
      }
    }
    return sums;
  }

  private static String line(byte[] bytes, String name) {
    return sha256(bytes) + "  " + name + "\n";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
