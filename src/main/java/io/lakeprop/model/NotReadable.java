package io.lakeprop.model;

import java.io.IOException;
import java.io.Serial;

/**
 * A file or folder that may be there and whole, but not for this user: nothing is known of its
 * bytes, and nobody may take it for damaged or missing.
 */
public final class NotReadable extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public NotReadable(String path, Throwable cause) {
    super(
        "%s must be readable for this user, however: permission is denied (chmod +rX on it and its folders, or run as its owner)"
            .formatted(path),
        cause);
  }
}
