package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.model.Model;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors as Spark ML writes them are vector features, dense and sparse rows alike. */
final class MlVectorTest {
  private static final String STORED =
      "label INT, v STRUCT<type: TINYINT, size: INT, indices: ARRAY<INT>, values: ARRAY<DOUBLE>>";

  /** Dense, sparse with an unwritten zero, all zeros, two that MLlib does not write, none. */
  private static final List<Row> ROWS =
      List.of(
          RowFactory.create(0, dense(1.5, -0.0, 3)),
          RowFactory.create(1, sparse(3, List.of(0, 2), List.of(1.5, 3.0))),
          RowFactory.create(0, sparse(3, List.of(), List.of())),
          RowFactory.create(1, RowFactory.create((byte) 1, 3, List.of(1, 2), List.of(4.0, 5.0))),
          RowFactory.create(0, RowFactory.create((byte) 1, 3, List.of(), List.of(4.0, 5.0, 6.0))),
          RowFactory.create(1, null));

  private static final List<List<Float>> ARRAYS =
      Arrays.asList(
          List.of(1.5f, 0f, 3f),
          List.of(1.5f, 0f, 3f),
          List.of(0f, 0f, 0f),
          List.of(0f, 4f, 5f),
          List.of(4f, 5f, 6f),
          null);

  @TempDir private Path folder;

  private static Row dense(double x, double y, double z) {
    return RowFactory.create((byte) 1, null, null, List.of(x, y, z));
  }

  private static Row sparse(Integer size, List<Integer> indices, List<Double> values) {
    return RowFactory.create((byte) 0, size, indices, values);
  }

  @Test
  void storedVectorsAreArrays() {
    Dataset<Row> stored = written(TestTables.of(ROWS, STORED));
    assertEquals(ARRAYS, canonical(stored).stream().map(row -> row.getList(4)).toList());
  }

  /** As a Spark with MLlib shows them. */
  @Test
  void vectorsOfATypeOfTheirOwnAreArrays() {
    Dataset<Row> own = written(ofOwnType());
    assertInstanceOf(VectorType.class, own.schema().apply("v").dataType());
    assertEquals(ARRAYS, canonical(own).stream().map(row -> row.getList(4)).toList());
  }

  /** So duplicates stay together whichever way each is written. */
  @Test
  void rowsHashAsTheirNumbers() {
    List<Row> arrays = new ArrayList<>();
    for (int i = 0; i < ROWS.size(); i++) {
      arrays.add(RowFactory.create(ROWS.get(i).get(0), ARRAYS.get(i)));
    }
    Dataset<Row> plain = TestTables.of(arrays, "label INT, v ARRAY<FLOAT>");
    assertEquals(
        canonical(plain).stream().map(row -> row.getLong(0)).toList(),
        canonical(TestTables.of(ROWS, STORED)).stream().map(row -> row.getLong(0)).toList());
  }

  @Test
  void aModelScoresEitherForm() {
    Feature vector =
        new Feature.Vector("v", 3, false, List.of(new NumberTransform.Affine(0, 1)), true);
    FeatureEncoder encoder = new FeatureEncoder(List.of(vector));
    Network network =
        Network.perceptron(Model.inputOf(encoder), List.of(), Nonlinearity.TANH, 0f, 1);
    float[] theta = {0.01f, 0.1f, 1, 100, 0};
    LabelEncoder label = new LabelEncoder.Classes("label", "int", List.of("0", "1"));
    Model model = new Model(encoder, label, network, new BinaryCrossEntropy(), theta, null);
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    double[] expected = {sigmoid(3.015), sigmoid(3.015), 0.5, sigmoid(5.4), sigmoid(6.54), 1};
    try (SparkScorer scorer = new SparkScorer(context, model)) {
      for (Dataset<Row> table : List.of(TestTables.of(ROWS, STORED), ofOwnType())) {
        double[] probabilities =
            scorer
                .predict(table, new ScoredColumns(ScoredColumns.Probabilities.MAP, List.of()), "t")
                .select(functions.expr("probabilities['1']"))
                .collectAsList()
                .stream()
                .mapToDouble(row -> row.getDouble(0))
                .toArray();
        assertArrayEquals(expected, probabilities, 1e-6);
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("size=-1", sparse(-1, List.of(), List.of())),
        Arguments.of("size=2000000000", sparse(2_000_000_000, List.of(1), List.of(2.0))),
        Arguments.of("size=null", sparse(null, List.of(1), List.of(2.0))),
        Arguments.of("index 3 after -1", sparse(3, List.of(3), List.of(2.0))),
        Arguments.of("index -1 after -1", sparse(3, List.of(-1), List.of(2.0))),
        Arguments.of("index 1 after 1", sparse(3, List.of(1, 1), List.of(2.0, 3.0))),
        Arguments.of("index 0 after 1", sparse(3, List.of(1, 0), List.of(2.0, 3.0))),
        Arguments.of("index null after -1", sparse(3, Arrays.asList(null, 1), List.of(2.0, 3.0))),
        Arguments.of("size=3 indices=1 values=2", sparse(3, List.of(1), List.of(2.0, 3.0))),
        Arguments.of("size=3 values=2", RowFactory.create((byte) 1, 3, null, List.of(1.0, 2.0))),
        Arguments.of("size=3 indices=0 values=1", sparse(3, null, List.of(2.0))),
        Arguments.of("type=7", RowFactory.create((byte) 7, 3, List.of(), List.of())),
        Arguments.of("type=null", RowFactory.create(null, 3, List.of(), List.of())),
        Arguments.of("type=1", RowFactory.create((byte) 1, null, null, null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void brokenVectorsAreRefusedByName(String word, Row vector) {
    Dataset<Row> table = TestTables.of(List.of(RowFactory.create(0, vector)), STORED);
    Exception failure = assertThrows(Exception.class, () -> canonical(table));
    String refusal = Failures.refusal(failure).orElseThrow(() -> new AssertionError(failure));
    assertTrue(refusal.startsWith("column \"v\": a Spark ML vector must "), refusal);
    assertTrue(refusal.contains("however: " + word), refusal);
  }

  /** A matrix of Spark ML has no place in a row of features, but it has a name. */
  @Test
  void whatCannotBeUsedIsNamed() {
    StructType matrix =
        StructType.fromDDL(
            "label INT, m STRUCT<type: TINYINT, numRows: INT, numCols: INT, values:"
                + " ARRAY<DOUBLE>>");
    String message =
        assertThrows(
                InvalidInput.class,
                () ->
                    Columns.resolve(matrix, TestTables.features(), TestTables.label("label"), "t"))
            .getMessage();
    assertTrue(
        message.contains("must have a feature column")
            && message.contains("no type for a feature have m struct<"),
        message);
  }

  private Dataset<Row> written(Dataset<Row> table) {
    String path = folder.resolve("t").toString();
    table.coalesce(1).write().parquet(path);
    return TestSpark.session().read().parquet(path);
  }

  private static Dataset<Row> ofOwnType() {
    List<Row> rows =
        ROWS.stream()
            .map(row -> RowFactory.create(row.get(0), VectorType.Vector.of(row.getStruct(1))))
            .toList();
    StructType schema = new StructType().add("label", "int").add("v", new VectorType());
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static List<Row> canonical(Dataset<Row> table) {
    List<FeatureSpec> specs =
        Columns.resolve(table.schema(), TestTables.features(), TestTables.label("label"), "t")
            .specs();
    assertInstanceOf(FeatureSpec.Vector.class, specs.get(0));
    return Columns.canonical(
            table,
            specs,
            TestTables.label("label"),
            List.of(false),
            TableMeaning.UNKNOWN::missingIn,
            "t")
        .collectAsList();
  }
}
