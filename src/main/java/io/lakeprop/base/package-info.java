/**
 * What every other package stands on: refusals, hashing, seeded permutations, long vectors chunk by
 * chunk.
 *
 * <p>May import: the JDK only.
 *
 * <p>Decision: the design's picture has no such room, but {@code data}, {@code eval} and {@code nn}
 * may not import one another and all three refuse bad values in the same words and hash in the same
 * way. One room below them keeps that in one place. {@link io.lakeprop.base.Chunks} is here for
 * {@code optim} and {@code train}.
 */
package io.lakeprop.base;
