package io.lakeprop.optim;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an optimizer remembers between steps: named vectors as long as theta, zero at first.
 *
 * <p>A checkpoint stores exactly these vectors and the step.
 */
public final class Memory {
  private final int size;
  private final SortedMap<String, float[]> vectors = new TreeMap<>();

  /**
   * @param size number of parameters
   */
  public Memory(int size) {
    this.size = size;
  }

  /** The vector of this name, to be read and written in place. */
  float[] vector(String name) {
    return vectors.computeIfAbsent(name, n -> new float[size]);
  }

  /** Every vector by its name, in the order of names. */
  public SortedMap<String, float[]> vectors() {
    return Collections.unmodifiableSortedMap(vectors);
  }

  /** A copy that shares nothing. */
  public Memory copy() {
    Memory copy = new Memory(size);
    vectors.forEach((name, vector) -> copy.vectors.put(name, Arrays.copyOf(vector, size)));
    return copy;
  }
}
