package io.lakeprop.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** Makes the digests right again after a file was changed on purpose. */
final class Resigned {
  private Resigned() {}

  /** A model's folder. */
  static void sign(MemoryStorage storage, String folder) {
    sign(storage, folder, List.of("model.json", "theta.safetensors"));
  }

  /** A folder of these files. */
  static void sign(MemoryStorage storage, String folder, List<String> names) {
    StringBuilder sums = new StringBuilder();
    for (String name : names) {
      sums.append("%064x  %s\n".formatted(sha256(storage.files.get(folder + "/" + name)), name));
    }
    storage.files.put(folder + "/SHA256SUMS", sums.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static BigInteger sha256(byte[] bytes) {
    try {
      return new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
