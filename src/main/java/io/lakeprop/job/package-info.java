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
 * RUN           {run: format version 1, lakeprop, spark}: written first of all, never deleted, and written anew only in the place of
 *               a run that another version had begun; the mark of a run's folder
 * job.yaml      the job as resolved: variables filled in, overrides applied, and every key with its value, whether the
 *               job, a default or the data says it; tables by their whole paths
 * rounds.jsonl  a line a round {round, epoch, loss, gradient_norm, clipped (where something clips), learning_rate, rows,
 *               seconds, compute_seconds, step_seconds, non_finite (skip or retry, where the round was not), layers
 *               (as often as training.layer_figures_every says)}, a line an evaluation {round, epoch, validation, best,
 *               undefined (why a metric is null, where one is)}
 *               and a line a warning {round, warning (its kind), layers (names), text}; what is not finite is null
 *     layers    by name, six digits: {gradient_norm (before clipping), update_ratio (|step| / |theta before it|; null
 *               from 0 on)} of layers with parameters, {dead} or {saturated} (share of units flat in every row of the
 *               round, or in nine rows of ten) of activations that can be flat
 * model/        see the model package
 * report.json   (rounds, rows_read, warnings, clipped and seconds of all processes; faults of the last) metrics.train|validation|test.&lt;name&gt; (&lt;label&gt;.&lt;name&gt; of several labels), confusion (of each
 *               label by its name, where there are several), rows, rounds, clipped (share of rounds), seconds,
 *               undefined.train|validation|test.&lt;name&gt; (why that metric is null),
 *               parameters, non_finite_rounds, warnings (as in rounds.jsonl), provenance
 * checkpoints/  see the model package; stays after DONE, for --extend
 * DONE          written last; a folder without it is not a finished run
 * LOCK          {token, host, namespace, process, started, beat} of the process at work, written anew every 10 s; deleted at its
 *               end, and left behind when it is killed
 * rounds-NNNNNNNNN.jsonl  of an unfinished run: the lines of a process that went on after that round. Of lines beyond
 *               the next file's number, and of half a line, none counts; the end joins all in rounds.jsonl
 * </pre>
 *
 * <p>Exit codes: 0 done, 2 refused because of what came in (usage, job file, table, model, another
 * job or table than the checkpoint's, a run at work in the folder), 130 and 143 ended by SIGINT
 * (Ctrl-C) and SIGTERM, 1 any other failure.
 *
 * <h2>Going on</h2>
 *
 * <p>{@code --resume} goes on from the last whole checkpoint to the bytes that the run would have
 * had without a stop, starts where there is none, and after DONE only compares the job with that of
 * {@code job.yaml}, and not the tables. The job must be the same but for what has no say in the
 * model ({@link io.lakeprop.job.JobDifference}); tables may have moved, their content may not have
 * changed. {@code --extend} lets epochs, rounds and patience differ, and goes on after DONE.
 *
 * <p>A first signal ends a training after its round, with a checkpoint; a second one at once. A
 * round that fails because the cluster is gone leaves a checkpoint of the round before. A
 * checkpoint that cannot be written, tried three times, ends the training: nobody wants to learn
 * that later.
 *
 * <p>Decision: a lock is a file that beats, not a lease of some service: it works wherever files
 * do. A lock of the same host whose process is dead is taken over at once, any other that stands
 * still for 30 s after that. Clocks are never compared. Whoever has lost it ends before the next
 * file that counts, and in rounds within a beat.
 *
 * <p>Decision: a folder is a run's by {@code RUN}, which nobody else has a reason to write, and not
 * by {@code job.yaml}, a report, a lock or an empty DONE, which others have, too. Any other folder
 * is refused by every flag, but for one with nothing but a lock, or the beginning of one or of
 * {@code RUN}, which a process leaves that dies before its mark is whole. A lock or a mark that is
 * a link is no process's own and leads to somebody's file. A folder is judged again once its lock
 * is taken: whoever held it may have ended a run. A run deletes by the exact names that it gives,
 * file by file, and a folder only once it is empty: what somebody has put beside or into a run's
 * folder stays. A job file or a table in the output is refused, and so is an output in a table, or
 * where a table's pattern will find it, by places behind all links. The same goes for what predict
 * and {@code --json} write ({@link io.lakeprop.job.OutputPlace}).
 *
 * <p>Decision: a report of {@code --json} has the key lakeprop with its command, is written aside
 * and renamed. So a file that is empty, half or has more in it is never ours, and is left alone.
 *
 * <p>Decision: a checkpoint is passed over when it is damaged and an earlier one is whole, or when
 * its writer was interrupted. Where all that there are were damaged, or a later one is whole and of
 * a release that this one cannot read, {@code --resume} and {@code --extend} are refused: they
 * would delete it in the end. The same holds for one that the user may not read; any other failure
 * to read one ends the command. {@code --extend} is refused, too, where the job would end before
 * the rounds that are done, or with less patience, or has averaged rounds that the longer training
 * would not: it would not be the model's.
 *
 * <p>Decision: {@code --overwrite} deletes the earlier run, with its model, after all that can be
 * refused was and before the first round. Its model would otherwise stand among the new run's files
 * when that is killed or diverges, and nobody could tell.
 *
 * <p>Decision: a value is taken for a secret by its key: a word of it ends in password, secret or
 * token, and its last word does not say that it is about one (token_type, password_file). Names of
 * columns, paths and SQL of the command line are no keys. A secret stands in no file, whatever it
 * is; it is blacked out of messages unless it can be none: a number of fewer than eight digits, a
 * word such as none or bearer, a metric's name, the label's. One of fewer than eight characters is
 * blacked out as a whole word only. What is no secret and taken for one makes a job.yaml that is
 * refused and a mend that cannot be obeyed.
 *
 * <p>Decision: the process's locale is the root's, from the first line of {@link
 * io.lakeprop.job.Main} on and on executors from the plugin's start on: numbers in files, names and
 * SQL have no other digits. Names of files are formatted in that locale explicitly, since they are
 * written in other processes, too.
 *
 * <p>Decision: all that is printed has its control and bidirectional characters shown as code:
 * names of columns and classes come from strangers. So help texts have no colours.
 *
 * <p>Decision: a value under a key that says so is secret, and so is the variable it came from,
 * wherever else that goes ({@link io.lakeprop.job.Secrets}). Files of a run are written without
 * such values; all that a command prints passes through one stream that knows them, since a message
 * may come from any library and quote anything.
 *
 * <p>Decision: {@code class_weights: balanced} is written into the run's job.yaml as numbers for an
 * only label; among several, model.json has them by head, and the job stays as it was.
 *
 * <p>Decision: {@code describe} reads of the job file beside a model only what it counts by (piece,
 * slices, recompute), without refusing the rest: a run of another release can be described.
 *
 * <p>Decision: what {@code predict} writes stands beside its output under a random name until it is
 * whole ({@link io.lakeprop.job.OutputTable}), and only a folder that is a table and nothing else
 * is replaced ({@link io.lakeprop.job.ReplaceableTable}). What a killed predict left is told and
 * stays: it could be another's who is still at work, and after a death between two renames it is
 * the only copy of the earlier output. No file in it says whose it is, for a file that is no
 * table's would be read.
 *
 * <p>Decision: the job file is read before Spark starts, so a typing error costs no time, and the
 * output folder is made after the data was read and accepted, so a refused job leaves nothing.
 */
package io.lakeprop.job;
