package io.lakeprop.spark;

import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import org.apache.spark.sql.api.java.UDF1;

/** Whether a text has a value and is none of a type. */
record IsMisfit(TextType type, MissingMarks missing) implements UDF1<String, Boolean> {
  @Override
  public Boolean call(String text) {
    return !missing.hold(text, type) && type.parse(text).isEmpty();
  }
}
