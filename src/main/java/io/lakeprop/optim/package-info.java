/**
 * From a mean gradient to a step: small rules in a chain, the learning rate's schedule, and what
 * they remember.
 *
 * <p>May import: {@code base}, and {@code nn} for the layout of theta only.
 *
 * <p>Words: the <b>update</b> starts as the mean gradient of a round and each rule rewrites it in
 * place; what the last rule leaves is added to theta. Rules are records of numbers: they print,
 * compare and can be stored. They hold no state; a {@link io.lakeprop.optim.Memory} is handed in.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A rule does not walk the vector: it hands {@link io.lakeprop.optim.Update} what to do to
 *       elements, and the update runs it, with all that other rules handed in and {@code theta +=
 *       update}, in one pass over memory, chunk by chunk on all cores. A step of long vectors waits
 *       for memory only, and every pass saved is time saved. A new rule is one record.
 *   <li>A rule that needs a figure of the whole vector asks the update for it ({@link
 *       io.lakeprop.optim.Update#norm}): that is where a pass ends and the next begins. Nobody
 *       changed the update since the last one asked: no pass. So the norm that is reported and
 *       guarded and the one that clips, first in the chain, are one. Norms of parts (slots, layers,
 *       rows) are {@link io.lakeprop.optim.Update#norms}: all of them, of theta as well, in one
 *       more pass.
 *   <li>An {@link io.lakeprop.optim.Optimizer} is a name for a chain of rules; a {@link
 *       io.lakeprop.optim.Recipe} puts clipping, penalties and projection around it; {@link
 *       io.lakeprop.optim.Parameters} say what differs between slots.
 *   <li>A step's rate is handed in with the update and taken from nowhere else. A schedule is a
 *       pure function of the step; what follows validation scores is a {@link
 *       io.lakeprop.optim.Plateau}, whose factor the trainer holds and multiplies in.
 *   <li>{@link io.lakeprop.optim.Lbfgs} is a rule as well: a round is one evaluation of its line
 *       search, whose state lies in the memory as numbers. So rounds, checkpoints and reports know
 *       nothing of it; only what is judged and stored is the point that it accepted last, since
 *       theta may be a trial that fails.
 *   <li>Norms are summed in double precision, in four lanes, per chunk of a fixed size, then chunk
 *       after chunk: the bits follow from the length, not from the cores.
 *   <li>A step that would leave a number of theta infinite or NaN is taken back: in the pass that
 *       adds it, the update's place takes what theta was, so neither the guard nor the way back
 *       costs a pass. Norms for reports are rough, in single precision by blocks; those that
 *       anything is computed from are not.
 *   <li>Loops are over local variables and the same index in every array, which is what the JVM's
 *       compiler turns into vector instructions: without them the rules take 3 to 7 times as long.
 * </ul>
 */
package io.lakeprop.optim;
