package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** What the encoder is told of a table's row. */
class CanonicalRowTest {
  @Test
  void elementsWithoutAValueAreNoNaN() {
    CanonicalRow row =
        new CanonicalRow(1)
            .of(
                RowFactory.create(
                    0L,
                    scala.jdk.javaapi.CollectionConverters.asScala(
                            Arrays.asList(1f, null, Float.NaN, null))
                        .toSeq()));
    assertEquals("{1, 3}", row.nulls(0).toString());
    assertEquals("[1.0, NaN, NaN, NaN]", Arrays.toString(row.vector(0)));
  }
}
