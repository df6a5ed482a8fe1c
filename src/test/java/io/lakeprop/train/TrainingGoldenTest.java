package io.lakeprop.train;

import static io.lakeprop.golden.Golden.assertNear;
import static io.lakeprop.golden.Golden.floats;
import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import io.lakeprop.nn.EjmlGemm;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.TableInput;
import io.lakeprop.nn.Workspace;
import io.lakeprop.optim.RangeRule;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** The whole walk, forward, backward, sums of three unequal slices and steps, is PyTorch's. */
class TrainingGoldenTest {
  private static final double NEAR = 1e-3;

  @TestFactory
  Stream<DynamicTest> trainingAgreesWithPyTorch() {
    return Golden.tests("training", Set.of(), TrainingGoldenTest::check);
  }

  private static Executable check(JsonNode c) {
    UpdateRule optimizer =
        switch (c.get("optimizer").textValue()) {
          case "sgd" -> new UpdateRule.AddMomentum(0.9f, 0);
          case "adamw" -> new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f);
          default -> null;
        };
    return optimizer == null ? null : () -> check(c, optimizer);
  }

  private static void check(JsonNode c, UpdateRule optimizer) {
    Network network = network(c);
    ParameterLayout layout = network.layout();
    Schedule schedule =
        new Schedule.Constant(c.get("optimizer").asText().equals("sgd") ? 0.1 : 0.01);
    List<UpdateRule> rules = new ArrayList<>();
    if (!c.get("clip_global_norm").isNull()) {
      rules.add(new UpdateRule.ClipByGlobalNorm(c.get("clip_global_norm").doubleValue()));
    }
    rules.add(optimizer);
    if (optimizer instanceof UpdateRule.ScaleByAdam) {
      rules.add(new RangeRule.AddDecayedWeights(0.01, layout.ranges(slot -> true)));
    }
    rules.add(new UpdateRule.ScaleByLearningRate());
    double[] losses = numbers(c.get("loss_before_step"));
    Recorder recorder = new Recorder();
    TrainerState state =
        new Trainer(
                new FixedBatches(c, network),
                new RoundPlan(0, c.get("batch").intValue(), 1, new int[] {c.get("rows").size()}),
                layout,
                network.runningMoments(),
                new UpdateRule.Chain(rules),
                schedule,
                losses.length,
                Optional.empty(),
                recorder)
            .run(new TrainerState(floats(parameters(c.get("start"), layout))));
    assertNear("loss", losses, recorder.floats(RoundReport::loss), NEAR);
    assertNear(
        "gradient norm",
        numbers(c.get("gradient_norm_before_clip")),
        recorder.floats(RoundReport::gradientNorm),
        NEAR);
    double[] end = parameters(c.get("end"), layout);
    for (ParameterLayout.Placed placed : layout.slots()) {
      assertNear(
          placed.name(),
          Arrays.copyOfRange(end, placed.offset(), placed.end()),
          Arrays.copyOfRange(state.theta(), placed.offset(), placed.end()),
          NEAR);
    }
  }

  private static Network network(JsonNode c) {
    double[] sizes = numbers(c.get("layers"));
    int last = sizes.length - 1;
    List<Integer> hidden = Arrays.stream(sizes, 1, last).mapToObj(size -> (int) size).toList();
    return Network.perceptron(
        new TableInput((int) sizes[0], List.of()),
        hidden,
        Nonlinearity.valueOf(c.get("activation").textValue().toUpperCase(Locale.ROOT)),
        0,
        (int) sizes[last]);
  }

  /** PyTorch counts activations too: its layers are 0, 2, 4, each with weight and bias. */
  private static double[] parameters(JsonNode named, ParameterLayout layout) {
    List<ParameterLayout.Placed> slots = layout.slots();
    assertEquals(named.size(), slots.size());
    double[] theta = new double[layout.size()];
    for (int i = 0; i < slots.size(); i++) {
      double[] own = numbers(named.get(i / 2 * 2 + (i % 2 == 0 ? ".weight" : ".bias")));
      System.arraycopy(own, 0, theta, slots.get(i).offset(), (int) slots.get(i).slot().size());
    }
    return theta;
  }

  /** Round i reads rows (i batch) mod n and on, in three slices. */
  private static final class FixedBatches implements RoundRunner {
    private final Network network;
    private final Workspace workspace;
    private final Loss loss;
    private final float[] rows;
    private final float[] labels;
    private final int batch;

    FixedBatches(JsonNode c, Network network) {
      this.network = network;
      this.loss = new SoftmaxCrossEntropy(network.outputs());
      this.rows = floats(c.get("rows"));
      this.labels = floats(c.get("labels"));
      this.batch = c.get("batch").intValue();
      this.workspace = new Workspace(network, batch, new EjmlGemm());
    }

    @Override
    public GradientSum gradient(float[] theta, long round) {
      int first = (int) (round * batch % labels.length);
      GradientSum sum = new GradientSum(theta.length);
      sum.merge(slice(theta, first, first + 1));
      sum.merge(slice(theta, first + 1, first + batch / 3));
      return sum.merge(slice(theta, first + batch / 3, first + batch));
    }

    private GradientSum slice(float[] theta, int from, int to) {
      int width = network.input().outputs();
      for (int row = from; row < to; row++) {
        workspace.put(row - from, rows, row * width, new int[0], 0);
        workspace.labels()[row - from] = labels[row];
        workspace.weights()[row - from] = 1;
      }
      int n = to - from;
      GradientSum sum = new GradientSum(theta.length);
      network.forward(workspace, theta, n, null);
      loss.gradient(
          n,
          workspace.logits(),
          workspace.labels(),
          workspace.weights(),
          workspace.losses(),
          workspace.logitsGradient());
      network.backward(workspace, sum.gradient());
      sum.count(n, workspace.weights(), workspace.losses());
      return sum;
    }
  }
}
