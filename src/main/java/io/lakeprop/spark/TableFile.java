package io.lakeprop.spark;

import java.util.Map;

/**
 * A file of a table as it was listed.
 *
 * @param path with scheme
 * @param length in bytes
 * @param modified when it was last written, in milliseconds since 1970
 * @param partition what the folders above it say of its rows, name to text; a null is no value
 */
record TableFile(String path, long length, long modified, Map<String, String> partition) {}
