package io.lakeprop.spark;

import java.util.HashMap;
import org.apache.spark.sql.api.java.UDF1;

/** Texts in place of others; those that are not listed stay. */
record Respelled(HashMap<String, String> texts) implements UDF1<String, String> {
  @Override
  public String call(String text) {
    return text == null ? null : texts.getOrDefault(text, text);
  }
}
