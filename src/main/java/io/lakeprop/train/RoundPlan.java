package io.lakeprop.train;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.Mix;
import io.lakeprop.base.Permutation;
import java.io.Serial;
import java.io.Serializable;

/**
 * Which rows each slice reads in each round: a pure function of the seed, the round and the slice,
 * and of how many rows each shard has.
 *
 * <p>Shard number = group x slices + slice. A round reads one group only; a table that fits into
 * memory has one.
 */
public final class RoundPlan implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final long seed;
  private final int slices;
  private final int[] shardRows;

  /** Rounds that each group takes in an epoch. */
  private final long[] roundsOfGroup;

  private final long roundsPerEpoch;

  /**
   * One slice's part of a round.
   *
   * @param shard to read from
   * @param order of the shard's rows in this epoch
   * @param from first position in the order
   * @param to one past the last
   * @param randomSeed names this round and slice for dropout
   */
  public record Share(int shard, Permutation order, int from, int to, long randomSeed) {}

  /**
   * @param batch rows of a round
   * @param shardRows rows of each shard; as many shards as groups x slices
   */
  public RoundPlan(long seed, int batch, int slices, int[] shardRows) {
    Check.positive(batch, "batch");
    Check.positive(slices, "slices");
    Check.require(
        shardRows.length % slices == 0,
        "shards must fill groups of " + slices,
        "shards",
        shardRows.length);
    this.seed = seed;
    this.slices = slices;
    this.shardRows = shardRows.clone();
    this.roundsOfGroup = new long[shardRows.length / slices];
    long all = 0;
    for (int group = 0; group < roundsOfGroup.length; group++) {
      long rows = 0;
      for (int slice = 0; slice < slices; slice++) {
        rows += shardRows[group * slices + slice];
      }
      roundsOfGroup[group] = (rows + batch - 1) / batch;
      all += roundsOfGroup[group];
    }
    this.roundsPerEpoch = all;
    if (all == 0) {
      throw new InvalidInput("the training split must have rows, however: rows=0");
    }
  }

  /** Slices of a round. */
  public int slices() {
    return slices;
  }

  /** Groups of shards. */
  public int groups() {
    return roundsOfGroup.length;
  }

  /** Rounds that read every row once. */
  public long roundsPerEpoch() {
    return roundsPerEpoch;
  }

  /** The epoch, from 0, that a round belongs to. */
  public long epoch(long round) {
    return round / roundsPerEpoch;
  }

  /** The group of shards that a round reads. */
  public int group(long round) {
    return place(round)[0];
  }

  /** What a slice reads in a round. */
  public Share share(long round, int slice) {
    int[] place = place(round);
    int shard = place[0] * slices + slice;
    long rows = shardRows[shard];
    long rounds = roundsOfGroup[place[0]];
    // Slices take their extra rows in turns: shards of one size make rounds of one size (±1 row).
    long phase = rounds * slice / slices;
    long key = Mix.mix(Mix.mix(seed, epoch(round)), shard);
    return new Share(
        shard,
        new Permutation(shardRows[shard], key),
        (int) ((rows * place[1] + phase) / rounds),
        (int) ((rows * (place[1] + 1) + phase) / rounds),
        Mix.mix(seed, round, slice));
  }

  /** The group of a round and the round's number inside the group's part of the epoch. */
  private int[] place(long round) {
    long left = round % roundsPerEpoch;
    Permutation order = new Permutation(groups(), Mix.mix(seed, epoch(round), groups()));
    for (int i = 0; ; i++) {
      int group = order.at(i);
      if (left < roundsOfGroup[group]) {
        return new int[] {group, (int) left};
      }
      left -= roundsOfGroup[group];
    }
  }
}
