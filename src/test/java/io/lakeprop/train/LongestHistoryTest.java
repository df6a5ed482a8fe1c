package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Checkpoint;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.optim.Memory;
import io.lakeprop.optim.Optimizer.LimitedMemoryBfgs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The longest history that a job may ask for is the longest that a checkpoint takes. */
class LongestHistoryTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"false, 498", "true, 248"})
  void theLongestComesBackAndALongerOneDoesNot(boolean copied, int expected) throws IOException {
    int longest = LimitedMemoryBfgs.longestHistory(Snapshots.mostOfMemory(0, copied));
    assertEquals(expected, longest);
    CheckpointFiles files = new CheckpointFiles(new LocalStorage(), folder + "/checkpoints");
    files.write(checkpoint(state(longest, copied)));
    files.prune(7, 1);
    Checkpoint read =
        files
            .last(
                (name, why) -> {
                  throw new AssertionError(name + why);
                })
            .orElseThrow()
            .checkpoint();
    TrainerState back = Snapshots.state("test", read.state(), null, 1);
    assertEquals(state(longest, copied).memory.vectors().keySet(), back.memory.vectors().keySet());
    Checkpoint longer = checkpoint(state(longest + 1, copied));
    assertThrows(InvalidInput.class, () -> files.write(longer));
  }

  private static Checkpoint checkpoint(TrainerState state) {
    return new Checkpoint(7, Snapshots.of(state), OptionalLong.empty(), new TreeMap<>(), "");
  }

  /** As many vectors as the optimizer says that it remembers. */
  private static TrainerState state(int history, boolean copied) {
    TreeMap<String, float[]> vectors = new TreeMap<>();
    for (int i = 0; i < new LimitedMemoryBfgs(history, 0).vectors(); i++) {
      vectors.put("own_" + i, new float[1]);
    }
    TrainerState state = new TrainerState(new float[1]);
    state.round = 7;
    state.memory.set(Memory.of(1, vectors, new TreeMap<>()));
    if (copied) {
      state.keepCopy();
    }
    return state;
  }
}
