package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the first record of a CSV file is where the job's schema names the columns: their names, a
 * line that is passed over, or perhaps a row, which must not be lost.
 *
 * @param columns of the schema that files have
 * @param types of these columns
 * @param isTold whether the job says that files have a header, whatever is in it
 */
record SchemaTitle(
    String table,
    List<String> columns,
    List<TextType> types,
    MissingMarks missing,
    boolean isTold) {

  /** Characters of a record that a message shows. */
  private static final int LONGEST = 60;

  /** Letters and digits alone, none of them a capital. */
  private static String bare(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}]", "");
  }

  /**
   * Whether a first record has the name of a column, or one that differs in capitals, blanks and
   * signs alone: then all columns are found by name, and nothing by place.
   */
  boolean isNames(CsvFirst first) {
    Set<String> names = new HashSet<>();
    for (String field : first.fields) {
      if (field != null) {
        names.add(ColumnNames.normal(field));
        names.add(bare(field));
      }
    }
    names.remove("");
    return columns.stream()
        .anyMatch(own -> names.contains(ColumnNames.normal(own)) || names.contains(bare(own)));
  }

  /**
   * Checks a first record without any name of a column, which would be passed over.
   *
   * @param others whether other files of the table have the names
   * @return a note where nobody said that the record is no row
   * @throws InvalidInput where it may be one
   */
  Optional<String> passedOver(TableFile file, CsvFirst first, boolean others) {
    if (isTold) {
      return Optional.empty();
    }
    String shown = shown(first);
    if (isNoRow(first.fields)) {
      return Optional.of(
          "%s line %d is passed over, since it has none of the schema's names and fits none of its types: \"%s\" (options: {header: true} says that it is no row)"
              .formatted(file.path(), first.line, shown));
    }
    throw new InvalidInput(
        "table %s: %s line %d must have the schema's names, however: it is \"%s\", which may be a row (%s)"
            .formatted(
                table,
                file.path(),
                first.line,
                shown,
                others
                    ? "other files have them: write them into this one, too"
                    : "options: {header: false} takes it for a row, {header: true} passes it"
                        + " over"));
  }

  private static String shown(CsvFirst first) {
    List<String> fields =
        Arrays.stream(first.fields).map(field -> field == null ? "" : field).toList();
    String shown = String.join(",", fields);
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "..." : shown;
  }

  /** Whether no row is like it: it has other fields, or cells of which none fits a type. */
  private boolean isNoRow(String[] fields) {
    if (fields.length != columns.size()) {
      return true;
    }
    boolean misfits = false;
    for (int i = 0; i < fields.length; i++) {
      TextType type = types.get(i);
      if (type.kind() == TextType.Kind.STRING
          || fields[i] == null
          || missing.holdAmongNumbers(fields[i])) {
        continue;
      }
      TextType wide =
          type.kind().isNumber() ? TextType.of(TextType.Kind.DOUBLE, type.format()) : type;
      if (wide.parse(fields[i]).isPresent()) {
        return false; // A number that is too large or fine for its type is no name, either.
      }
      misfits = true;
    }
    return misfits;
  }
}
