package io.lakeprop.job;

import io.lakeprop.eval.NotANumber;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.train.Diverged;
import io.lakeprop.train.Ending;
import io.lakeprop.train.Keeper;
import io.lakeprop.train.Trainer;
import io.lakeprop.train.TrainerState;
import java.util.Optional;
import java.util.function.Function;

/**
 * A training whose state is kept: as often as the job says, when a signal asks to stop, and when a
 * round fails because the cluster is gone.
 */
record KeptTraining(
    Function<Keeper, Trainer> trainer,
    CheckpointFiles files,
    CheckpointSettings settings,
    long roundsPerEpoch,
    Checkpoints.Run run,
    Console console) {
  /**
   * How it has gone.
   *
   * @param why it is over; empty where a signal has ended it early
   * @param exitCode that the signal asks for
   */
  record Outcome(Optional<Ending> why, int exitCode) {}

  /** Goes on from a state. */
  Outcome train(TrainerState state) {
    try (Interruption interruption = new Interruption(this::stopping);
        Checkpoints checkpoints =
            new Checkpoints(files, settings, roundsPerEpoch, run, interruption::isAsked, state)) {
      Trainer loop = trainer.apply(checkpoints);
      try {
        loop.run(state);
      } catch (Diverged | NotANumber | Checkpoints.Failed | RunLock.Lost e) {
        throw e;
      } catch (Exception e) { // Spark throws checked ones, too, without saying so.
        keepAfter(e, state, checkpoints);
        if (!interruption.isAsked() || !state.whole()) {
          throw e;
        }
      }
      if (!interruption.isAsked() || loop.ended(state)) {
        return new Outcome(loop.ending(state), 0);
      }
      checkpoints.write(state);
      stopped(state, checkpoints);
      return new Outcome(Optional.empty(), interruption.exitCode());
    }
  }

  private void stopping() {
    console.line("stopping", "after this round; a second signal ends it at once");
  }

  private void stopped(TrainerState state, Checkpoints checkpoints) {
    long kept = checkpoints.lastRound();
    if (kept > 0) {
      String from = kept == state.round() ? "there" : "round %,d".formatted(kept);
      console.line("stopped", "after round %,d; --resume goes on from %s", state.round(), from);
    } else {
      console.line("stopped", "after round %,d, which nothing has kept", state.round());
    }
  }

  /** Keeps what was reached before a round failed; the failure is what is told. */
  private void keepAfter(Exception failure, TrainerState state, Checkpoints checkpoints) {
    if (state.whole()) {
      try {
        checkpoints.write(state);
      } catch (Checkpoints.Failed e) {
        failure.addSuppressed(e);
      }
    }
    if (checkpoints.lastRound() > 0) {
      console.line("kept", "round %,d; --resume goes on from there", checkpoints.lastRound());
    }
  }
}
