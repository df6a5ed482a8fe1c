package io.lakeprop.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.LabelEncoder;

/** What a label means, in model.json. */
final class LabelJson {
  private LabelJson() {}

  static void write(ObjectNode json, LabelEncoder label) {
    if (label instanceof LabelEncoder.Classes classes) {
      json.put("type", "classes").put("name", classes.name()).put("sql_type", classes.type());
      classes.values().forEach(json.putArray("values")::add);
    } else if (label instanceof LabelEncoder.Quantity number) {
      json.put("type", "number").put("name", number.name());
      json.put("center", number.center()).put("scale", number.scale());
      if (number.range() != LabelEncoder.Range.ANY) {
        json.put("range", JsonObject.key(number.range()));
      }
    }
  }

  static LabelEncoder read(JsonObject json) {
    String type = json.text("type");
    String name = json.text("name");
    LabelEncoder label =
        switch (type) {
          case "classes" ->
              new LabelEncoder.Classes(name, json.text("sql_type"), json.texts("values"));
          case "number" ->
              new LabelEncoder.Quantity(
                  name, json.number("center"), json.number("scale"), range(json));
          default -> throw json.refusal("type", "must be classes or number", type);
        };
    json.end();
    return label;
  }

  private static LabelEncoder.Range range(JsonObject json) {
    return json.has("range")
        ? json.constant("range", LabelEncoder.Range.values())
        : LabelEncoder.Range.ANY;
  }
}
