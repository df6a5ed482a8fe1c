/**
 * The engine's side: tables, statistics, packing, rounds, scoring and files on Apache Spark.
 *
 * <p>May import: Spark, Hadoop's FileSystem, and {@code train}, {@code model}, {@code nn}, {@code
 * data}, {@code eval}, {@code base}. Implements the ports {@code train.RoundRunner}, {@code
 * train.Evaluator} and {@code model.Storage}.
 *
 * <p>The walk of a row: {@link io.lakeprop.spark.LakeTable} opens the table, {@link
 * io.lakeprop.spark.Columns} casts it to the canonical columns (content hash, label, weight,
 * features), {@link io.lakeprop.spark.TableStatistics} binds the encoder, {@link
 * io.lakeprop.spark.BlockPacker} places, sorts, encodes and caches, {@link
 * io.lakeprop.spark.JobRounds} reads the blocks round after round.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>What crosses the wire is a named record whose components are the message. Records ride in
 *       closures (Java serialisation) and never as elements, broadcasts or results, because Spark's
 *       Kryo cannot write them.
 *   <li>Theta and gradients never ride in a closure: theta is a broadcast that is destroyed after
 *       its round, gradients are made on the executors.
 *   <li>A row's place depends on a hash of its canonical values: 1 as an int and as a long hash
 *       alike, and so do CSV and Parquet.
 * </ul>
 */
package io.lakeprop.spark;
