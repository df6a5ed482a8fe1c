package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A head without weights starts at the entropy of the labels, whatever the features. */
class OutputBiasTest {
  @Test
  void theFirstLossIsTheEntropyOfTheLabels() {
    assertEquals(entropy(7, 1, 12), firstLoss(new SoftmaxCrossEntropy(3), 7, 1, 12), 1e-6);
    assertEquals(entropy(18, 2), firstLoss(new BinaryCrossEntropy(), 18, 2), 1e-6);
  }

  private static double entropy(double... counts) {
    double all = 0;
    for (double count : counts) {
      all += count;
    }
    double entropy = 0;
    for (double count : counts) {
      entropy -= count / all * Math.log(count / all);
    }
    return entropy;
  }

  /** The mean loss of rows with these labels under a fresh network whose head has no weights. */
  private static double firstLoss(OneLabelLoss loss, double... counts) {
    TableInput input = new TableInput(2, List.of());
    Network network = Network.perceptron(input, List.of(5), Nonlinearity.TANH, 0, loss.logits());
    float[] theta = Initializer.suited(network, 9);
    int head = theta.length - loss.logits() - 5 * loss.logits();
    Arrays.fill(theta, head, theta.length, 0);
    OutputBias.set(network, theta, loss.constant(LabelDistribution.ofClasses(counts)));
    int rows = 20;
    Workspace workspace = new Workspace(network, rows, new EjmlGemm());
    int row = 0;
    for (int c = 0; c < counts.length; c++) {
      for (int i = 0; i < counts[c]; i++, row++) {
        workspace.put(row, new float[] {row - 9, 3 * i}, 0, new int[0], 0);
        workspace.labels()[row] = c;
      }
    }
    network.forward(workspace, theta, rows, null);
    loss.losses(rows, workspace.logits(), workspace.labels(), workspace.losses());
    double sum = 0;
    for (float value : workspace.losses()) {
      sum += value;
    }
    return sum / rows;
  }

  @Test
  void onlyTheLastBiasIsWritten() {
    TableInput input = new TableInput(2, List.of());
    Network network = Network.perceptron(input, List.of(5), Nonlinearity.TANH, 0, 3);
    float[] before = Initializer.suited(network, 9);
    float[] theta = before.clone();
    OutputBias.set(network, theta, new float[] {1, 2, 3});
    for (int i = 0; i < theta.length; i++) {
      int logit = i - (theta.length - 3);
      assertEquals(logit < 0 ? before[i] : 1 + logit, theta[i]);
    }
    assertThrows(InvalidInput.class, () -> OutputBias.set(network, theta, new float[2]));
  }

  @Test
  void aClassWithoutWeightStartsAtAFiniteLogit() {
    double[] none = {0, 5, 5};
    float[] logits = new SoftmaxCrossEntropy(3).constant(LabelDistribution.ofClasses(none));
    assertEquals(Math.log(1e-6), logits[0], 1e-5);
    assertThrows(InvalidInput.class, () -> LabelDistribution.ofClasses(new double[3]));
  }
}
