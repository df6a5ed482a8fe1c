package io.lakeprop.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** Small CSV tables, written without Spark; row i is a function of i alone. */
final class Csv {
  private Csv() {}

  /** Writes a header and rows. */
  static Path write(Path file, String header, List<String> rows) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(header);
    lines.addAll(rows);
    return Files.write(file, lines);
  }

  /** Rows from {@code from} up to {@code to}. */
  static List<String> rows(int from, int to, IntFunction<String> row) {
    List<String> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(row.apply(i));
    }
    return rows;
  }

  /** {@code size, weight, shop, kind}: three kinds that follow from size and shop. */
  static final String SHOPS = "size,weight,shop,kind";

  /** A row of {@link #SHOPS}, without a size now and then. */
  static String shop(int i) {
    Random random = new Random(31L * i + 5);
    double size = Math.round(100 * random.nextGaussian()) / 10.0;
    int shop = random.nextInt(5);
    double score = size / 4 + shop - 2;
    String kind = score < -1.5 ? "low" : score < 1.5 ? "mid" : "high";
    double weight = 0.5 + random.nextInt(4) / 2.0;
    return (i % 17 == 0 ? "" : size) + "," + weight + ",s" + shop + "," + kind;
  }

  /** {@code a, b, when, price}: a price in thousands. */
  static final String PRICES = "a,b,when,price";

  /** A row of {@link #PRICES}. */
  static String price(int i) {
    Random random = new Random(77L * i + 1);
    double a = random.nextGaussian();
    int b = random.nextInt(9);
    double price = 250_000 + 40_000 * a + 9_000 * b + 5_000 * random.nextGaussian();
    return a + "," + b + ",2024-0" + (1 + i % 9) + "-11," + price;
  }
}
