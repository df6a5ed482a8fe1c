package io.lakeprop.spark;

import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableSpec;
import io.lakeprop.data.UselessColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Made-up tables: row i is a function of i alone. */
public final class TestTables {
  /** Numbers with gaps and long tails, skewed categories, a date, a weight, a label to learn. */
  public static final String MIXED =
      "age INT, income DOUBLE, city STRING, product STRING, member BOOLEAN, since DATE,"
          + " importance DOUBLE, bought STRING";

  private TestTables() {}

  /** The rows of {@link #MIXED}. */
  public static List<Row> mixed(int rows) {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      Random random = new Random(7919L * i + 13);
      int age = 18 + random.nextInt(60);
      double income = Math.exp(10 + 0.8 * random.nextGaussian());
      String city = "c" + (int) (8 * Math.pow(random.nextDouble(), 3));
      String product = "p" + (int) (60 * Math.pow(random.nextDouble(), 2));
      boolean member = random.nextInt(3) == 0;
      double score =
          (age - 45) / 20.0 + Math.log(income) - 10 + (member ? 1 : 0) + random.nextGaussian() / 2;
      all.add(
          RowFactory.create(
              random.nextInt(20) == 0 ? null : age,
              random.nextInt(10) == 0 ? null : income,
              random.nextInt(50) == 0 ? null : city,
              product,
              member,
              Date.valueOf(LocalDate.of(2020, 1, 1).plusDays(random.nextInt(900))),
              0.25 + random.nextInt(8) / 4.0,
              score > 0 ? "yes" : "no"));
    }
    return all;
  }

  /** Rows as a table of these columns. */
  public static Dataset<Row> of(List<Row> rows, String columns) {
    SparkSession session = TestSpark.session();
    return session.createDataFrame(rows, StructType.fromDDL(columns));
  }

  /** The same rows in another order. */
  public static List<Row> shuffled(List<Row> rows) {
    List<Row> other = new ArrayList<>(rows);
    Collections.shuffle(other, new Random(4));
    return other;
  }

  /** A CSV file with a header as Spark reads it, with types. */
  public static Dataset<Row> csv(Path file) {
    return TestSpark.session()
        .read()
        .option("header", "true")
        .option("inferSchema", "true")
        .csv(file.toString());
  }

  /** Writes a table as this many Parquet files. */
  public static String parquet(Dataset<Row> table, Path folder, int files) {
    table.repartition(files).write().parquet(folder.toString());
    return folder.toString();
  }

  /** The data files of a table's folder, by name, also those of partitions. */
  public static List<Path> parts(Path table) throws IOException {
    try (Stream<Path> files = Files.walk(table)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .sorted()
          .toList();
    }
  }

  /** A table of files, told by their names. */
  public static TableSpec files(String path) {
    return new TableSpec(
        new TableSpec.Files(List.of(path), Optional.empty(), Map.of(), Optional.empty()),
        Map.of(),
        Optional.empty());
  }

  /** What a job file without a word on features asks for, small enough for small tables. */
  static FeatureSettings features(FeatureSpec... columns) {
    Map<String, FeatureSpec> own = new LinkedHashMap<>();
    for (FeatureSpec column : columns) {
      own.put(column.name(), column);
    }
    return new FeatureSettings(
        List.of(),
        List.of(),
        new FeatureSpec.Numeric("", FeatureSpec.Scaling.QUANTILE, false),
        new FeatureSpec.Vector("", FeatureSpec.Scaling.STANDARD, false, false),
        new FeatureSpec.Categorical("", 2, 10_000, 10, 0),
        own,
        UselessColumns.Treatment.DROP);
  }

  /** Encodes, packs and caches tables, and says nothing. */
  static TrainingData prepare(TrainingData.Request request) {
    return fit(request).pack();
  }

  static DataPreparation fit(TrainingData.Request request) {
    return TrainingData.fit(TestSpark.session(), request, new Silent());
  }

  /** Hears nothing. */
  static final class Silent implements TrainingData.Listener {
    @Override
    public void note(String text) {}

    @Override
    public void step(String text) {}
  }

  /** The label column, told from its type. */
  static LabelSettings label(String column) {
    return label(column, Optional.empty());
  }

  /** The label column and the column of row weights. */
  static LabelSettings label(String column, String weight) {
    return label(column, Optional.of(weight));
  }

  private static LabelSettings label(String column, Optional<String> weight) {
    LabelSettings.Label label =
        new LabelSettings.Label(column, LabelSettings.Task.AUTO, LabelEncoder.Range.ANY);
    return new LabelSettings(List.of(label), weight);
  }
}
