package io.lakeprop.train;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Checkpoint;
import io.lakeprop.model.Snapshot;
import io.lakeprop.optim.Memory;
import io.lakeprop.optim.Plateau;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A {@link TrainerState} as a {@link Snapshot}, and back: n rounds are k rounds, a snapshot, and n
 * - k rounds, bit for bit.
 *
 * <p>The best theta is no part of a snapshot: it changes now and then only, and is kept as a model.
 *
 * <p>Names: {@code theta}, {@code average}; {@code memory.NAME} of the optimizer's vectors and
 * numbers; the same with {@code copy.} before them, of what training may go back to; and the
 * numbers of {@link TrainerState}.
 */
public final class Snapshots {
  private static final String THETA = "theta";
  private static final String AVERAGE = "average";
  private static final String MEMORY = "memory.";
  private static final String COPY = "copy.";

  private Snapshots() {}

  /**
   * Vectors that an optimizer may remember, so that a checkpoint takes them beside theta.
   *
   * @param averages of theta
   * @param copied whether training may go back to a copy of all of them
   */
  public static int mostOfMemory(int averages, boolean copied) {
    return Checkpoint.MOST_VECTORS / (copied ? 2 : 1) - 1 - averages;
  }

  /** A copy of all that changes, but for the best theta. */
  public static Snapshot of(TrainerState state) {
    SortedMap<String, Double> numbers = new TreeMap<>();
    SortedMap<String, float[]> vectors = new TreeMap<>();
    put(numbers, vectors, "", state.theta, state.memory, state.average);
    progress(numbers, "", state.round, state.step, state.averaged, state.averagedAtMoments);
    numbers.put("best_score", state.bestScore);
    numbers.put("best_round", (double) state.bestRound);
    numbers.put("evaluations_since_best", (double) state.evaluationsSinceBest);
    numbers.put("plateau.factor", state.plateau.factor());
    numbers.put("plateau.best", state.plateau.best());
    numbers.put("plateau.bad", (double) state.plateau.bad());
    numbers.put("rate_factor", state.rateFactor);
    numbers.put("left_out", (double) state.leftOut);
    numbers.put("left_out_in_a_row", (double) state.leftOutInARow);
    numbers.put("retries", (double) state.retries);
    TrainerState.Copy copy = state.copy;
    if (copy != null) {
      put(numbers, vectors, COPY, copy.theta, copy.memory, copy.average);
      progress(numbers, COPY, copy.round, copy.step, copy.averaged, copy.averagedAtMoments);
    }
    return new Snapshot(numbers, vectors);
  }

  private static void put(
      SortedMap<String, Double> numbers,
      SortedMap<String, float[]> vectors,
      String prefix,
      float[] theta,
      Memory memory,
      float[] average) {
    vectors.put(prefix + THETA, theta.clone());
    memory.numbers().forEach((name, number) -> numbers.put(prefix + MEMORY + name, number));
    memory.vectors().forEach((name, own) -> vectors.put(prefix + MEMORY + name, own.clone()));
    if (average != null) {
      vectors.put(prefix + AVERAGE, average.clone());
    }
  }

  private static void progress(
      SortedMap<String, Double> numbers,
      String prefix,
      long round,
      long step,
      long averaged,
      long averagedAtMoments) {
    numbers.put(prefix + "round", (double) round);
    numbers.put(prefix + "step", (double) step);
    numbers.put(prefix + "averaged", (double) averaged);
    numbers.put(prefix + "averaged_at_moments", (double) averagedAtMoments);
  }

  /**
   * The state that a snapshot was made of.
   *
   * @param where the snapshot comes from, for messages
   * @param bestTheta null without an evaluation
   * @param parameters numbers in theta
   * @throws InvalidInput when it is not a snapshot of such a training
   */
  public static TrainerState state(
      String where, Snapshot snapshot, float[] bestTheta, int parameters) {
    Reader reader = new Reader(where, snapshot, parameters);
    TrainerState state = new TrainerState(reader.vector(THETA));
    state.memory.set(reader.memory(""));
    state.average = reader.optional(AVERAGE);
    state.round = reader.count("round");
    state.step = reader.count("step");
    state.averaged = reader.count("averaged");
    state.averagedAtMoments = reader.count("averaged_at_moments");
    state.bestTheta = bestTheta;
    state.bestScore = reader.number("best_score");
    state.bestRound = reader.count("best_round");
    state.evaluationsSinceBest = reader.small("evaluations_since_best");
    state.plateau =
        new Plateau.Progress(
            reader.number("plateau.factor"),
            reader.number("plateau.best"),
            reader.small("plateau.bad"));
    state.rateFactor = reader.number("rate_factor");
    state.leftOut = reader.count("left_out");
    state.leftOutInARow = reader.small("left_out_in_a_row");
    state.retries = reader.small("retries");
    if (snapshot.vectors().containsKey(COPY + THETA)) {
      state.copy = copy(reader, parameters);
    }
    reader.end();
    return state;
  }

  private static TrainerState.Copy copy(Reader reader, int parameters) {
    TrainerState.Copy copy = new TrainerState.Copy(parameters);
    System.arraycopy(reader.vector(COPY + THETA), 0, copy.theta, 0, parameters);
    copy.memory.set(reader.memory(COPY));
    copy.average = reader.optional(COPY + AVERAGE);
    copy.round = reader.count(COPY + "round");
    copy.step = reader.count(COPY + "step");
    copy.averaged = reader.count(COPY + "averaged");
    copy.averagedAtMoments = reader.count(COPY + "averaged_at_moments");
    return copy;
  }

  /** Takes out each name once; what is left at the end is refused. */
  private static final class Reader {
    private static final double LARGEST_COUNT = 1L << 53;

    private final String where;
    private final int parameters;
    private final TreeMap<String, Double> numbers;
    private final TreeMap<String, float[]> vectors;

    Reader(String where, Snapshot snapshot, int parameters) {
      this.where = where;
      this.parameters = parameters;
      this.numbers = new TreeMap<>(snapshot.numbers());
      this.vectors = new TreeMap<>(snapshot.vectors());
    }

    double number(String name) {
      Double number = numbers.remove(name);
      if (number == null) {
        throw refusal("number " + name + " must be there, however: it is missing");
      }
      return number;
    }

    /** A count that a double has exactly. */
    long count(String name) {
      return count(name, LARGEST_COUNT);
    }

    /** A count of 32 bits. */
    int small(String name) {
      return (int) count(name, Integer.MAX_VALUE);
    }

    private long count(String name, double largest) {
      double number = number(name);
      if (!(number >= 0 && number <= largest && number == Math.rint(number))) {
        throw refusal("number " + name + " must be a count, however: " + number);
      }
      return (long) number;
    }

    float[] vector(String name) {
      float[] vector = optional(name);
      if (vector == null) {
        throw refusal("vector " + name + " must be there, however: it is missing");
      }
      return vector;
    }

    float[] optional(String name) {
      float[] vector = vectors.remove(name);
      if (vector != null && vector.length != parameters) {
        throw refusal(
            "vector %s must have %d numbers, however: it has %d"
                .formatted(name, parameters, vector.length));
      }
      return vector;
    }

    /** All that begins as the memory does, whatever the optimizer calls it. */
    Memory memory(String prefix) {
      String start = prefix + MEMORY;
      SortedMap<String, Double> ownNumbers = new TreeMap<>();
      SortedMap<String, float[]> ownVectors = new TreeMap<>();
      for (String name : withPrefix(numbers, start)) {
        ownNumbers.put(name.substring(start.length()), numbers.remove(name));
      }
      for (String name : withPrefix(vectors, start)) {
        ownVectors.put(name.substring(start.length()), optional(name));
      }
      return Memory.of(parameters, ownVectors, ownNumbers);
    }

    private static Iterable<String> withPrefix(SortedMap<String, ?> map, String start) {
      return new TreeMap<>(map.subMap(start, start + Character.MAX_VALUE)).keySet();
    }

    void end() {
      for (Map<String, ?> left : List.of(numbers, vectors)) {
        left.keySet().stream()
            .findFirst()
            .ifPresent(
                name -> {
                  throw refusal("unknown name " + name);
                });
      }
    }

    private InvalidInput refusal(String rule) {
      return new InvalidInput(where + ": " + rule);
    }
  }
}
