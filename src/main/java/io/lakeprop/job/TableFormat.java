package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.InvalidInput;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The formats that come with Spark, as {@code table.format} and {@code --format} name them. Others
 * (Delta, Avro ...) come with packages of their own, and any name may be one of theirs.
 */
enum TableFormat {
  PARQUET,
  ORC,
  @AlsoCalled({"jsonl", "ndjson", "json_lines", "jsonlines"})
  JSON,
  CSV,
  /** CSV with tabs. */
  TSV;

  /**
   * The name, unless it is one of ours in another spelling or by another name: Spark knows no
   * {@code jsonl}, and what is said here of {@code csv} would not reach {@code CSV}.
   */
  static Optional<String> checked(Optional<String> format) {
    format.ifPresent(TableFormat::check);
    return format;
  }

  private static void check(String format) {
    for (TableFormat own : values()) {
      String name = Section.name(own);
      boolean meant =
          Stream.concat(Stream.of(name), Guess.names(own))
              .map(Guess::plain)
              .anyMatch(Guess.plain(format)::equals);
      if (meant && !format.equals(name)) {
        throw new InvalidInput(
            "format must be the name of one of Spark's formats, however: %s (did you mean %s?)"
                .formatted(format, name));
      }
    }
  }
}
