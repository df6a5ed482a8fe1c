package io.lakeprop.train;

import java.util.SortedMap;

/**
 * What one evaluation of the validation rows found.
 *
 * @param round rounds done so far
 * @param epoch epochs done so far, rounded up
 * @param metrics by name
 * @param undefined metrics that the validation rows do not define, and why
 * @param best whether the monitored metric beat every earlier evaluation
 */
public record EvaluationReport(
    long round,
    long epoch,
    SortedMap<String, Double> metrics,
    SortedMap<String, String> undefined,
    boolean best) {}
