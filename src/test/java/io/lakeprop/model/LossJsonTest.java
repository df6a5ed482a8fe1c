package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Losses;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss is read back as it was written, to the bit of its parameters. */
class LossJsonTest {
  static Stream<Loss> losses() {
    return Losses.EXAMPLES.stream();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void isReadBackAsItWas(Loss loss) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.set("loss", LossJson.write(loss));
    JsonObject read = new JsonObject("test", StrictJson.mapper().readTree(root.toPrettyString()));
    assertEquals(loss, LossJson.read(read, loss.logits()));
    read.end();
  }
}
