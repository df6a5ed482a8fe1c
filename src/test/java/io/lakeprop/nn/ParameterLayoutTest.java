package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every parameter has one name, and weight decay leaves exactly the biases alone. */
class ParameterLayoutTest {
  private static final ParameterLayout LAYOUT =
      Network.perceptron(
              new TableInput(
                  2,
                  List.of(
                      new TableInput.Category("job", new CategoryEncoding.Embedding(4, 3)),
                      new TableInput.Category("sex", new CategoryEncoding.OneHot(3)))),
              List.of(5),
              Nonlinearity.RELU,
              0,
              1)
          .layout();

  @Test
  void slotsFollowOneAnother() {
    // 4 x 3 embedding, 5 x (2 + 3 + 2) weights, 5 biases, 1 x 5 weights, 1 bias.
    assertEquals(12 + 35 + 5 + 5 + 1, LAYOUT.size());
    assertEquals("input.job.weight[0,0]", LAYOUT.describe(0));
    assertEquals("input.job.weight[3,2]", LAYOUT.describe(11));
    assertEquals("hidden1.weight[0,0]", LAYOUT.describe(12));
    assertEquals("hidden1.weight[4,6]", LAYOUT.describe(46));
    assertEquals("hidden1.bias[4]", LAYOUT.describe(51));
    assertEquals("head.weight[0]", LAYOUT.describe(52));
    assertEquals("head.bias[0]", LAYOUT.describe(57));
    assertThrows(IndexOutOfBoundsException.class, () -> LAYOUT.describe(58));
  }

  @Test
  void layersAreWindowsOfTheirSlots() {
    assertEquals(
        List.of(layer("input.job", 0, 12), layer("hidden1", 12, 52), layer("head", 52, 58)),
        LAYOUT.layers(slot -> true));
    assertEquals(
        List.of(layer("hidden1", 47, 52), layer("head", 57, 58)),
        LAYOUT.layers(slot -> slot.role() == Slot.Role.BIAS));
  }

  private static ParameterLayout.LayerRange layer(String name, int start, int end) {
    return new ParameterLayout.LayerRange(name, new ParameterLayout.Range(start, end));
  }

  @Test
  void decayLeavesBiasesAlone() {
    assertEquals(
        List.of(new ParameterLayout.Range(0, 47), new ParameterLayout.Range(52, 57)),
        LAYOUT.decayed());
  }

  /**
   * A file could hold but one of them: a column's embedding, and a layer that is called like it.
   */
  @Test
  void slotsOfOneNameAreRefused() {
    TableInput input =
        new TableInput(
            0, List.of(new TableInput.Category("c", new CategoryEncoding.Embedding(3, 2))));
    Network network = new Network(input, List.of(new Network.Named("input.c", new Linear(2, 1))));
    String message = assertThrows(InvalidInput.class, network::layout).getMessage();
    assertEquals(
        "slots must have different names, however: \"input.c.weight\" stands twice", message);
  }

  @Test
  void misfitsNameBothLayers() {
    TableInput input = new TableInput(3, List.of());
    List<Network.Named> layers =
        List.of(
            new Network.Named("first", new Linear(3, 4)),
            new Network.Named("second", new Linear(5, 1)));
    assertEquals(
        "layer \"second\" takes 5 inputs, however: layer \"first\" gives 4",
        assertThrows(InvalidInput.class, () -> new Network(input, layers)).getMessage());
  }
}
