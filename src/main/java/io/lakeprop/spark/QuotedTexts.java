package io.lakeprop.spark;

import io.lakeprop.text.JsonKeys;
import io.lakeprop.text.JsonSyntax;
import io.lakeprop.text.JsonTexts;
import java.util.HashSet;
import org.apache.spark.sql.api.java.UDF1;

/**
 * An object of JSON in which the values of some keys are texts as they are written.
 *
 * @param declared the schema's keys where capitals make no other ones
 * @param syntax that the parser takes, too
 */
record QuotedTexts(HashSet<String> keys, JsonKeys declared, JsonSyntax syntax)
    implements UDF1<String, String> {
  @Override
  public String call(String object) {
    return object == null ? null : JsonTexts.quoted(object, keys, declared, syntax);
  }
}
