package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.spark.TrainingData.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** -0.0 is 0.0: in classes, categories, numbers, texts that are numbers, arrays, and in hashes. */
final class MinusZeroTest {
  private static final String COLUMNS =
      "d DOUBLE, f FLOAT, c DOUBLE, e FLOAT, t STRING, a ARRAY<DOUBLE>, w DOUBLE, label DOUBLE";

  @TempDir private Path folder;

  @Test
  void aTableOfMinusZerosIsOneOfZeros() {
    try (TrainingData plain = prepare("plain", 0.0);
        TrainingData signed = prepare("signed", -0.0)) {
      assertEquals(plain.encoder(), signed.encoder());
      assertEquals(List.of("0.0", "1.0"), ((LabelEncoder.Classes) signed.labels().get(0)).values());
      assertEquals(plain.fingerprint(), signed.fingerprint());
      for (Split split : Split.values()) {
        assertEquals(plain.rows(split), signed.rows(split));
        assertEquals(plain.content(split), signed.content(split));
      }
      List<PackedBlock> expected = BlockPacker.collect(plain.table(Split.TRAIN));
      List<PackedBlock> blocks = BlockPacker.collect(signed.table(Split.TRAIN));
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i).numbers(), blocks.get(i).numbers());
        assertArrayEquals(expected.get(i).ids(), blocks.get(i).ids());
        assertArrayEquals(expected.get(i).labels(), blocks.get(i).labels());
      }
    }
  }

  private TrainingData prepare(String name, double zero) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      // Every second zero has the sign.
      double own = i % 2 == 0 ? zero : 0.0;
      double number = i % 3 == 0 ? own : i % 7;
      double kind = i % 4 == 0 ? own : i % 3;
      rows.add(
          RowFactory.create(
              number,
              (float) number,
              kind,
              (float) kind,
              String.valueOf(number),
              List.of(number, own),
              i % 50 == 0 ? own : 1.0,
              i % 5 == 0 ? own : 1.0));
    }
    String path = TestTables.parquet(TestTables.of(rows, COLUMNS), folder.resolve(name), 2);
    LabelSettings.Label label =
        new LabelSettings.Label("label", LabelSettings.Task.CLASSIFICATION, LabelEncoder.Range.ANY);
    return TestTables.prepare(
        new TrainingData.Request(
            TestTables.files(path),
            Optional.empty(),
            Optional.empty(),
            0.4,
            0,
            TestTables.features(
                new FeatureSpec.Numeric("f", FeatureSpec.Scaling.NONE, true),
                new FeatureSpec.Categorical("c", 1, 10, 10, 0),
                new FeatureSpec.Categorical("e", 1, 10, 10, 0),
                new FeatureSpec.Numeric("t", FeatureSpec.Scaling.NONE, false)),
            new LabelSettings(List.of(label), Optional.of("w")),
            5,
            OptionalInt.empty(),
            OptionalInt.empty(),
            1,
            "UTC"));
  }
}
