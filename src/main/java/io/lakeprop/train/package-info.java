/**
 * The training loop and what it needs of the world: rounds, evaluations, listeners.
 *
 * <p>May import: {@code nn}, {@code optim}, {@code data}, {@code eval}, {@code model}, {@code
 * base}; no engine. The loop is {@link io.lakeprop.train.Trainer}; the engine comes in through two
 * ports, {@link io.lakeprop.train.RoundRunner} and {@link io.lakeprop.train.Evaluator}.
 *
 * <p>Words: a <b>round</b> is one optimizer step; its <b>batch</b> is cut into <b>slices</b>; slice
 * s reads a <b>share</b> of shard s; shares are summed in a fixed binary tree ({@link
 * io.lakeprop.train.TreeSum}).
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>An epoch has {@code ceil(rows / batch)} rounds, and round j of R reads positions n j/R to n
 *       (j+1)/R of each shard's order, n being that shard's rows. So every row is read exactly once
 *       an epoch, whatever the shards' sizes, and no last batch is short; a batch may have a few
 *       rows more or fewer than asked.
 *   <li>What the way back computes again instead of keeping it is part of the {@link
 *       io.lakeprop.train.Objective}, by which executors make their workspaces, and no part of the
 *       model: the file is the same.
 *   <li>A round whose gradients accumulate over k batches is planned as one of a batch k times as
 *       large; k only says in how many parts its slices are computed. So nothing here knows of it
 *       but {@link io.lakeprop.train.Batching}: rows, dropout, pieces and the order of sums follow
 *       from round and slice. {@link io.lakeprop.train.LocalRounds} computes slice after slice
 *       anyway and has no parts.
 *   <li>The order of a shard's rows is a {@link io.lakeprop.base.Permutation} of (seed, epoch,
 *       shard): computed, never stored.
 *   <li>A round allocates nothing as long as theta beyond the sums that come in: the sum's array
 *       becomes the mean gradient and then the update. Mean, guard and norm are one pass over it,
 *       since the norm is finite if and only if all its elements are; norms of layers are taken in
 *       the passes that are there.
 *   <li>An {@link io.lakeprop.train.Averaging} changes what is judged, kept as the best and stored:
 *       the average, once it has begun. Training goes on from theta and knows nothing of it, but
 *       for what validation decides: when patience ends, and a rate that waits for a plateau. Theta
 *       is taken in after the step, in a pass of its own: a step that is taken back must not have
 *       reached the average.
 *   <li>A uniform average has its running moments taken anew when it is judged for the first time,
 *       and only then: no evaluation, no epoch of rounds. They are sums about the running mean of
 *       the last theta that was taken in, so that an estimate follows from the average alone and
 *       not from the estimates before it.
 *   <li>Nothing that is not finite reaches theta: a finite gradient with too large a rate neither.
 *       The step that would do so is taken back ({@link io.lakeprop.optim.Update#addToTheta}), but
 *       the optimizer's memory has moved by then: so leaving rounds out ends there, and only going
 *       back to a copy helps. Rounds never count backwards, whatever happens.
 *   <li>Units are counted as flat rows, whole numbers that add up exactly in any order, and travel
 *       beside the gradient ({@link io.lakeprop.nn.UnitCounters}); predictions count nothing. Rows
 *       count, not their weights.
 *   <li>{@link io.lakeprop.train.HealthWatch} only reads reports: what it says changes no bit, and
 *       is not part of the state that a checkpoint holds.
 *   <li>Sums are merged on all cores where the driver does it, and on one thread everywhere else: a
 *       task has one core, and {@link io.lakeprop.train.LocalRounds} is the plain oracle. The bits
 *       are the same.
 * </ul>
 */
package io.lakeprop.train;
