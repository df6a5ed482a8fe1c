package io.lakeprop.spark;

import io.lakeprop.data.TableMeaning;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What tasks need to know of how the training table was read: a message, without the optional
 * values that Java does not write.
 *
 * @param missing what the job lists; null where it lists none
 */
record SentMeaning(
    HashMap<String, String> types,
    ArrayList<String> missing,
    HashMap<String, String> derive,
    String timeZone,
    HashMap<String, String> options,
    HashMap<String, String> made)
    implements Serializable {
  static SentMeaning of(TableMeaning table) {
    return new SentMeaning(
        new HashMap<>(table.types()),
        table.missing().map(ArrayList::new).orElse(null),
        new HashMap<>(table.derive()),
        table.timeZone(),
        new HashMap<>(table.options()),
        new HashMap<>(table.made()));
  }

  TableMeaning told() {
    Optional<List<String>> listed = Optional.ofNullable(missing);
    return new TableMeaning(
        types,
        listed,
        derive,
        timeZone,
        options,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        made);
  }
}
