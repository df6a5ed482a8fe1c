package io.lakeprop.spark;

import com.esotericsoftware.kryo.Kryo;
import java.util.List;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * What Spark itself sends through Kryo when it reads schemas, collects and writes tables. {@link
 * LakepropRegistrator} names our classes; with these, tests can refuse all others.
 */
public final class SparkClasses implements KryoRegistrator {
  private static final List<String> NAMES =
      List.of(
          // The schemas of Parquet and ORC files, read by a job.
          "org.apache.spark.sql.types.StructType",
          "org.apache.spark.sql.types.StructField",
          "[Lorg.apache.spark.sql.types.StructField;",
          "org.apache.spark.sql.types.Metadata",
          // Inferred schemas of CSV and JSON.
          "[Lorg.apache.spark.sql.types.DataType;",
          "org.apache.spark.sql.types.ArrayType",
          "org.apache.spark.sql.types.MapType",
          "org.apache.spark.sql.types.StringType",
          "org.apache.spark.sql.types.StringType$",
          "org.apache.spark.sql.types.BooleanType$",
          "org.apache.spark.sql.types.ByteType$",
          "org.apache.spark.sql.types.ShortType$",
          "org.apache.spark.sql.types.IntegerType$",
          "org.apache.spark.sql.types.LongType$",
          "org.apache.spark.sql.types.FloatType$",
          "org.apache.spark.sql.types.DoubleType$",
          "org.apache.spark.sql.types.DateType$",
          "org.apache.spark.sql.types.TimestampType$",
          "org.apache.spark.sql.types.TimestampNTZType$",
          "org.apache.spark.sql.types.BinaryType$",
          "org.apache.spark.sql.types.DecimalType",
          "org.apache.spark.sql.types.YearMonthIntervalType",
          "org.apache.spark.sql.types.DayTimeIntervalType",
          "org.apache.spark.sql.types.NullType$",
          // A column type of a test, which stands for MLlib's.
          "io.lakeprop.spark.VectorType");

  @Override
  public void registerClasses(Kryo kryo) {
    for (String name : NAMES) {
      try {
        kryo.register(Class.forName(name, false, Thread.currentThread().getContextClassLoader()));
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
