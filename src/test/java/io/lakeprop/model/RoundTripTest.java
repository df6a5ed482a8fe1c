package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The models of some seeds, the same every time: {@link ModelLawTest} takes others each time. */
class RoundTripTest {
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
}
