package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import java.util.Optional;
import org.apache.spark.sql.api.java.UDF1;

/**
 * A text as a value of a type; null where it means a missing one.
 *
 * @param strict whether a text that does not fit ends the reading, instead of being null: a look at
 *     all texts has found none
 */
record ReadText(TextType type, MissingMarks missing, boolean strict)
    implements UDF1<String, Object> {
  @Override
  public Object call(String text) {
    if (missing.hold(text, type)) {
      return null;
    }
    Optional<Object> value = type.parse(text);
    if (strict && value.isEmpty()) {
      throw new InvalidInput(
          "a text must be %s, however: \"%s\", and it was not so at first: the table changed while it was read"
              .formatted(type.sql(), text));
    }
    return value.orElse(null);
  }
}
