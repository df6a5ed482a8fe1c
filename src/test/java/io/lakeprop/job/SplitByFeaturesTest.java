package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table of few different rows whose labels follow from the features with noise: what is held out
 * says what a random draw of the rows would say. Held out by a hash of the whole row, its labels
 * are those that training did not see, and the better the network the worse the score.
 */
final class SplitByFeaturesTest {
  private static final int ROWS = 3000;

  @TempDir private Path folder;

  @Test
  void validationIsWorthWhatARandomDrawIs() throws IOException {
    List<String> rows = Csv.rows(0, ROWS, SplitByFeaturesTest::row);
    List<String> training = new ArrayList<>();
    List<String> heldOut = new ArrayList<>();
    Random random = new Random(8);
    rows.forEach(row -> (random.nextDouble() < 0.3 ? heldOut : training).add(row));
    Csv.write(folder.resolve("all.csv"), "a,b,y", rows);
    Csv.write(folder.resolve("training.csv"), "a,b,y", training);
    Csv.write(folder.resolve("validation.csv"), "a,b,y", heldOut);
    double drawn = auc("training.csv", "validation={path: %s/validation.csv}".formatted(folder));
    double hashed = auc("all.csv", "validation=0.3");
    assertTrue(drawn > 0.65, "drawn " + drawn);
    assertEquals(drawn, hashed, 0.06);
  }

  private double auc(String table, String validation) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %s/%s
            label: {column: y, task: classification}
            output: %s/run-%s
            test: none
            network: {hidden: 32}
            training: {epochs: 10, batch: 128, checkpoints: none}
            """
                .formatted(folder, table, folder, table));
    Ran.lakeprop("train", job.toString(), "--set", validation).done();
    return Ran.json(folder.resolve("run-" + table + "/report.json"))
        .at("/metrics/validation/auc")
        .doubleValue();
  }

  /** 25 x 26 different rows of features, about five rows each; 1 or 0 by a draw of its own. */
  private static String row(int i) {
    Random random = new Random(41L * i + 3);
    int a = random.nextInt(25);
    int b = random.nextInt(26);
    double score = (a - 12) / 8.0 + (b - 12.5) / 9.0;
    return "%d,%d,%d".formatted(a, b, random.nextDouble() < 1 / (1 + Math.exp(-score)) ? 1 : 0);
  }
}
