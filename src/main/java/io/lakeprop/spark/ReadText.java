package io.lakeprop.spark;

import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import org.apache.spark.sql.api.java.UDF1;

/** A text as a value of a type; null where it means a missing one or does not fit. */
record ReadText(TextType type, MissingMarks missing) implements UDF1<String, Object> {
  @Override
  public Object call(String text) {
    boolean isMissing =
        text == null
            || missing.hold(text)
            || (type.kind() != TextType.Kind.STRING && missing.holdAmongNumbers(text));
    return isMissing ? null : type.parse(text).orElse(null);
  }
}
