package io.lakeprop.spark;

import io.lakeprop.base.SqlName;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.text.TextType;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns that SQL reads and that are of another type than in training. A number of 1 is {@code 1}
 * to {@code concat} where its column is of whole numbers, and {@code 1.0} where one is a fraction.
 */
final class ChangedTypes {
  private ChangedTypes() {}

  /**
   * A note on such columns; empty where there are none.
   *
   * @param meaning of the training table, without columns that are derived anew
   * @param sql expressions of the table
   */
  static Optional<String> note(StructType schema, TableMeaning meaning, Collection<String> sql) {
    Map<String, String> trained = meaning.typesOfValues();
    String changed =
        meaning.namedIn(sql).stream()
            .filter(name -> trained.containsKey(name) && !isCast(name, sql))
            .sorted()
            .flatMap(name -> changed(name, trained.get(name), schema).stream())
            .collect(Collectors.joining(", "));
    return Optional.of(changed)
        .filter(all -> !all.isEmpty())
        .map(
            all ->
                "derive and where read columns of other types than in training, and may say other things of them: %s"
                    .formatted(all));
  }

  /** Whether SQL says itself of which type the column is meant to be. */
  private static boolean isCast(String column, Collection<String> sql) {
    String cast = "(?i)cast\\(\\s*`?" + Pattern.quote(column.replace("`", "``")) + "`?\\s+as\\b";
    return sql.stream().anyMatch(own -> Pattern.compile(cast).matcher(own).find());
  }

  private static Optional<String> changed(String name, String trained, StructType schema) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(name) && !areAlike(field, trained)) {
        return Optional.of(
            "%s is %s, and was %s (cast(%s as %s))"
                .formatted(name, field.dataType().sql(), trained, SqlName.of(name), trained));
      }
    }
    return Optional.empty();
  }

  /** Whether values of both types are the same to SQL. */
  private static boolean areAlike(StructField field, String trained) {
    String own = field.dataType().sql();
    boolean areWhole = field.dataType() instanceof IntegralType && isWhole(trained);
    return own.equals(trained) || areWhole;
  }

  private static boolean isWhole(String type) {
    for (TextType.Kind kind : TextType.Kind.values()) {
      if (kind.name().equals(type)) {
        return kind.isWhole();
      }
    }
    return false;
  }
}
