package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.ParameterLayout.Placed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slots of a group are trained as the job says, and all others as if there were no groups. */
final class ParameterGroupTest {
  private static final double RATE = 0.25;

  @TempDir private static Path folder;
  private static Path job;

  @BeforeAll
  static void tableAndJob() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 300, Csv::shop));
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %s/shops.csv
            label: kind
            output: %s
            validation: none
            test: none
            network: {hidden: [7, 6, 5], norm: batch, output_bias: zero}
            training: {rounds: 1, batch: 300}
            optimizer: {type: sgd, learning_rate: %s}
            """
                .formatted(folder, folder.resolve("run"), RATE));
  }

  /** Each slot of the trained model, by its name. */
  private static Map<String, float[]> trained(String... settings) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", job.toString(), "--overwrite"));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    Ran.lakeprop(arguments.toArray(String[]::new)).done();
    return slots(model().network(), model().theta());
  }

  private static Model model() throws IOException {
    return ModelFiles.read(new LocalStorage(), folder.resolve("run").toString());
  }

  private static Map<String, float[]> start() throws IOException {
    Network network = model().network();
    return slots(network, Initializer.suited(network, 1));
  }

  private static Map<String, float[]> slots(Network network, float[] theta) {
    Map<String, float[]> slots = new TreeMap<>();
    for (Placed placed : network.layout().slots()) {
      slots.put(placed.name(), Arrays.copyOfRange(theta, placed.offset(), placed.end()));
    }
    return slots;
  }

  /** A step of SGD is {@code rate factor (g + decay w)}; g follows from a job without groups. */
  @Test
  void ownRatesAndDecays() throws IOException {
    Map<String, float[]> plain = trained();
    Map<String, float[]> start = start();
    Map<String, float[]> grouped =
        trained(
            "optimizer.weight_decay=0.125",
            "optimizer.groups=[{slots: hidden1.weight, rate: 0.5, weight_decay: 0.75},"
                + " {slots: 'hidden?.norm.scale', weight_decay: 0.25}, {role: bias, rate: 3},"
                + " {slots: hidden2.*, frozen: true}, {slots: '*', rate: 1}]");
    assertEquals(plain.keySet(), grouped.keySet());
    for (String slot : plain.keySet()) {
      boolean bias = slot.endsWith("bias");
      double factor = bias ? 3 : slot.equals("hidden1.weight") ? 0.5 : 1;
      double decay =
          switch (slot) {
            case "hidden1.weight" -> 0.75;
            case "hidden1.norm.scale", "hidden2.norm.scale", "hidden3.norm.scale" -> 0.25;
            default -> slot.endsWith("weight") ? 0.125 : 0;
          };
      boolean frozen = slot.equals("hidden2.weight");
      boolean learnt = !slot.contains("running");
      for (int i = 0; i < plain.get(slot).length; i++) {
        double w = start.get(slot)[i];
        double step = plain.get(slot)[i] - w;
        double expected = learnt ? w + factor * (step - RATE * decay * w) : w + step;
        assertEquals(frozen ? w : expected, grouped.get(slot)[i], 2e-7 * factor, slot);
      }
    }
    // Decay of weights and moments of norms show in the first round, or there is nothing to see.
    assertFalse(Arrays.equals(start.get("hidden3.weight"), plain.get("hidden3.weight")));
  }

  /** Momentum, decay and clipping find a way to everything but what is frozen. */
  @Test
  void frozenBitsStay() throws IOException {
    Map<String, float[]> after =
        trained(
            "training={epochs: 4, batch: 64}",
            "optimizer={type: adamw, learning_rate: 0.01, weight_decay: 0.1, l1: 0.01, max_norm:"
                + " 0.5, clip_norm: 0.1, groups: [{slots: 'hidden2.*', frozen: true}, {slots:"
                + " head.bias, frozen: true}]}");
    Map<String, float[]> start = start();
    int frozen = 0;
    for (String slot : start.keySet()) {
      boolean moments = slot.contains("running");
      if (!moments && (slot.startsWith("hidden2.") || slot.equals("head.bias"))) {
        assertArrayEquals(bits(start.get(slot)), bits(after.get(slot)), slot);
        frozen++;
      } else {
        assertFalse(Arrays.equals(bits(start.get(slot)), bits(after.get(slot))), slot);
      }
    }
    assertEquals(5, frozen);
    assertTrue(after.containsKey("hidden2.norm.running_mean"), "which rounds go on moving");
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
