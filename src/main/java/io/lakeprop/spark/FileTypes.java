package io.lakeprop.spark;

import io.lakeprop.base.SqlName;
import io.lakeprop.spark.FileColumns.FileColumn;
import io.lakeprop.spark.FileColumns.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.orc.TypeDescription;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataTypes;

/** The types that Parquet and ORC files say their columns have, in SQL's words. */
final class FileTypes {
  /** Of what is compared with nothing: unions, structs without fields, bytes that may be texts. */
  static final String UNTOLD = "";

  /** Of a column that its writer saw no value of. */
  static final String VOID = "VOID";

  private static final String SPARK_TYPE = "spark.sql.catalyst.type";

  private FileTypes() {}

  /** A column of an ORC file. */
  static FileColumn column(String name, TypeDescription type) {
    return new FileColumn(name, isWallClock(type) ? Kind.WALL_CLOCK : Kind.READ, sql(type));
  }

  /** Whether a type is one without a zone that Spark takes for an instant, or holds such a type. */
  private static boolean isWallClock(TypeDescription type) {
    return type.getCategory() == TypeDescription.Category.TIMESTAMP
        || (type.getChildren() != null
            && type.getChildren().stream().anyMatch(FileTypes::isWallClock));
  }

  /** A column of a Parquet file. */
  static FileColumn column(Type field) {
    Optional<Type> odd = odd(field);
    if (odd.isEmpty()) {
      return new FileColumn(field.getName(), Kind.READ, sql(field));
    }
    LogicalTypeAnnotation own = odd.get().getLogicalTypeAnnotation();
    boolean isTime =
        field.isPrimitive()
            && !field.isRepetition(Type.Repetition.REPEATED)
            && own instanceof TimestampLogicalTypeAnnotation;
    if (!isTime) {
      return new FileColumn(field.getName(), Kind.UNREAD, own.toString());
    }
    boolean utc = ((TimestampLogicalTypeAnnotation) own).isAdjustedToUTC();
    return new FileColumn(field.getName(), utc ? Kind.NANOS : Kind.LOCAL_NANOS, "TIMESTAMP");
  }

  private static String sql(TypeDescription type) {
    return switch (type.getCategory()) {
      case BYTE -> "TINYINT";
      case SHORT -> "SMALLINT";
      case LONG -> isOfWallClock(type) ? "TIMESTAMP_NTZ" : "BIGINT";
      case CHAR, VARCHAR -> "STRING";
      case TIMESTAMP_INSTANT -> "TIMESTAMP";
      case DECIMAL -> decimal(type.getPrecision(), type.getScale());
      case LIST -> array(sql(type.getChildren().get(0)));
      case STRUCT -> struct(type.getFieldNames(), type.getChildren(), FileTypes::sql);
      case MAP -> map(sql(type.getChildren().get(0)), sql(type.getChildren().get(1)));
      case UNION -> UNTOLD;
      default -> type.getCategory().getName().toUpperCase(Locale.ROOT);
    };
  }

  /** Spark writes such times to ORC as numbers, with a word on what they are. */
  private static boolean isOfWallClock(TypeDescription type) {
    return DataTypes.TimestampNTZType.typeName().equals(type.getAttributeValue(SPARK_TYPE));
  }

  private static String decimal(int precision, int scale) {
    return "DECIMAL(%d,%d)".formatted(precision, scale);
  }

  private static String array(String element) {
    return element.equals(UNTOLD) ? UNTOLD : "ARRAY<%s>".formatted(element);
  }

  private static String map(String key, String value) {
    return key.equals(UNTOLD) || value.equals(UNTOLD)
        ? UNTOLD
        : "MAP<%s, %s>".formatted(key, value);
  }

  /** The fields whose types are told. */
  private static <T> String struct(List<String> names, List<T> types, Function<T, String> sql) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String own = sql.apply(types.get(i));
      if (!own.equals(UNTOLD)) {
        fields.add("%s: %s".formatted(SqlName.quoted(names.get(i)), own));
      }
    }
    return fields.isEmpty() ? UNTOLD : "STRUCT<%s>".formatted(String.join(", ", fields));
  }

  private static String sql(Type field) {
    if (field.isRepetition(Type.Repetition.REPEATED)) {
      return UNTOLD;
    }
    if (field.isPrimitive()) {
      return sql(field.asPrimitiveType());
    }
    List<Type> fields = field.asGroupType().getFields();
    LogicalTypeAnnotation own = field.getLogicalTypeAnnotation();
    if (own == null) {
      return struct(fields.stream().map(Type::getName).toList(), fields, FileTypes::sql);
    }
    if (own instanceof MapLogicalTypeAnnotation
        && !fields.get(0).isPrimitive()
        && fields.get(0).asGroupType().getFieldCount() == 2) {
      return map(
          sql(fields.get(0).asGroupType().getType(0)), sql(fields.get(0).asGroupType().getType(1)));
    }
    boolean isList = own instanceof ListLogicalTypeAnnotation;
    Type repeated = fields.get(0);
    // Older writers call a struct of one field so, which Spark knows.
    boolean isStruct =
        repeated.getName().equals("array") || repeated.getName().equals(field.getName() + "_tuple");
    return isList
            && !isStruct
            && !repeated.isPrimitive()
            && repeated.asGroupType().getFieldCount() == 1
        ? array(sql(repeated.asGroupType().getType(0)))
        : UNTOLD;
  }

  private static String sql(PrimitiveType type) {
    LogicalTypeAnnotation own = type.getLogicalTypeAnnotation();
    if (own instanceof UnknownLogicalTypeAnnotation) {
      return VOID;
    }
    if (own instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(decimal.getPrecision(), decimal.getScale());
    }
    return switch (type.getPrimitiveTypeName()) {
      case INT32, INT64 -> whole(own, type.getPrimitiveTypeName());
      case FLOAT, DOUBLE, BOOLEAN -> type.getPrimitiveTypeName().name();
      case INT96 -> "TIMESTAMP";
      case BINARY -> own == null ? UNTOLD : "STRING";
      case FIXED_LEN_BYTE_ARRAY -> UNTOLD;
    };
  }

  private static String whole(LogicalTypeAnnotation own, PrimitiveType.PrimitiveTypeName stored) {
    if (own instanceof DateLogicalTypeAnnotation) {
      return "DATE";
    }
    if (own instanceof TimestampLogicalTypeAnnotation time) {
      return time.isAdjustedToUTC() ? "TIMESTAMP" : "TIMESTAMP_NTZ";
    }
    boolean large = stored == PrimitiveType.PrimitiveTypeName.INT64;
    int bits =
        own instanceof IntLogicalTypeAnnotation whole ? whole.getBitWidth() : large ? 64 : 32;
    boolean signed = !(own instanceof IntLogicalTypeAnnotation whole) || whole.isSigned();
    return switch (signed ? bits : 2 * bits) {
      case 8 -> "TINYINT";
      case 16 -> "SMALLINT";
      case 32 -> "INT";
      case 64 -> "BIGINT";
      default -> decimal(20, 0);
    };
  }

  /** The first value in a field that Spark does not read; empty where it reads all. */
  private static Optional<Type> odd(Type field) {
    if (!field.isPrimitive()) {
      return field.asGroupType().getFields().stream()
          .map(FileTypes::odd)
          .flatMap(Optional::stream)
          .findFirst();
    }
    LogicalTypeAnnotation type = field.getLogicalTypeAnnotation();
    boolean nanos =
        type instanceof TimestampLogicalTypeAnnotation time && time.getUnit() == TimeUnit.NANOS;
    boolean other =
        type instanceof TimeLogicalTypeAnnotation || type instanceof IntervalLogicalTypeAnnotation;
    return nanos || other ? Optional.of(field) : Optional.empty();
  }
}
