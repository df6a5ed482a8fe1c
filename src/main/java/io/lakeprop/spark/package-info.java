/**
 * The engine's side: tables, statistics, packing, rounds, scoring and files on Apache Spark.
 *
 * <p>May import: Spark, Hadoop's FileSystem, and {@code train}, {@code model}, {@code nn}, {@code
 * data}, {@code eval}, {@code text}, {@code base}. Implements the ports {@code train.RoundRunner},
 * {@code train.Evaluator} and {@code model.Storage}.
 *
 * <p>The walk of a row: {@link io.lakeprop.spark.LakeTable} opens the table, {@link
 * io.lakeprop.spark.Columns} casts it to the canonical columns (content hash, weight, offset,
 * labels, features), {@link io.lakeprop.spark.TableStatistics} binds the encoder, {@link
 * io.lakeprop.spark.BlockPacker} places, sorts, encodes and caches, {@link
 * io.lakeprop.spark.ResidentRounds} or {@link io.lakeprop.spark.JobRounds}, as {@link
 * io.lakeprop.spark.RoundsChoice} allows and {@link io.lakeprop.spark.FastestRounds} finds faster,
 * reads the blocks round after round.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>CSV and the texts of JSON are read by the package {@code text}: {@link
 *       io.lakeprop.spark.CsvTable} looks at every byte once, settles types, and hands chunks to
 *       tasks; {@link io.lakeprop.spark.TextColumns} does the same for texts in the objects of JSON
 *       and in the names of folders. {@link io.lakeprop.spark.JsonTable} finds the values of JSON
 *       files in the same way, with the place of each, and hands each object to Spark's {@code
 *       from_json}. How the training table was read goes into the model ({@code
 *       data.TableMeaning}).
 *   <li>The footers of all Parquet and ORC files are read once before the rows ({@link
 *       io.lakeprop.spark.FileFooters}), in a job of their own: Spark takes the columns of the
 *       first file for those of all. Every file is read by a schema of the types that it stores,
 *       and its values are made the table's after ({@link io.lakeprop.spark.StoredColumns}):
 *       nanoseconds become timestamps, and numbers and dates values of a wider type. Where Spark
 *       reads alone, for a query or a table of the catalog, {@link io.lakeprop.spark.QueriedFiles}
 *       refuses files whose types it would mistake.
 *   <li>A file that has a first line where the job gives a schema is read by the names in it. A
 *       first line with none of the schema's names is passed over where no row could look like it,
 *       and refused otherwise ({@link io.lakeprop.spark.SchemaTitle}): it may be the first row.
 *   <li>A key of JSON that no object has is a missing value where the model knows the column, since
 *       writers leave such keys out; {@link io.lakeprop.spark.FeatureColumns} refuses it where the
 *       objects have a key like it, which is a misspelling, or none of the features at all.
 *   <li>Texts that a job lists as missing count in every format ({@link
 *       io.lakeprop.spark.MarkedValues} looks for them in whatever has types of its own: Parquet,
 *       ORC, numbers of JSON, formats that Spark alone reads, the catalog and queries), so that one
 *       table means the same whatever wrote it. Texts that a job reads as numbers and vectors of
 *       Spark ML are looked at where they become numbers ({@link io.lakeprop.spark.Columns}).
 *   <li>What crosses the wire is a named record whose components are the message. Records ride in
 *       closures (Java serialisation) and never as elements, broadcasts or results, because Spark's
 *       Kryo cannot write them.
 *   <li>A theta above half a megabyte never rides in a closure: it is a broadcast that is destroyed
 *       after its round. A smaller one rides within the job ({@link io.lakeprop.spark.SentTheta}):
 *       one broadcast less to ask for, a sixth of a round of 77 thousand parameters on two
 *       processes, for a copy a task. Gradients are made on the executors.
 *   <li>A row's place depends on a hash of its canonical values: 1 as an int and as a long hash
 *       alike, and so do CSV and Parquet.
 *   <li>The order in which a row's values are hashed is older than that of the canonical columns,
 *       and stays: labels, weight, offset where there is one, features in the order of their names.
 *       A table's own order of columns is an accident of its writer. The weight is hashed as 1: its
 *       unit must not decide where a row stands. What a row holds in all ({@link
 *       io.lakeprop.data.RowContent}) has it.
 *   <li>A row's split depends on a hash of its features alone ({@link
 *       io.lakeprop.spark.HashSplits}), and the splits' ends move where few kinds of rows would
 *       leave one empty; its place among the rows of the split on that of all its content, since
 *       all rows alike in their features would otherwise be of one shard.
 *   <li>A vector of Spark ML becomes an array by a function of ours ({@link
 *       io.lakeprop.spark.MlVector}): by SQL, a sparse vector takes size times entries steps. MLlib
 *       is not needed, and not on the class path.
 *   <li>A text must be UTF-8 where it is a category. Java reads every other byte as the same mark,
 *       so that two categories of Spark's would be one of the encoder's.
 *   <li>A name of a job finds the column of the same name in Unicode's normalisation form C, unless
 *       one has exactly that name. Expressions of {@code derive} and {@code where} are Spark's, and
 *       take names as they are written.
 *   <li>Weights of a split are divided by their own exact mean before they become floats, so no
 *       weight overflows and not all vanish. The mean comes from the pass that counts the split's
 *       rows, which there is anyway. Metrics are weighted means: the scale does not reach them.
 *   <li>One pass counts the rows of all splits and sums their content, packing does both again, and
 *       the two must agree ({@link io.lakeprop.spark.SameRows}); the pass over values says how many
 *       rows it met. A table of its own is read once before it is packed, with all its columns: a
 *       count alone would not know its weights or whether it changed. Shards have a mark of their
 *       rows and content on the driver, and every reader of blocks compares it, because nobody can
 *       tell a cached block from one that was packed again.
 *   <li>Rare classes are learnt in a pass over the labels of the training rows before all others,
 *       where a job asks for it; with several labels again, until no label's rows take classes from
 *       another's.
 *   <li>{@code evaluate} predicts where the rows are and sends what a metric takes in, not rows, to
 *       {@link io.lakeprop.spark.TableEvaluation}. It multiplies with a kernel that rounds a row
 *       alike wherever it stands in a batch ({@code Kernel.rowByRow}), which OpenBLAS is not.
 *   <li>Resident tasks belong to an ordinary job, not to a barrier stage. Spark refuses barrier
 *       stages over a part of an RDD's partitions (a round reads one group) and under dynamic
 *       allocation, reruns all of a stage's tasks for one that failed, and gives up at the fourth.
 *       What a barrier gives, all tasks at once, is not needed for the bits; when some task has no
 *       slot for a minute, rounds go on as jobs, and are resident again after a pause, twice as
 *       long each time, when the cluster has the slots: a lost executor may have been replaced.
 *   <li>A resident task's part of a round is a pure function of (theta, round, blocks), and counts
 *       once. So nobody has to know which attempt of a task is the right one, only that those of an
 *       earlier attempt of the stage must give their slots back: as killed tasks, because Spark
 *       would take a task that ends well for a partition that is done.
 *   <li>The messages of resident rounds are arrays of bytes ({@link io.lakeprop.spark.Question}).
 *       An executor's RPC cannot load classes that came in the application's jar, and closes the
 *       connection when it is sent one. Besides, bytes are three times as fast as Java
 *       serialisation of a {@code float[]}, theta is written once for all tasks, and nothing is
 *       shared by reference in local mode, where a task that Spark has given up may still be
 *       computing.
 *   <li>The driver's side of the plugin answers on one thread for all tasks, so it only takes
 *       notes; sums are read and added by the thread that asked for the round.
 *   <li>In local mode a resident task asks the driver's board itself and stays awake for the first
 *       milliseconds of a wait. The message would go through three threads, each of which wakes the
 *       next on a core that a task has just left; the system then had both tasks on one core, the
 *       other one idle, for a twelfth of the time of rounds of 8,192 rows (its scheduler's trace
 *       shows it). Staying awake while asking by message made it worse. Tried and left out: tasks
 *       of one JVM that take slices from each other, 1 in 100 on an idle machine and 3 beside other
 *       work, which is within what runs differ by, for 150 lines.
 *   <li>Resident tasks hold all slots, so every other job of ours frees them first through {@link
 *       io.lakeprop.spark.Slots}; leaving and starting again costs two or three job overheads an
 *       evaluation.
 *   <li>A round may come in parts ({@code training.accumulate}): part j of k has the slices from j
 *       S / k, spread over all tasks ({@link io.lakeprop.spark.Placement}), and its nodes go into
 *       the one tree of all slices, so parts do not show in the bits. The loop over parts is in
 *       each adapter, where theta's broadcast and the stay of resident tasks outlive a part; the
 *       trainer and its port know rounds only. A task keeps the blocks of all its parts in one
 *       partition and passes over those of others: partitions of their own would save that, but a
 *       resident task could then not hold its blocks for a whole round. Its messages have theta in
 *       every part, so that a task that was lost may join in any.
 *   <li>Where a part's slices are not those of one node of the tree (k does not divide them, or not
 *       in halves), it brings more nodes than a round at once would; {@link
 *       io.lakeprop.spark.RoundLoad} counts them.
 *   <li>Limits are counted before the start, speed is measured in the run. What a round brings to
 *       the driver and its heap follows from slices, tasks and parameters ({@link
 *       io.lakeprop.spark.RoundLoad}); a way that does not fit is not tried, and when none fits the
 *       run is refused before the table is packed. Which of the ways that fit is the fastest
 *       depends on the network, the driver and the number of executors, so the first rounds try
 *       them ({@link io.lakeprop.spark.Race}) instead of a formula with constants that would be
 *       those of another cluster. All give the same bits, so a clock may decide; a run of two tasks
 *       whose driver has room has one way and no trial.
 *   <li>Resident rounds stand first in the trial, and in local mode alone, where nothing travels:
 *       measured there and on two processes they took less than half the time of job rounds at 32
 *       MB a round, and a thirteenth or less at 0.6 MB. With many executors and a large theta the
 *       driver sends every task its own copy, and job rounds, whose broadcast does not, may win.
 *   <li>Adding tasks take the nodes below one node of the round's tree each, so that exactly one
 *       node leaves each of them. Cut at equal parts of the leaves, 4 of them left 10 nodes of 33.
 *   <li>The files of an aggregation's shuffle are removed after the round; Spark itself waits until
 *       the driver collects garbage, and by then they may fill a disk.
 *   <li>A job round whose sums go straight to the driver maps no RDD and collects none: its part is
 *       the function of the job. Every Scala closure makes Spark parse its own largest classes to
 *       clean it, 3 samples of 10 in a profile of rounds of 80 thousand parameters in local mode.
 *       Without, such a round takes no longer there than an empty {@code count}, which has one.
 *   <li>Tried for the rest and left out: theta as a message of the plugin (what riding within the
 *       job saves, and more code); smaller blocks or no checksum of broadcasts, a larger buffer for
 *       Kryo (nothing); a serializer of our own for a {@code float[]} (Spark's Kryo writes it in
 *       bulk already, {@code spark.kryo.unsafe} is on by default).
 *   <li>Every job says what it is for in a local property ({@link io.lakeprop.spark.Work}), which
 *       reaches the jobs that Spark SQL starts on its own threads, too; a call site does not.
 *       {@link io.lakeprop.spark.ClusterWatch} reads it and tells of faults in those words.
 *   <li>A task's failure is told when the task starts again: of one that does not, the command's
 *       last line tells. Of a kind of fault the 1st, 2nd, 4th, 8th ... is told; the report has all.
 *   <li>No executor is given up by us: one that is gone, Spark replaces; one that hangs, Spark
 *       gives up after {@code spark.network.timeout}. Until then a resident round waits.
 *   <li>The sums of an evaluation take the ways that gradients take: those of classes are a
 *       megabyte or more from each task, of which a table of many groups has thousands.
 *   <li>Rows that are scored travel with their own columns as Java objects, a batch at a time,
 *       since a function of columns would be asked row by row. Their dates and timestamps are those
 *       of {@code java.time} ({@link io.lakeprop.spark.SparkScorer#predict}), which have every day
 *       that Spark's have.
 *   <li>A scored table for CSV is of texts that Spark's casts make ({@link
 *       io.lakeprop.spark.CsvOutput}): the CSV writer's own formats cut timestamps and blanks.
 *       Timestamps carry no zone, as those of most tables; it is the session's.
 *   <li>Classes whose columns would clash in CSV are refused rather than renamed: nobody could tell
 *       from {@code probability_yes_2} which class it is.
 * </ul>
 */
package io.lakeprop.spark;
