package io.lakeprop.train;

import java.util.Optional;

/**
 * What one round did.
 *
 * @param round from 0
 * @param epoch from 0
 * @param loss weighted mean over the round's rows, before the step
 * @param gradientNorm Euclidean norm of the mean gradient, before clipping
 * @param clipped whether clipping changed anything; empty without a clipping rule or a step
 * @param learningRate of the step
 * @param rows that were read
 * @param layers their figures; none in rounds that have no step, or whose figures nobody asked for
 * @param setback what became of a round that was not finite
 * @param times where the time went
 */
public record RoundReport(
    long round,
    long epoch,
    double loss,
    double gradientNorm,
    Optional<Boolean> clipped,
    double learningRate,
    long rows,
    LayerFigures layers,
    Optional<Setback> setback,
    RoundTimes times) {}
