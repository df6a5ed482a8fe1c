package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no reader of a model takes is refused while nothing has been trained. */
final class TooLargeModelTest {
  @TempDir private Path folder;

  @Test
  void aTextThatNoReaderTakesEndsTheRunBeforeItsFirstRound() throws IOException {
    StringBuilder csv = new StringBuilder("x,y\n");
    for (int i = 0; i < 30; i++) {
      csv.append(i).append(',').append(i % 3).append('\n');
    }
    Files.writeString(folder.resolve("t.csv"), csv);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table:
              path: %1$s/t.csv
              derive: {document: "if(x %% 2 = 0, repeat('x', 20000001), 'b')"}
            label: y
            validation: none
            test: none
            output: %1$s/run
            training: {epochs: 1}
            """
                .formatted(folder));
    Ran ran = Ran.lakeprop("train", job.toString());
    assertEquals(2, ran.code());
    String message = String.join("\n", ran.errors());
    for (String part :
        List.of(
            "at most 20,000,000 characters in a text",
            "column \"document\" has 20,000,001",
            "features.exclude")) {
      assertTrue(message.contains(part), message.substring(0, Math.min(1000, message.length())));
    }
    assertFalse(Files.exists(folder.resolve("run/rounds.jsonl")));
  }
}
