package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.nn.Layer;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.Skip;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What was saved loads as the same model and is saved as the same bytes. */
class ModelLawTest {
  @Provide
  Arbitrary<Model> models() {
    return Arbitraries.randomValue(random -> new RandomModel(random).model());
  }

  @Property(tries = 500)
  void saveLoadSaveGivesTheSameBytes(@ForAll("models") Model model) throws IOException {
    MemoryStorage files = new MemoryStorage();
    ModelFiles.write(files, "m", model);
    Model read = ModelFiles.read(files, "m");
    ModelFiles.write(files, "again", read);
    for (String name : files.list("m")) {
      assertArrayEquals(files.read("m/" + name), files.read("again/" + name), name);
    }
    assertEquals(model.network(), read.network());
    assertEquals(model.encoder(), read.encoder());
    assertEquals(model.loss(), read.loss());
    assertEquals(model.offset(), read.offset());
    assertEquals(model.predictions(), read.predictions());
    assertEquals(model.provenance(), read.provenance());
    assertArrayEquals(model.theta(), read.theta());
  }

  @Property
  void thetaKeepsItsBits(@ForAll("models") Model model) {
    ParameterLayout layout = model.network().layout();
    byte[] file = Safetensors.write(layout, model.theta());
    assertArrayEquals(model.theta(), Safetensors.read("t", file, layout));
  }

  /** A new layer or loss that the random models do not have would not be tested above. */
  @Test
  void everyTypeOfLayerAndLossIsAmongThem() {
    Set<Class<?>> seen = new HashSet<>();
    for (long seed = 0; seed < 300; seed++) {
      Model model = new RandomModel(new Random(seed)).model();
      model.network().layers().forEach(named -> seen.add(named.layer().getClass()));
      model.loss().byLabel().forEach(loss -> seen.add(loss.getClass()));
      seen.add(model.loss().getClass());
    }
    Set<Class<?>> all =
        Stream.of(Layer.class, Skip.class, OneLabelLoss.class)
            .flatMap(ModelLawTest::subclasses)
            .collect(Collectors.toSet());
    all.removeAll(seen);
    assertEquals(Set.of(), all);
  }

  private static Stream<Class<?>> subclasses(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ModelLawTest::subclasses)
        : Stream.of(type);
  }
}
