package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.Outage;
import io.lakeprop.train.Keeper;
import io.lakeprop.train.TrainerState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds go on while a checkpoint is written, however long the file system takes. */
@Timeout(60)
final class CheckpointPaceTest {
  private static final int ROUNDS = 60;
  private static final int EVERY = 2;

  /** Rounds that are done before any step of writing a checkpoint is. */
  private static final int SLOW = 3;

  @TempDir private Path folder;

  private final AtomicLong rounds = new AtomicLong();
  private final ConcurrentSkipListSet<String> waited = new ConcurrentSkipListSet<>();

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"file", "store"})
  void roundsDoNotWaitForFiles(String scheme) throws IOException {
    Outage slow = Outage.none();
    slow.before(
        step -> {
          if (Thread.currentThread().getName().startsWith("lakeprop-checkpoints")) {
            waited.add(step);
            awaitRounds(Math.min(rounds.get() + SLOW, ROUNDS));
          }
        });
    train(scheme, slow, "slow");
    assertTrue(waited.stream().anyMatch(step -> step.contains("theta.safetensors")), scheme);
    assertTrue(waited.stream().anyMatch(step -> step.contains("SHA256SUMS")), scheme);
    assertEquals(
        scheme.equals("store"),
        waited.stream().anyMatch(step -> step.startsWith("close ") && step.contains("/rounds")));
    train(scheme, Outage.none(), "fast");
    assertArrayEquals(theta("fast"), theta("slow"));
  }

  private void train(String scheme, Outage outage, String run) throws IOException {
    rounds.set(0);
    HadoopStorage storage = new HadoopStorage(outage.configuration(new Configuration(false)));
    Console console = new Console(new PrintStream(OutputStream.nullOutputStream()), false);
    String output = scheme + "://" + folder.resolve(run);
    SmallTraining training =
        new SmallTraining(storage, console, output, ROUNDS, EVERY, Counting::new);
    assertEquals(0, training.run(RunFolder.Earlier.REFUSE));
    CheckpointFiles files = new CheckpointFiles(storage, RunFolder.checkpoints(output));
    assertEquals(CheckpointFiles.name(ROUNDS), files.last((name, why) -> {}).orElseThrow().name());
  }

  private byte[] theta(String run) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve("model/theta.safetensors"));
  }

  private void awaitRounds(long target) {
    synchronized (rounds) {
      while (rounds.get() < target) {
        try {
          rounds.wait();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /** Counts the rounds. */
  private final class Counting implements Keeper {
    private final Checkpoints checkpoints;

    Counting(Checkpoints checkpoints) {
      this.checkpoints = checkpoints;
    }

    @Override
    public void roundDone(TrainerState state, boolean last) {
      synchronized (rounds) {
        rounds.set(state.round());
        rounds.notifyAll();
      }
      checkpoints.roundDone(state, last);
    }

    @Override
    public boolean asksToStop() {
      return checkpoints.asksToStop();
    }
  }
}
