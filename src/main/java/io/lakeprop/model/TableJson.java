package io.lakeprop.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.data.TableMeaning;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the training table was read, in model.json. */
final class TableJson {
  private TableJson() {}

  static void write(ObjectNode json, TableMeaning table) {
    ObjectNode types = json.putObject("types");
    table.types().forEach(types::put);
    table.missing().ifPresent(missing -> missing.forEach(json.putArray("missing")::add));
    ObjectNode derive = json.putObject("derive");
    table.derive().forEach(derive::put);
    if (!table.made().isEmpty()) {
      ObjectNode made = json.putObject("made");
      table.made().forEach(made::put);
    }
    json.put("time_zone", table.timeZone());
    if (!table.options().isEmpty()) {
      ObjectNode options = json.putObject("options");
      table.options().forEach(options::put);
    }
    table.weight().ifPresent(weight -> json.put("weight", weight));
  }

  static TableMeaning read(JsonObject json) {
    Optional<List<String>> missing =
        json.has("missing") ? Optional.of(json.texts("missing")) : Optional.empty();
    TableMeaning table =
        new TableMeaning(
            texts(json.object("types")),
            missing,
            texts(json.object("derive")),
            zone(json, "time_zone"),
            json.has("options") ? options(json.object("options")) : Map.of(),
            json.has("weight") ? Optional.of(json.text("weight")) : Optional.empty(),
            Optional.empty(),
            Map.of(),
            json.has("made") ? texts(json.object("made")) : Map.of());
    json.end();
    return table;
  }

  private static Map<String, String> texts(JsonObject json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.keys().forEach(key -> texts.put(key, json.text(key)));
    return texts;
  }

  private static Map<String, String> options(JsonObject json) {
    Map<String, String> options = texts(json);
    if (options.containsKey("timezone")) {
      zone(json, "timezone");
    }
    return options;
  }

  private static String zone(JsonObject json, String key) {
    String zone = json.text(key);
    try {
      return ZoneId.of(zone).getId();
    } catch (DateTimeException e) {
      throw json.refusal(key, "must be a time zone", zone);
    }
  }
}
