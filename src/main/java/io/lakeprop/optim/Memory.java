package io.lakeprop.optim;

import io.lakeprop.base.Check;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an optimizer remembers between steps: named vectors as long as theta, zero at first, and
 * named numbers.
 *
 * <p>A checkpoint stores exactly these vectors, these numbers and the step.
 */
public final class Memory {
  private final int size;
  private final SortedMap<String, float[]> vectors = new TreeMap<>();
  private final SortedMap<String, Double> numbers = new TreeMap<>();

  /**
   * @param size number of parameters
   */
  public Memory(int size) {
    this.size = size;
  }

  /** What a checkpoint has kept; the vectors are taken over as they are. */
  public static Memory of(
      int size, SortedMap<String, float[]> vectors, SortedMap<String, Double> numbers) {
    Memory memory = new Memory(size);
    vectors.forEach(
        (name, vector) -> {
          Check.require(vector.length == size, "length must be " + size, name, vector.length);
          memory.vectors.put(name, vector);
        });
    memory.numbers.putAll(numbers);
    return memory;
  }

  /** The vector of this name, to be read and written in place. */
  float[] vector(String name) {
    return vectors.computeIfAbsent(name, n -> new float[size]);
  }

  /** The number of this name; {@code first} when nobody has put one. */
  double number(String name, double first) {
    return numbers.getOrDefault(name, first);
  }

  /** Remembers a number. */
  void put(String name, double number) {
    numbers.put(name, number);
  }

  /** Every vector by its name, in the order of names. */
  public SortedMap<String, float[]> vectors() {
    return Collections.unmodifiableSortedMap(vectors);
  }

  /** Every number by its name, in the order of names. */
  public SortedMap<String, Double> numbers() {
    return Collections.unmodifiableSortedMap(numbers);
  }

  /** Takes over what the other remembers; vectors that are there already are written over. */
  public void set(Memory other) {
    vectors.forEach((name, vector) -> Arrays.fill(vector, 0));
    other.vectors.forEach((name, from) -> System.arraycopy(from, 0, vector(name), 0, size));
    numbers.clear();
    numbers.putAll(other.numbers);
  }

  /** A copy that shares nothing. */
  public Memory copy() {
    Memory copy = new Memory(size);
    vectors.forEach((name, vector) -> copy.vectors.put(name, Arrays.copyOf(vector, size)));
    copy.numbers.putAll(numbers);
    return copy;
  }
}
