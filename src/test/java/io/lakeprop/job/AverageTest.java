package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.train.Averaging;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

/** From {@code training.average} to rounds. */
final class AverageTest {
  private static Averaging of(String average, long rounds, long roundsPerEpoch) {
    Yaml.Mapping training = new Yaml.Mapping("job.yaml:1", new LinkedHashMap<>());
    if (!average.isEmpty()) {
      training.entries().put("average", Yaml.parse("job.yaml:2", average));
    }
    Average read = Average.read(new Section("training", training));
    Averaging averaging = read.averaging(rounds, roundsPerEpoch);
    assertEquals(averaging.vectors(), read.vectors());
    return averaging;
  }

  @Test
  void defaults() {
    assertEquals(new Averaging.None(), of("", 100, 10));
    assertEquals(new Averaging.None(), of("none", 100, 10));
    assertEquals(new Averaging.Exponential(0.999), of("exponential", 100, 10));
    // The last quarter: after epochs 15 to 20.
    assertEquals(new Averaging.Uniform(150, 10), of("uniform", 200, 10));
    assertEquals(new Averaging.Uniform(150, 10), of("{type: uniform}", 200, 10));
    assertEquals(new Averaging.Uniform(1, 10), of("uniform", 1, 10));
  }

  @Test
  void keys() {
    assertEquals(new Averaging.Exponential(0.9), of("{type: exponential, decay: 0.9}", 100, 10));
    assertEquals(
        new Averaging.Uniform(25, 5),
        of("{type: uniform, from_epochs: 2.5, every_epochs: 0.5}", 100, 10));
    assertEquals(
        new Averaging.Uniform(7, 3),
        of("{type: uniform, from_rounds: 7, every_rounds: 3}", 100, 10));
    assertEquals(new Averaging.Uniform(0, 10), of("{type: uniform, from_epochs: 0}", 100, 10));
  }

  @Test
  void anAverageThatNeverBeginsIsRefused() {
    assertEquals(
        "training.average must begin within the 100 rounds of the training, however: from=110",
        assertThrows(InvalidInput.class, () -> of("{type: uniform, from_epochs: 11}", 100, 10))
            .getMessage());
  }

  /**
   * After one step 2/11 of the start are left, and from step 9 / (1 - decay) - 10 on it is decay.
   */
  @Test
  void theDecayWarmsUp() {
    Averaging average = new Averaging.Exponential(0.99);
    assertEquals(9 / 11.0, average.weight(1, 1, 0), 1e-15);
    assertEquals(1 - 0.99, average.weight(891, 891, 890), 1e-15);
    assertEquals(9 / 900.0, average.weight(890, 890, 889), 1e-12);
  }
}
