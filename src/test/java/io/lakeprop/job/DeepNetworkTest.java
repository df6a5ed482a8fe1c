package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What makes deep networks and high rates fail, what the trainer says of it, and that what it says
 * to try helps; on letter recognition (26 classes), from the folder in {@code -Dlake.dir}.
 */
final class DeepNetworkTest {
  private static final Path TABLE =
      Path.of(System.getProperty("lake.dir", "data"))
          .toAbsolutePath()
          .resolve("letter/letter.tsv.gz");

  private static final String THIRTY = "32" + ", 32".repeat(29);

  @TempDir private Path folder;

  @BeforeEach
  void tableIsThere() {
    Assumptions.assumeTrue(
        Files.exists(TABLE), "the table " + TABLE + " must be there (-Dlake.dir=FOLDER)");
  }

  @Test
  void thirtySigmoidLayersDoNotTrainAndTheReasonIsNamed() throws IOException {
    Ran ran =
        train(
            "hidden: [%s], activation: sigmoid".formatted(THIRTY),
            "{type: adam, learning_rate: 0.003}");
    ran.done();
    // A 26th of the rows is what guessing gets.
    assertTrue(accuracy() < 0.1, "accuracy " + accuracy());
    String line = ran.out().lines().filter(l -> l.startsWith("warning")).findFirst().orElse("");
    assertTrue(line.contains("gradients vanish: those of hidden1 are "), ran.out());
    assertTrue(line.contains("network.type: residual"), line);
    assertTrue(line.contains("another network.activation than sigmoid"), line);
    JsonNode warning = report().at("/warnings/0");
    assertEquals("vanishing_gradients", warning.get("warning").textValue());
    assertEquals("hidden1", warning.at("/layers/0").textValue());
  }

  @Test
  void asManyTrainAsResidualBlocksWithNormalisation() throws IOException {
    String network =
        "type: residual, blocks: 15, width: 32, inner: 32, activation: sigmoid, norm: layer";
    Ran ran = train(network, "{type: adam, learning_rate: 0.003}").done();
    assertTrue(accuracy() > 0.75, "accuracy " + accuracy());
    assertFalse(ran.out().contains("warning"), ran.out());
  }

  /** 0.1 is a good rate for this network. */
  @Test
  void aRateAHundredTimesTooHighExplodesWithoutClippingAndTrainsWithIt() throws IOException {
    String network = "hidden: [64, 64, 64]";
    Ran exploded = train(network, "{type: sgd, learning_rate: 10}");
    assertEquals(1, exploded.code());
    assertTrue(exploded.out().contains("training explodes: "), exploded.out());
    assertTrue(exploded.err().contains("diverged: "), exploded.err());
    assertTrue(exploded.err().contains("optimizer.clip_norm"), exploded.err());

    train(network, "{type: sgd, learning_rate: 0.1}").done();
    double good = accuracy();
    train(network, "{type: sgd, learning_rate: 10, clip_norm: 0.02}").done();
    double clipped = accuracy();
    assertTrue(clipped > 0.7 && clipped > good - 0.05, clipped + " against " + good);
    assertTrue(report().get("clipped").doubleValue() > 0.9, report().toString());
  }

  private JsonNode report() {
    return Ran.json(folder.resolve("run/report.json"));
  }

  private double accuracy() {
    return report().at("/metrics/test/accuracy").doubleValue();
  }

  private Ran train(String network, String optimizer) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table:
              path: %s
              format: csv
              options: {header: true, sep: "\\t", inferSchema: true}
            label: {column: target, task: classification}
            validation: none
            test: 0.2
            output: %s
            network: {dropout: 0, %s}
            training: {epochs: 4, batch: 128}
            optimizer: %s
            """
                .formatted(TABLE, folder.resolve("run"), network, optimizer));
    return Ran.inSharedSession("train", job.toString(), "--overwrite");
  }
}
