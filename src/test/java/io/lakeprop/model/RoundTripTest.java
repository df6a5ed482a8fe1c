package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.SquaredError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The models of some seeds, the same every time: {@link ModelLawTest} takes others each time. */
class RoundTripTest {
  /** With and without each part that need not be there. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void howTheTableWasReadIsRead(boolean whole) throws IOException {
    TableMeaning table =
        whole
            ? new TableMeaning(
                Map.of("x", "INT", "größe \"x\"", "STRING"),
                Optional.of(List.of("", "-999", "n/a")),
                Map.of("b", "x + 1", "a", "b + 1"),
                "Europe/Berlin",
                Map.of("nullValue", "none", "timeZone", "Asia/Tokyo", "header", "false"),
                Optional.of("w"),
                Optional.empty(),
                Map.of(),
                Map.of("b", "BIGINT", "a", "DECIMAL(10,2)"))
            : TableMeaning.UNKNOWN;
    Model tiny = TinyModel.classes();
    Model model =
        new Model(
            tiny.encoder(),
            tiny.labels(),
            tiny.offset(),
            tiny.network(),
            tiny.loss(),
            tiny.theta(),
            tiny.provenance(),
            table);
    MemoryStorage files = new MemoryStorage();
    ModelFiles.write(files, "m", model);
    TableMeaning read = ModelFiles.read(files, "m").table();
    assertEquals(table, read);
    assertEquals(
        List.copyOf(table.derive().keySet()),
        List.copyOf(read.derive().keySet()),
        "an expression may name those before it");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatWasSavedIsRead(long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 8; i++) {
      Model model = new RandomModel(random).model();
      MemoryStorage files = new MemoryStorage();
      ModelFiles.write(files, "m", model);
      Model read = ModelFiles.read(files, "m");
      assertEquals(model.encoder(), read.encoder());
      assertEquals(model.network(), read.network());
      assertEquals(model.loss(), read.loss());
      assertEquals(model.offset(), read.offset());
      assertEquals(model.predictions(), read.predictions());
      assertEquals(model.provenance(), read.provenance());
      assertArrayEquals(model.theta(), read.theta());
      ModelFiles.write(files, "again", read);
      assertArrayEquals(files.read("m/SHA256SUMS"), files.read("again/SHA256SUMS"));
    }
  }

  /** What becomes of NaN and infinities is the model's to say, feature by feature. */
  @Test
  void whatBecomesOfNumbersThatAreNotFiniteIsRead() throws IOException {
    NotFinite other = new NotFinite(NotFinite.Treatment.REFUSE, NotFinite.Treatment.MISSING);
    NumberTransform same = new NumberTransform.Affine(0, 1);
    FeatureEncoder encoder =
        new FeatureEncoder(
            List.of(
                new Feature.Vector("v", 1, false, List.of(same), true, other),
                new Feature.Numeric("x", false, same, true, other, NumberUnit.PLAIN)));
    Network network =
        Network.perceptron(Model.inputOf(encoder), List.of(), Nonlinearity.TANH, 0, 1);
    MemoryStorage files = new MemoryStorage();
    ModelFiles.write(
        files,
        "m",
        new Model(
            encoder,
            new LabelEncoder.Quantity("y", 0, 1),
            network,
            new SquaredError(),
            new float[network.layout().size()],
            TinyModel.PROVENANCE));
    assertEquals(encoder, ModelFiles.read(files, "m").encoder());
  }
}
