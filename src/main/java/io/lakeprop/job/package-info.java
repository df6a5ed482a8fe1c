/**
 * The command line, the job file, and what a run leaves behind.
 *
 * <p>May import: everything below it, Spark's session, picocli and the YAML parser.
 *
 * <p>The walk: {@link io.lakeprop.job.Main} parses the command line, {@link
 * io.lakeprop.job.JobReader} turns the job file into a {@link io.lakeprop.job.Job}, {@link
 * io.lakeprop.job.PreparedJob} makes of its tables what rounds need, {@link
 * io.lakeprop.job.TrainRun} trains (or {@link io.lakeprop.job.FindRateCommand} tries rates), {@link
 * io.lakeprop.job.RunFolder} keeps what it leaves.
 *
 * <h2>A run's folder</h2>
 *
 * <pre>
 * job.yaml      the job as resolved: variables filled in, overrides applied, batch and slices chosen
 * rounds.jsonl  a line a round {round, epoch, loss, gradient_norm, clipped (where something clips), learning_rate, rows,
 *               seconds, compute_seconds, step_seconds, non_finite (skip or retry, where the round was not), layers
 *               (as often as training.layer_figures_every says)}, a line an evaluation {round, epoch, validation, best}
 *               and a line a warning {round, warning (its kind), layers (names), text}; what is not finite is null
 *     layers    by name, six digits: {gradient_norm (before clipping), update_ratio (|step| / |theta before it|; null
 *               from 0 on)} of layers with parameters, {dead} or {saturated} (share of units flat in every row of the
 *               round, or in nine rows of ten) of activations that can be flat
 * model/        see the model package
 * report.json   metrics.train|validation|test.&lt;name&gt; (&lt;label&gt;.&lt;name&gt; of several labels), confusion (of each
 *               label by its name, where there are several), rows, rounds, clipped (share of rounds), seconds,
 *               parameters, non_finite_rounds, warnings (as in rounds.jsonl), provenance
 * DONE          written last; a folder without it is not a finished run
 * </pre>
 *
 * <p>Exit codes: 0 done, 2 refused because of what came in (usage, job file, table, model), 1 any
 * other failure.
 *
 * <p>Decision: a value under a key that looks like a secret is secret, and so is the variable it
 * came from, wherever else that goes ({@link io.lakeprop.job.Secrets}). Files of a run are written
 * without such values; all that a command prints passes through one stream that knows them, since a
 * message may come from any library and quote anything.
 *
 * <p>Decision: {@code class_weights: balanced} is written into the run's job.yaml as numbers for an
 * only label; among several, model.json has them by head, and the job stays as it was.
 *
 * <p>Decision: {@code describe} reads of the job file beside a model only what it counts by (piece,
 * slices, recompute), without refusing the rest: a run of another release can be described.
 *
 * <p>Decision: the job file is read before Spark starts, so a typing error costs no time, and the
 * output folder is made after the data was read and accepted, so a refused job leaves nothing.
 */
package io.lakeprop.job;
