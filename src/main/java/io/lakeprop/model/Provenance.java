package io.lakeprop.model;

import java.util.List;

/**
 * Where a model comes from; nothing in it depends on the time, the machine or a path.
 *
 * @param lakeprop version of the trainer
 * @param kernel name of the matrix kernel
 * @param rounds steps until these parameters
 * @param trainingFingerprint a sum over the content hashes of the training rows
 * @param classWeights that rows of each class had in training; empty when they were alike
 */
public record Provenance(
    String lakeprop,
    long seed,
    String kernel,
    long rounds,
    long trainingRows,
    String trainingFingerprint,
    List<Float> classWeights) {
  public Provenance {
    classWeights = List.copyOf(classWeights);
  }
}
