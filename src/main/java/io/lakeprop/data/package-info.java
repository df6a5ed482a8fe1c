/**
 * From a table's values to packed rows: what a column is, what training rows say about it, and the
 * encoder that training and scoring share.
 *
 * <p>May import: {@code base} only; no engine. A row comes in as a {@link
 * io.lakeprop.data.TableRow}.
 *
 * <p>Words: a <b>spec</b> says what the job wants of a column; a <b>feature</b> is a spec bound to
 * the statistics of the training rows; the <b>encoder</b> is all features in their order; a
 * <b>block</b> holds packed rows.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Statistics do not depend on who merged first. Sums are {@link io.lakeprop.data.ExactSum}s,
 *       rounded once at the end; quantiles come from the values with the smallest row hashes
 *       ({@link io.lakeprop.data.BottomSample}). The design asked for sums in shard order, which
 *       needs a shuffle before the first statistic; exact sums need none and give the same bits for
 *       any number of files, tasks and cores.
 *   <li>Id 0 of a categorical feature is "never seen in training" and encodes to zeros. Missing and
 *       rare get an id of their own only when the training rows had any; otherwise no parameter
 *       would ever learn from them.
 *   <li>NaN is a missing value and infinity is refused, unless the job says otherwise of a column
 *       ({@link io.lakeprop.data.NotFinite}). A null is missing in any case; so rows tell a null
 *       from a NaN, which the encoder asks only of numbers that are none. The features carry the
 *       treatment, so that scoring refuses what training did.
 *   <li>A row has one label or several, (rows, labels); an only label takes the same bytes and the
 *       same place as it did before there were several.
 *   <li>Dates and timestamps are numbers whose unit nobody sees, so a feature keeps the range of
 *       its training rows and refuses what must be in another unit ({@link
 *       io.lakeprop.data.TimeRange}). It is the encoder that does, for tables and Java values
 *       alike. The bound is made for dates that may come, not for outliers: a later year is no
 *       mistake.
 * </ul>
 */
package io.lakeprop.data;
