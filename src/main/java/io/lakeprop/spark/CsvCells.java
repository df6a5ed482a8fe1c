package io.lakeprop.spark;

import io.lakeprop.text.CsvRecords;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import io.lakeprop.text.TimeFormat;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What the cells of a record are by the types of the columns; the scan counts with it, the reader
 * makes rows of it.
 *
 * @param types of the columns; null where any text will do
 * @param trained types of the columns in training, from which cells may stray; null for others
 * @param missing texts of each column that mean a missing value
 */
record CsvCells(
    ArrayList<TextType> types, ArrayList<TextType> trained, ArrayList<MissingMarks> missing)
    implements Serializable {
  /** What is wrong with a record as a whole; empty where nothing is. */
  static String wrong(CsvRecords record, CsvChunk chunk) {
    if (!record.problem().isEmpty()) {
      return problem(record);
    }
    return isTitle(record.fields(), chunk)
        ? "it repeats the header"
        : isUneven(record, chunk)
            ? "it has %d fields, and the header has %d"
                    .formatted(record.fields().size(), chunk.width)
                + mend(record)
            : "";
  }

  /** Whether a record that can be read has more or fewer fields than the header. */
  static boolean isUneven(CsvRecords record, CsvChunk chunk) {
    return record.problem().isEmpty() && record.fields().size() != chunk.width;
  }

  /** What is wrong with a record's quotes or characters, and what mends it. */
  static String problem(CsvRecords record) {
    return record.problem() + mend(record);
  }

  private static String mend(CsvRecords record) {
    return record.otherQuotes().isEmpty() ? "" : " (" + record.otherQuotes() + ")";
  }

  /** Whether a record is the header once more, as where files were joined. */
  static boolean isTitle(List<String> fields, CsvChunk chunk) {
    int last = chunk.title.length - 1;
    return last > 0
        && fields.size() == chunk.title.length
        && Objects.equals(fields.get(last), chunk.title[last])
        && fields.subList(1, last).equals(Arrays.asList(chunk.title).subList(1, last))
        && Objects.equals(withoutByteOrderMark(fields.get(0)), chunk.title[0]);
  }

  /** A file that another one was joined to may begin with it. */
  private static String withoutByteOrderMark(String field) {
    return field != null && field.startsWith("\uFEFF") ? field.substring(1) : field;
  }

  /** The text of a column in a record; null where there is none. */
  static String text(List<String> fields, CsvChunk chunk, int column) {
    int field = chunk.fields[column];
    if (field < 0) {
      return chunk.partition[column];
    }
    return field < fields.size() ? fields.get(field) : null;
  }

  /** Whether a text with a value is none of the column's type. */
  boolean isMisfit(String text, int column) {
    return isMisfit(text, types.get(column), column);
  }

  private boolean isMisfit(String text, TextType type, int column) {
    return type != null && !missing.get(column).hold(text, type) && type.parse(text).isEmpty();
  }

  /**
   * Takes a cell into what a scan finds.
   *
   * @param name of the column
   * @return what is wrong with the cell; empty where nothing is
   */
  String look(CsvFindings found, int column, String text, String name, TimeFormat times) {
    TextType type = types.get(column);
    if (type == null || type.kind() == TextType.Kind.DOUBLE) {
      found.profiles[column].add(text, missing.get(column), times);
    } else {
      found.profiles[column].addMark(text, missing.get(column), type);
    }
    if (isMisfit(text, type, column)) {
      found.misfits[column]++;
      return "column \"%s\" must be %s, however: \"%s\"%s"
          .formatted(name, wanted(column), text, mend(type.kind()));
    }
    found.strays[column] += isMisfit(text, trained.get(column), column) ? 1 : 0;
    return "";
  }

  /** What reads cells of a type that are written otherwise. */
  private static String mend(TextType.Kind kind) {
    return switch (kind) {
      case DATE -> " (options: {dateFormat: PATTERN} reads others)";
      case TIMESTAMP, TIMESTAMP_NTZ -> " (options: {timestampFormat: PATTERN} reads others)";
      default -> "";
    };
  }

  /** What a cell must be, in words. */
  private String wanted(int column) {
    TextType own = trained.get(column);
    return own == null
        ? types.get(column).sql()
        : (own.kind().isNumber() ? "a number" : own.sql()) + ", as in training";
  }

  /** The value of a text; null where it is missing or does not fit. */
  Object value(String text, int column) {
    TextType type = types.get(column);
    return missing.get(column).hold(text, type) ? null : type.parse(text).orElse(null);
  }
}
