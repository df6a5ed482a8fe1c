package io.lakeprop.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.spark.DataFindings;

/** What report.json says of the data: all that was wrong with it and let pass. */
final class FindingsJson {
  private FindingsJson() {}

  static void write(ObjectNode json, DataFindings findings) {
    ObjectNode notFinite = json.putObject("not_finite");
    findings
        .notFinite()
        .forEach(
            (column, counts) ->
                notFinite
                    .putObject(column)
                    .put("nan", counts.nan())
                    .put("infinite", counts.infinite()));
    ObjectNode withoutLabel = json.putObject("rows_without_label");
    findings.withoutLabel().forEach((split, rows) -> withoutLabel.put(RunReport.name(split), rows));
    ObjectNode malformed = json.putObject("malformed");
    findings.malformed().forEach((split, count) -> malformed.put(RunReport.name(split), count));
    ObjectNode marks = json.putObject("missing_marks");
    findings
        .marks()
        .forEach(
            (split, columns) -> {
              ObjectNode byColumn = marks.putObject(RunReport.name(split));
              columns.forEach(
                  (column, own) -> own.forEach(byColumn.withObjectProperty(column)::put));
            });
    ObjectNode rare = json.putObject("rows_of_rare_classes");
    findings.ofRareClasses().forEach((split, rows) -> rare.put(RunReport.name(split), rows));
    ObjectNode joined = json.putObject("joined_classes");
    findings.joinedClasses().forEach(joined::put);
    ObjectNode useless = json.putObject("useless_columns");
    findings.useless().forEach(useless::put);
    findings.ids().forEach(json.putArray("possible_ids")::add);
    ObjectNode skipped = json.putObject("skipped_files");
    findings
        .unreadable()
        .forEach(
            (split, files) -> {
              ArrayNode list = skipped.putArray(RunReport.name(split));
              files.forEach(
                  file -> list.addObject().put("file", file.path()).put("reason", file.reason()));
            });
  }
}
