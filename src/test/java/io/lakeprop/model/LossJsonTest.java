package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.Losses;
import io.lakeprop.nn.OneLabelLoss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss is read back as it was written, to the bit of its parameters. */
class LossJsonTest {
  static Stream<OneLabelLoss> losses() {
    return Losses.EXAMPLES.stream()
        .filter(OneLabelLoss.class::isInstance)
        .map(OneLabelLoss.class::cast);
  }

  static Stream<Heads> heads() {
    return Losses.EXAMPLES.stream().filter(Heads.class::isInstance).map(Heads.class::cast);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void isReadBackAsItWas(OneLabelLoss loss) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.set("loss", LossJson.write(loss));
    JsonObject read = new JsonObject("test", StrictJson.mapper().readTree(root.toPrettyString()));
    assertEquals(loss, LossJson.read(read, loss.logits()));
    read.end();
  }

  @ParameterizedTest
  @MethodSource("heads")
  void headsAreReadBackAsTheyWere(Heads loss) throws IOException {
    List<LabelEncoder> labels = new ArrayList<>();
    for (OneLabelLoss own : loss.byLabel()) {
      String name = "l" + labels.size();
      List<String> values = IntStream.range(0, own.predictions()).mapToObj(c -> "c" + c).toList();
      labels.add(
          own.target().classes()
              ? new LabelEncoder.Classes(name, "string", values)
              : new LabelEncoder.Quantity(name, 0.1, 0.3));
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    HeadsJson.write(root.putArray("heads"), labels, loss);
    JsonObject read = new JsonObject("test", StrictJson.mapper().readTree(root.toPrettyString()));
    HeadsJson.Learnt learnt = HeadsJson.read(read);
    read.end();
    assertEquals(loss, learnt.loss());
    ObjectNode again = JsonNodeFactory.instance.objectNode();
    HeadsJson.write(again.putArray("heads"), learnt.labels(), loss);
    assertEquals(root, again);
  }
}
