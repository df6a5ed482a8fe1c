package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checkpoints of every format version still load, to the bit. */
class OldCheckpointTest {
  @Test
  void theFirstVersionIsReadToTheBit() throws IOException {
    String folder = "src/test/resources/checkpoints/v1";
    List<String> told = new ArrayList<>();
    CheckpointFiles.Found found =
        new CheckpointFiles(new LocalStorage(), folder)
            .last((name, why) -> told.add(why))
            .orElseThrow(() -> new AssertionError(told));
    assertEquals("round-000000020", found.name());
    assertEquals(
        TinyCheckpoint.bits(TinyCheckpoint.of(20, 15)), TinyCheckpoint.bits(found.checkpoint()));
    assertArrayEquals(new float[] {2, 15}, found.best().orElseThrow().theta());
  }
}
