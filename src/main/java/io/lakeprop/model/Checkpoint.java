package io.lakeprop.model;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that another process needs to go on with a training.
 *
 * @param round rounds done
 * @param state of the training, but for the best theta
 * @param best round of the best model so far, which lies beside the checkpoint
 * @param facts by name that must be the same for the same bits: what the tables hold, the kernel
 * @param job the job file as resolved
 */
public record Checkpoint(
    long round, Snapshot state, OptionalLong best, SortedMap<String, String> facts, String job) {
  /** Vectors of a state that can be kept, each of which is a file. */
  public static final int MOST_VECTORS = 1_000;

  public Checkpoint {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }
}
