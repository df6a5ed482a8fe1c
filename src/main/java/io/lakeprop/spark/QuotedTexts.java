package io.lakeprop.spark;

import io.lakeprop.text.JsonTexts;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.apache.spark.sql.api.java.UDF1;

/**
 * An object of JSON in which the values of some keys are texts as they are written.
 *
 * @param words values without quotes that the parser takes
 */
record QuotedTexts(HashSet<String> keys, Pattern words) implements UDF1<String, String> {
  @Override
  public String call(String object) {
    return object == null ? null : JsonTexts.quoted(object, keys, words);
  }
}
