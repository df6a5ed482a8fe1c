/**
 * A trained model as an object and as files, how to predict with it without any engine, and the
 * files that a training goes on from.
 *
 * <p>May import: {@code base}, {@code nn}, {@code data}.
 *
 * <h2>The model folder, format version 1</h2>
 *
 * <pre>
 * model/
 *   model.json         UTF-8 JSON, see below
 *   theta.safetensors  the parameters, see below
 *   SHA256SUMS         "&lt;64 hex digits&gt;  &lt;file name&gt;" a line for the two files above; written last
 * </pre>
 *
 * <p>A folder without SHA256SUMS is no model: its writer did not finish. Nothing is renamed. A file
 * whose digest differs from its line is refused before anything in it is believed. {@code sha256sum
 * -c SHA256SUMS} checks the same. Nothing in the folder depends on the time, the machine or a path,
 * so the same training gives the same bytes.
 *
 * <h3>model.json</h3>
 *
 * <pre>
 * format_version  1; a reader refuses a larger one
 * network         numeric: numbers a row
 *                 categories: [{name, encoding: one_hot | embedding, cardinality, width}]
 *                 layers: [{name, type: linear, inputs, outputs}
 *                          {name, type: activation, function, inputs}
 *                          {name, type: prelu, inputs}
 *                          {name, type: dropout, rate, inputs}
 *                          {name, type: alpha_dropout, rate, inputs}
 *                          {name, type: gaussian_noise, deviation, inputs}
 *                          {name, type: batch_norm, momentum, epsilon, inputs}
 *                          {name, type: layer_norm, epsilon, inputs}
 *                          {name, type: periodic_embedding, inputs, frequencies, width}
 *                          {name, type: batch_ensemble_linear, members, width, units}
 *                          {name, type: add, from, inputs}
 *                          {name, type: concat, from, inputs, skipped}]
 *                 from is the name of an earlier layer, or "input"
 * loss            softmax_cross_entropy | binary_cross_entropy | hinge | squared_error |
 *                 absolute_error | poisson | gamma, or with parameters
 *                 {type: softmax_cross_entropy, label_smoothing}
 *                 {type: binary_cross_entropy, label_smoothing, positive_weight}
 *                 {type: focal, gamma}   {type: huber, delta: in encoded units}
 *                 {type: quantile, quantiles: [...]}   {type: tweedie, power}
 * features        in the encoder's order:
 *                 {type: numeric, name, log, indicator, nan?, infinity?, unit?: days | seconds,
 *                  smallest?, largest?, calendar?: zone, transform}
 *                 {type: vector, name, length, log, indicator, nan?, infinity?,
 *                  transforms: [one, or one an element]}
 *                 nan: refuse and infinity: missing stand where NaN is not missing, or infinity not refused
 *                 unit: of a date or a timestamp in training; a table's column must then be one, too
 *                 smallest, largest: of the training rows, both or none, and beside a unit only
 *                 calendar: beside a range: behind the number and its indicator come year, age, 12 months,
 *                 7 days of the week and, of timestamps, 24 hours in this zone
 *                 {type: categorical, name, values: [...], missing, rare: none | listed | rest,
 *                  rare_values: [...], width}; of rest, those that usually mean a missing value
 *                 transform: {type: affine, center, scale}
 *                            {type: smooth_clip, center, scale}: u / √(1 + (u/3)²) of the affine u
 *                            {type: quantile, values: [...], shares: [...]}
 * label           {type: classes, name, sql_type, values: [...], rare?: other | drop, missing?: skip}
 *                 values in the order of the logits
 *                 {type: number, name, center, scale, range?: not_negative | positive, missing?: skip,
 *                  smallest?, largest?: of the training rows, within which predictions stay}
 *                 what is done with rows that are judged: missing: skip leaves those without the label out,
 *                 rare: drop those of a class that is not among the values, rare: other takes that class
 *                 for "other", where it is among them
 *                 an estimate is p scale + center, p being the logit, or e^logit for a log link
 * heads           in place of label and loss where there are several labels, in the order of
 *                 their logits: [{label, loss, weight, class_weights?: [one a class], offset_factor?}]
 * offset?         {name, scale}: the column's value / scale is added to every logit of a row; among several labels,
 *                 times the head's offset_factor (0 where it has none) to the head's logits
 * table?          how the training table was read: {types: {column: SQL type}, missing?: [texts that mean
 *                 a missing value, where the job listed them], derive: {column: SQL expression},
 *                 time_zone, options?: {option of the reader in small letters: value},
 *                 weight?: column of row weights, made?: {derived column: SQL type of its
 *                 expression}}; what is scored is read alike
 * provenance      lakeprop, seed, kernel, rounds, training_rows, training_fingerprint,
 *                 class_weights?: [one a class]
 * </pre>
 *
 * <p>Every key without a question mark is required, no other key is allowed, numbers are finite.
 * Doubles are written so that they read back to the same bits.
 *
 * <h3>theta.safetensors</h3>
 *
 * <p>The safetensors format: 8 bytes little-endian length of the header, the header as JSON padded
 * with spaces to a multiple of 8, then the numbers. One tensor a slot, named as in {@link
 * io.lakeprop.nn.ParameterLayout} ({@code hidden1.weight}), dtype F32, shape {@code [rows,
 * columns]} for weights, embeddings and frequencies and {@code [columns]} for a single row of
 * anything else, little-endian, in the order of theta, without gaps. The running mean and variance
 * of batch normalisation are slots like any other. A linear layer's weight is (outputs, inputs), as
 * in PyTorch.
 *
 * <p>A header has at most 100 MB, and its tensors lie one after another and fill the file. {@code
 * __metadata__}, texts that other tools leave, is allowed and means nothing. Names are texts and
 * never become paths. Vectors of other files are written alike, with one dimension each.
 *
 * <h2>The checkpoint folder, format version 1</h2>
 *
 * <pre>
 * checkpoints/
 *   round-NNNNNNNNN/        the training after so many rounds (9 digits, or as many as it takes)
 *     state.json            UTF-8 JSON, see below
 *     job.yaml              the job as resolved, without secrets
 *     NAME.safetensors ...  a file a vector of state.json: one tensor of that name, F32, one
 *                           dimension; every bit counts, NaNs too
 *     SHA256SUMS            a line for each file above; written last
 *   best-NNNNNNNNN/         a model folder: the best evaluation so far, by its round; written before
 *                           the first checkpoint that names it, which several may
 * </pre>
 *
 * <p>The last round's folder that is whole counts. One without SHA256SUMS was not finished and is
 * passed over in silence; one whose files do not match their digests, or whose best model does not,
 * is named and passed over. One whose files match and cannot be read is of another release: the
 * reader goes no further back, nor does it past one that the user may not read or a store does not
 * give at the moment, of which nobody knows whether it is damaged. Folders lose SHA256SUMS before
 * their other files, and are deleted only when nothing but files of these names was in them.
 *
 * <h3>state.json</h3>
 *
 * <pre>
 * format_version  1; a reader refuses any other
 * round           rounds done, as in the folder's name
 * best?           round of the best model; without an evaluation not there
 * numbers         {name: number}; what is not finite is "NaN", "Infinity" or "-Infinity"
 *                 round, step, averaged, averaged_at_moments, best_score, best_round,
 *                 evaluations_since_best, plateau.factor, plateau.best, plateau.bad, rate_factor,
 *                 left_out, left_out_in_a_row, retries; memory.NAME of the optimizer; copy.NAME of
 *                 what training may go back to: round, step, averaged, averaged_at_moments, memory.NAME
 * vectors         {name: numbers in it}; names of letters a-z, digits and _, at most four with dots
 *                 theta; average?; memory.NAME of the optimizer; copy.NAME of the same three
 * facts           {name: text} that must be the same for the same bits: kernel, SPLIT.rows and
 *                 SPLIT.content (train, validation, test; a hash of their rows), "feature NAME" and
 *                 "label NAME" (their kind)
 * </pre>
 *
 * <p>What the names mean is on the pages of {@code train.Snapshots} and {@code train.TrainerState}.
 *
 * <p>Decision: SHA256SUMS is the mark of a folder that was written to its end, not a rename: object
 * stores rename a folder by copying file after file, and a process may die between two.
 *
 * <p>Decision: the best model is beside the checkpoints, not in each: it changes now and then only.
 *
 * <p>Decision: files have bounds from what is known before they are read (SHA256SUMS 200 KB,
 * state.json and job.yaml 16 MB, model.json 256 MB, vectors and theta by their lengths), so that a
 * file of any size is refused in bounded memory.
 *
 * <p>Decision: a new type or optional key leaves the version alone, since an older reader refuses
 * it by name; the version rises when an older reader would take it for something else.
 *
 * <h2>Predicting</h2>
 *
 * <p>A {@link io.lakeprop.model.Predictor} is shared by any threads and answers a row at a time; a
 * {@link io.lakeprop.model.Batch} is one thread's and answers many rows at once.
 *
 * <p>Decision: the predictor has no buffers of its own but takes some for each call, from a pool
 * that nobody waits for. Buffers by thread would stay with every thread that ever asked, and with
 * virtual threads there is no end of those; a lock would have eight threads do the work of one.
 *
 * <p>Decision: a batch stays two steps, put and predict, since its rows come one by one from a
 * table; so it knows its thread and refuses another.
 *
 * <p>Decision: a strict predictor refuses what lacks, not what is there too much: among columns
 * called x1, x2 and x3 one that the model does not read is no spelling mistake of another.
 *
 * <p>Decision: a value's text is that of Spark's cast, for categories are compared as texts; what
 * has no such text is refused, and so is a number whose other spelling (1 for 1.0) was in training
 * where its own was not.
 *
 * <p>Decision: JSON goes through Jackson's tree and hand-written readers that know each key; no
 * annotation and no polymorphic type decides what is made from a file.
 */
package io.lakeprop.model;
