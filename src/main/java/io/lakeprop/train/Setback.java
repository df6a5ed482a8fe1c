package io.lakeprop.train;

/**
 * What became of a round that was not finite.
 *
 * @param done with it
 * @param what was not finite
 * @param backTo rounds that had been done when the copy was made to which training went back; the
 *     number of the round itself, from 0, where only that was left out
 * @param rateFactor of all rates from now on
 */
public record Setback(NonFinite done, String what, long backTo, double rateFactor) {}
