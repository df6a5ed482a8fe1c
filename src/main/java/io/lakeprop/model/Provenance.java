package io.lakeprop.model;

/**
 * Where a model comes from; nothing in it depends on the time, the machine or a path.
 *
 * @param lakeprop version of the trainer
 * @param kernel name of the matrix kernel
 * @param rounds steps until these parameters
 * @param trainingFingerprint a sum over the content hashes of the training rows
 */
public record Provenance(
    String lakeprop,
    long seed,
    String kernel,
    long rounds,
    long trainingRows,
    String trainingFingerprint) {}
