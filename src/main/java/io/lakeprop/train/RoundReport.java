package io.lakeprop.train;

/**
 * What one round did.
 *
 * @param round from 0
 * @param epoch from 0
 * @param loss weighted mean over the round's rows, before the step
 * @param gradientNorm Euclidean norm of the mean gradient, before clipping
 * @param learningRate of the step
 * @param rows that were read
 * @param times where the time went
 */
public record RoundReport(
    long round,
    long epoch,
    double loss,
    double gradientNorm,
    double learningRate,
    long rows,
    RoundTimes times) {}
