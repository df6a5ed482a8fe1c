package io.lakeprop.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.LabelBounds;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;

/** What a label means, in model.json. */
final class LabelJson {
  private LabelJson() {}

  static void write(ObjectNode json, LabelEncoder label) {
    if (label instanceof LabelEncoder.Classes classes) {
      json.put("type", "classes").put("name", classes.name()).put("sql_type", classes.type());
      classes.values().forEach(json.putArray("values")::add);
      if (classes.rare() != LabelSettings.Rare.REFUSE) {
        json.put("rare", JsonObject.key(classes.rare()));
      }
    } else if (label instanceof LabelEncoder.Quantity number) {
      json.put("type", "number").put("name", number.name());
      json.put("center", number.center()).put("scale", number.scale());
      if (number.range() != LabelEncoder.Range.ANY) {
        json.put("range", JsonObject.key(number.range()));
      }
      if (!number.bounds().isNone()) {
        json.put("smallest", number.bounds().smallest());
        json.put("largest", number.bounds().largest());
      }
    }
    if (label.missing() != LabelSettings.Missing.REFUSE) {
      json.put("missing", JsonObject.key(label.missing()));
    }
  }

  static LabelEncoder read(JsonObject json) {
    String type = json.text("type");
    String name = json.text("name");
    LabelSettings.Missing missing =
        json.constant("missing", LabelSettings.Missing.values(), LabelSettings.Missing.REFUSE);
    LabelEncoder label =
        switch (type) {
          case "classes" ->
              new LabelEncoder.Classes(
                  name,
                  json.text("sql_type"),
                  json.texts("values"),
                  missing,
                  json.constant("rare", LabelSettings.Rare.values(), LabelSettings.Rare.REFUSE));
          case "number" ->
              new LabelEncoder.Quantity(
                  name,
                  json.number("center"),
                  json.number("scale"),
                  range(json),
                  missing,
                  bounds(json));
          default -> throw json.refusal("type", "must be classes or number", type);
        };
    json.end();
    return label;
  }

  /** Models from before predictions had bounds have none, and neither have those without. */
  private static LabelBounds bounds(JsonObject json) {
    return json.has("smallest") || json.has("largest")
        ? new LabelBounds(json.number("smallest"), json.number("largest"))
        : LabelBounds.NONE;
  }

  private static LabelEncoder.Range range(JsonObject json) {
    return json.has("range")
        ? json.constant("range", LabelEncoder.Range.values())
        : LabelEncoder.Range.ANY;
  }
}
