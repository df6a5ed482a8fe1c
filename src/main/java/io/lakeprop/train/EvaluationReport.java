package io.lakeprop.train;

import java.util.SortedMap;

/**
 * What one evaluation of the validation rows found.
 *
 * @param round rounds done so far
 * @param epoch epochs done so far, rounded up
 * @param metrics by name
 * @param reasons why a metric is no finite number, by its name
 * @param best whether the monitored metric beat every earlier evaluation
 */
public record EvaluationReport(
    long round,
    long epoch,
    SortedMap<String, Double> metrics,
    SortedMap<String, String> reasons,
    boolean best) {}
