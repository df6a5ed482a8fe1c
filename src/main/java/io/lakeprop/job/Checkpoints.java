package io.lakeprop.job;

import io.lakeprop.model.Checkpoint;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.Model;
import io.lakeprop.model.Snapshot;
import io.lakeprop.spark.Failures;
import io.lakeprop.train.Keeper;
import io.lakeprop.train.Snapshots;
import io.lakeprop.train.TrainerState;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Writes checkpoints while rounds go on: the state is copied between two rounds, and a thread of
 * its own writes the copy. While one is being written no other is begun; the next one waits for its
 * end.
 */
final class Checkpoints implements Keeper, AutoCloseable {
  /** A file system that refuses once may have a bad moment. */
  private static final int ATTEMPTS = 3;

  private static final long PAUSE_MILLIS = 2_000;

  private static final long LAST_SECONDS = 60;

  private final CheckpointFiles files;
  private final CheckpointSettings settings;
  private final OptionalLong every;
  private final Run run;
  private final BooleanSupplier stop;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(new DaemonThread("lakeprop-checkpoints"));
  private Future<?> writing;
  private long lastNanos = System.nanoTime();
  private volatile long lastRound;
  private volatile OptionalLong writtenBest;
  private boolean due;

  /** The run that is kept. */
  interface Run {
    /** Of a state that has been judged. */
    Model best(TrainerState state);

    SortedMap<String, String> facts();

    String job();

    /**
     * Between two rounds, before a checkpoint of these rounds is written. What this returns is
     * closed before any file of it.
     */
    Closeable beforeCheckpoint(long round) throws IOException;
  }

  /**
   * @param stop whether training is to end before the next round
   * @param from the state to begin with: it is on the disk, or is the start
   */
  Checkpoints(
      CheckpointFiles files,
      CheckpointSettings settings,
      long roundsPerEpoch,
      Run run,
      BooleanSupplier stop,
      TrainerState from) {
    this.files = files;
    this.settings = settings;
    this.every = settings.rounds(roundsPerEpoch);
    this.run = run;
    this.stop = stop;
    this.lastRound = from.round();
    this.writtenBest = best(from);
  }

  private static OptionalLong best(TrainerState state) {
    return state.judged() ? OptionalLong.of(state.bestRound()) : OptionalLong.empty();
  }

  @Override
  public boolean asksToStop() {
    return stop.getAsBoolean();
  }

  @Override
  public void roundDone(TrainerState state, boolean last) {
    if (!settings.any()) {
      return;
    }
    due |= isDue(state.round());
    if (last) {
      write(state);
    } else if (due && isIdle()) {
      begin(state);
    }
  }

  private boolean isDue(long round) {
    boolean rounds = every.isPresent() && round % every.getAsLong() == 0;
    double minutes = (System.nanoTime() - lastNanos) / 60e9;
    return rounds || (settings.minutes() > 0 && minutes >= settings.minutes());
  }

  private boolean isIdle() {
    if (writing != null && writing.isDone()) {
      await();
    }
    return writing == null;
  }

  /** Writes the state now, and returns when it is on the disk. */
  void write(TrainerState state) {
    await();
    if (settings.any() && (state.round() > lastRound || !best(state).equals(writtenBest))) {
      begin(state);
      await();
    }
  }

  /** The round of the last checkpoint, or that of the start; 0 when there is none. */
  long lastRound() {
    return lastRound;
  }

  private void begin(TrainerState state) {
    OptionalLong best = best(state);
    Optional<Model> newBest =
        best.equals(writtenBest) ? Optional.empty() : Optional.of(run.best(state));
    Snapshot snapshot = Snapshots.of(state);
    Checkpoint checkpoint = new Checkpoint(state.round(), snapshot, best, run.facts(), run.job());
    Closeable before;
    try {
      before = run.beforeCheckpoint(state.round());
    } catch (IOException e) {
      throw failure(e);
    }
    due = false;
    lastNanos = System.nanoTime();
    writing = writer.submit(() -> write(before, checkpoint, newBest));
  }

  private Void write(Closeable before, Checkpoint checkpoint, Optional<Model> newBest)
      throws IOException, InterruptedException {
    before.close(); // Not tried again: a stream that failed to close has nothing more to give.
    if (newBest.isPresent()) {
      tried(() -> files.writeBest(checkpoint.best().getAsLong(), newBest.get()));
    }
    tried(() -> files.write(checkpoint));
    lastRound = checkpoint.round();
    writtenBest = checkpoint.best();
    tried(() -> files.prune(checkpoint.round(), settings.keep()));
    return null;
  }

  /** A step on files. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** What is done is not done again when the next step fails: it may be all that there is. */
  private static void tried(Step step) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  /** Waits for the one being written. */
  private void await() {
    if (writing == null) {
      return;
    }
    try {
      writing.get();
      writing = null;
    } catch (ExecutionException e) {
      writing = null;
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(e);
    }
  }

  private Failed failure(Throwable cause) {
    String goesOn =
        lastRound > 0
            ? "the run can go on from round %,d: --resume".formatted(lastRound)
            : "the run has none before it";
    return new Failed(
        "a checkpoint could not be written: %s; %s".formatted(Failures.firstLine(cause), goesOn),
        cause);
  }

  /** What cannot be kept must not go on: nobody wants to lose it later. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  @Override
  public void close() {
    writer.shutdown();
    try {
      // Whoever fails now wants the one that is being written, and gives the folder back soon.
      boolean unused = writer.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
