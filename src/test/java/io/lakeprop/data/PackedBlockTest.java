package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows are sorted completely, so a block is the same whatever order they came in. */
class PackedBlockTest {
  @Test
  void theOrderIsTotal() {
    List<EncodedRow> rows = rows();
    for (int i = 0; i < rows.size(); i++) {
      EncodedRow a = rows.get(i);
      for (int j = 0; j < rows.size(); j++) {
        EncodedRow b = rows.get(j);
        assertEquals(i == j, a.compareTo(b) == 0, "only a row itself compares equal");
        assertEquals(i == j, a.equals(b));
        assertEquals(Integer.signum(a.compareTo(b)), -Integer.signum(b.compareTo(a)));
        for (EncodedRow c : rows) {
          if (a.compareTo(b) < 0 && b.compareTo(c) < 0) {
            assertEquals(-1, Integer.signum(a.compareTo(c)));
          }
        }
      }
    }
  }

  @Test
  void anyArrivalPacksTheSameBlock() {
    List<EncodedRow> rows = rows();
    PackedBlock expected = sortedAndPacked(rows);
    for (int trial = 0; trial < 20; trial++) {
      Collections.shuffle(rows, new Random(trial));
      PackedBlock block = sortedAndPacked(rows);
      assertArrayEquals(expected.numbers(), block.numbers());
      assertArrayEquals(expected.ids(), block.ids());
      for (int row = 0; row < rows.size(); row++) {
        assertEquals(expected.labels()[row], block.labels()[row]);
        assertEquals(expected.weight(row), block.weight(row));
      }
    }
  }

  @Test
  void rowsKeepTheirPlaceWhileTheBlockGrows() {
    PackedBlock.Builder builder = new PackedBlock.Builder(4, 2, 1);
    for (int i = 0; i < 1000; i++) {
      float[] numbers = {i, -i};
      builder.add(new EncodedRow(4, i, numbers, new int[] {3 * i}, i % 2, 1));
    }
    PackedBlock block = builder.build();
    assertEquals(4, block.shard());
    assertEquals(1000, block.rows());
    assertEquals(2000, block.numbers().length);
    for (int i = 0; i < 1000; i++) {
      assertEquals(-i, block.numbers()[2 * i + 1]);
      assertEquals(3 * i, block.ids()[i]);
      assertEquals(i % 2, block.labels()[i]);
      assertEquals(1, block.weight(i));
    }
  }

  @Test
  void severalLabelsStandSideBySide() {
    PackedBlock.Builder builder = new PackedBlock.Builder(0, 1, 0, 3);
    for (int i = 0; i < 500; i++) {
      float[] labels = {i, -i, 2 * i};
      builder.add(new EncodedRow(0, i, new float[] {i}, new int[0], labels, 1, 0));
    }
    PackedBlock block = builder.build();
    assertEquals(3, block.labelsARow());
    assertEquals(1500, block.labels().length);
    for (int i = 0; i < 500; i++) {
      assertEquals(i, block.numbers()[i]);
      assertEquals(i, block.labels()[3 * i]);
      assertEquals(-i, block.labels()[3 * i + 1]);
      assertEquals(2 * i, block.labels()[3 * i + 2]);
    }
  }

  /** The first rows weigh 1, a later one does not: all of them must be right. */
  @Test
  void weightsThatComeLateAreKept() {
    PackedBlock.Builder builder = new PackedBlock.Builder(0, 0, 0);
    for (int i = 0; i < 300; i++) {
      builder.add(new EncodedRow(0, i, new float[0], new int[0], 0, i < 200 ? 1 : i));
    }
    PackedBlock block = builder.build();
    for (int i = 0; i < 300; i++) {
      assertEquals(i < 200 ? 1 : i, block.weight(i));
    }
  }

  @Test
  void anEmptyBlockHasNoRows() {
    assertEquals(0, new PackedBlock.Builder(1, 3, 2).build().rows());
  }

  private static PackedBlock sortedAndPacked(List<EncodedRow> rows) {
    PackedBlock.Builder builder = new PackedBlock.Builder(0, 2, 1);
    rows.stream().sorted().forEach(builder::add);
    return builder.build();
  }

  /** Rows that differ in one thing only. */
  private static List<EncodedRow> rows() {
    List<EncodedRow> rows = new ArrayList<>();
    rows.add(new EncodedRow(0, 5, new float[] {1, 2}, new int[] {1}, 0, 1));
    rows.add(new EncodedRow(1, 5, new float[] {1, 2}, new int[] {1}, 0, 1));
    rows.add(new EncodedRow(0, -5, new float[] {1, 2}, new int[] {1}, 0, 1));
    rows.add(new EncodedRow(0, Long.MIN_VALUE, new float[] {1, 2}, new int[] {1}, 0, 1));
    rows.add(new EncodedRow(0, 5, new float[] {1, 3}, new int[] {1}, 0, 1));
    rows.add(new EncodedRow(0, 5, new float[] {1, -0f}, new int[] {1}, 0, 1));
    rows.add(new EncodedRow(0, 5, new float[] {1, 0f}, new int[] {1}, 0, 1));
    rows.add(new EncodedRow(0, 5, new float[] {1, 2}, new int[] {2}, 0, 1));
    rows.add(new EncodedRow(0, 5, new float[] {1, 2}, new int[] {1}, 1, 1));
    rows.add(new EncodedRow(0, 5, new float[] {1, 2}, new int[] {1}, 0, 2));
    float[] several = {0, 1};
    rows.add(new EncodedRow(0, 5, new float[] {1, 2}, new int[] {1}, several, 1, 0));
    rows.add(new EncodedRow(0, 5, new float[] {1, 2}, new int[] {1}, new float[] {0, 2}, 1, 0));
    return rows;
  }
}
