package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What averages say of themselves, and what they refuse. */
class AveragingRulesTest {
  @Test
  void uniformAveragesHaveAStartAndAStride() {
    assertDoesNotThrow(() -> new Averaging.Uniform(0, 1));
    assertThrows(InvalidInput.class, () -> new Averaging.Uniform(-1, 1));
    assertThrows(InvalidInput.class, () -> new Averaging.Uniform(0, 0));
    assertEquals(
        Optional.of("uniform, from round 1,000 on, every 20 rounds"),
        new Averaging.Uniform(1000, 20).words());
    assertTrue(new Averaging.Uniform(0, 1).estimatesMoments());
    assertEquals(1, new Averaging.Uniform(0, 1).vectors());
  }

  @Test
  void exponentialAveragesHaveADecay() {
    assertThrows(InvalidInput.class, () -> new Averaging.Exponential(1));
    assertEquals(Optional.of("exponential, decay 0.999"), new Averaging.Exponential(0.999).words());
    assertFalse(new Averaging.Exponential(0.9).estimatesMoments());
    assertEquals(1, new Averaging.Exponential(0.9).vectors());
  }

  @Test
  void noneCostsNothing() {
    assertEquals(Optional.empty(), new Averaging.None().words());
    assertFalse(new Averaging.None().estimatesMoments());
    assertEquals(0, new Averaging.None().vectors());
  }
}
