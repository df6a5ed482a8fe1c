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
 *       rounded once at the end; quantiles come from an {@link io.lakeprop.data.AdaptiveHistogram}.
 *       The design asked for sums in shard order, which needs a shuffle before the first statistic;
 *       exact sums need none and give the same bits for any number of files, tasks and cores.
 *   <li>Quantiles count every row. The design took the rows with the smallest content hashes, and
 *       duplicates have one hash: of a table of six different rows the sample had one. Weighting
 *       the sampled rows by their duplicates is no mend, since a frequent row is in the sample or
 *       is not. Exact counts of values need no luck where a column has few of them, and where it
 *       has many, buckets of one relative width have the error of their width: of a tenth of a
 *       percent of the rows in usual columns, where the sample was off by half a percent. What a
 *       bucket cannot show is a heap inside it: a value that fills in a third of the rows among
 *       thousands of different neighbours is spread over 2^-m of its size, one percent in usual
 *       columns. Values outside the bucket keep their share.
 *   <li>The histogram takes a twentieth to a tenth of the sample's time from 100,000 rows of a part
 *       on (21-60 ns a value), and twice its time for a part of 10,000 different values, which is
 *       one millisecond more a column.
 *   <li>Signs, exponents and m bits rather than buckets of one absolute width: a long tail leaves
 *       these a few buckets for all other rows. Buckets that split where rows are many would be
 *       better still; none is known whose answer does not depend on what was merged first.
 *   <li>Id 0 of a categorical feature is "never seen in training" and encodes to zeros. Missing and
 *       rare get an id of their own only when the training rows had any; otherwise no parameter
 *       would ever learn from them.
 *   <li>A category and a class are the texts that Spark makes of the training table's values. Other
 *       readers make other texts of the same values, so {@link io.lakeprop.data.KnownValues} finds
 *       them by what they mean to the column's type in training; only values that training knows
 *       are found, and everything else stays as it is.
 *   <li>-0.0 is 0.0: IEEE and SQL say that the two are equal, texts and searches in sorted arrays
 *       tell them apart. Where a number comes in, 0.0 is added.
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
