package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableRow;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Vectors with missing elements, some of them written as a number that means one. */
class MarkedVectorTest {
  private static final TableMeaning MARKS =
      new TableMeaning(Map.of(), Optional.of(List.of("-999")), Map.of(), TableMeaning.UTC);

  private static FeatureEncoder encoder(int length, NotFinite notFinite) {
    return new FeatureEncoder(
        List.of(
            new Feature.Vector(
                "v", length, false, List.of(new NumberTransform.Affine(0, 1)), false, notFinite)));
  }

  private static float[] encoded(FeatureEncoder encoder, TableRow row) {
    float[] numbers = new float[encoder.numbers()];
    encoder.encode(new AsInTraining(encoder, MARKS).read(row), numbers, 0, new int[0], 0);
    return numbers;
  }

  /** A table makes a vector anew each time it is asked for one. */
  @Test
  void theRowIsAskedForItsVectorAsOftenHoweverLongItIs() {
    int[] asked = new int[2];
    for (int i = 0; i < 2; i++) {
      int length = i == 0 ? 1 : 5_000;
      float[] vector = new float[length];
      Arrays.fill(vector, -999);
      AtomicInteger calls = new AtomicInteger();
      TableRow row =
          (TableRow)
              Proxy.newProxyInstance(
                  TableRow.class.getClassLoader(),
                  new Class<?>[] {TableRow.class},
                  (proxy, method, arguments) -> {
                    calls.incrementAndGet();
                    return switch (method.getName()) {
                      case "vector" -> vector.clone();
                      case "nulls" -> new BitSet();
                      default -> throw new AssertionError(method);
                    };
                  });
      assertArrayEquals(new float[length], encoded(encoder(length, NotFinite.DEFAULT), row));
      asked[i] = calls.get();
    }
    assertEquals(asked[0], asked[1]);
  }

  /** A null and a mark are missing whatever NaN is. */
  @Test
  void nanIsToldFromNullsAndMarks() {
    NotFinite strict = new NotFinite(NotFinite.Treatment.REFUSE, NotFinite.DEFAULT.infinity());
    FeatureEncoder encoder = encoder(3, strict);
    assertArrayEquals(
        new float[] {0, 0, 2}, encoded(encoder, row(encoder, Arrays.asList(null, -999, 2))));
    assertThrows(
        InvalidInput.class,
        () -> encoded(encoder, row(encoder, Arrays.asList(null, -999, Double.NaN))));
    assertThrows(
        InvalidInput.class, () -> encoded(encoder, row(encoder, new float[] {0, Float.NaN, 0})));
  }

  private static TableRow row(FeatureEncoder encoder, Object vector) {
    return new MapRow(encoder.features(), Map.of("v", vector), java.time.ZoneOffset.UTC);
  }
}
