package io.lakeprop.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of a training as named numbers and named vectors, in the order of names. It keeps the
 * vectors that it is given: nobody may write into them any more.
 */
public record Snapshot(SortedMap<String, Double> numbers, SortedMap<String, float[]> vectors) {
  public Snapshot {
    numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
    vectors = Collections.unmodifiableSortedMap(new TreeMap<>(vectors));
  }
}
