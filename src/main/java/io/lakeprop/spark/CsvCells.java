package io.lakeprop.spark;

import io.lakeprop.text.CsvRecords;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the cells of a record are by the types of the columns; the scan counts with it, the reader
 * makes rows of it.
 *
 * @param types of the columns; null where any text will do
 */
record CsvCells(ArrayList<TextType> types, MissingMarks missing) implements Serializable {
  /** What is wrong with a record as a whole; empty where nothing is. */
  static String wrong(CsvRecords record, CsvChunk chunk) {
    if (!record.problem().isEmpty()) {
      return record.problem();
    }
    int fields = record.fields().size();
    return fields == chunk.width
        ? ""
        : "it has %d fields, and the header has %d".formatted(fields, chunk.width);
  }

  /** The text of a column in a record; null where there is none. */
  static String text(List<String> fields, CsvChunk chunk, int column) {
    int field = chunk.fields[column];
    if (field < 0) {
      return chunk.partition[column];
    }
    return field < fields.size() ? fields.get(field) : null;
  }

  /** Whether a text means that there is no value. */
  boolean isMissing(String text, int column) {
    TextType type = types.get(column);
    return text == null
        || missing.hold(text)
        || (type != null && type.kind() != TextType.Kind.STRING && missing.holdAmongNumbers(text));
  }

  /** Whether a text with a value is none of the column's type. */
  boolean isMisfit(String text, int column) {
    TextType type = types.get(column);
    return type != null && !isMissing(text, column) && type.parse(text).isEmpty();
  }

  /** The value of a text; null where it is missing or does not fit. */
  Object value(String text, int column) {
    return isMissing(text, column) ? null : types.get(column).parse(text).orElse(null);
  }
}
