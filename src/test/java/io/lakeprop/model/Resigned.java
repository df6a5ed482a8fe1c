package io.lakeprop.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes the digests right again after a file was changed on purpose. */
final class Resigned {
  private Resigned() {}

  static void sign(MemoryStorage storage, String folder) {
    StringBuilder sums = new StringBuilder();
    for (String name : new String[] {"model.json", "theta.safetensors"}) {
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
