package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.InvalidInput;
import java.util.List;
import java.util.Map;
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
    Optional<String> meant = meant(format).map(Section::name);
    if (meant.isPresent() && !format.equals(meant.get())) {
      throw new InvalidInput(
          "format must be the name of one of Spark's formats, however: %s%s"
              .formatted(format, Guess.question(meant)));
    }
  }

  /** Ours that a name is, or means in another spelling or by another name. */
  private static Optional<TableFormat> meant(String format) {
    return Stream.of(values())
        .filter(
            own ->
                Stream.concat(Stream.of(Section.name(own)), Guess.names(own))
                    .map(Guess::plain)
                    .anyMatch(Guess.plain(format)::equals))
        .findFirst();
  }

  /**
   * Refuses what {@code --output-format} cannot mean, before any work is done. Capital letters are
   * Spark's to pass over.
   */
  static void checkOutput(String format) {
    Optional<TableFormat> meant = meant(format);
    if (meant.equals(Optional.of(TSV))) {
      throw new InvalidInput(
          "--output-format must be the name of one of Spark's formats, however: %s (did you mean csv, which is written with commas?)"
              .formatted(format));
    }
    if (meant.isPresent() && !format.equalsIgnoreCase(Section.name(meant.get()))) {
      throw unknownOutput(format, Optional.of(Section.name(meant.get())));
    }
  }

  /** A refusal of a format that this Spark has not. */
  static InvalidInput unknownOutput(String format) {
    List<String> written =
        Stream.of(values()).filter(own -> own != TSV).map(Section::name).toList();
    return unknownOutput(format, Guess.nearest(format, written, Map.of()));
  }

  private static InvalidInput unknownOutput(String format, Optional<String> meant) {
    return new InvalidInput(
        "--output-format must be the name of one of Spark's formats, however: %s%s"
            .formatted(
                format,
                meant.isPresent()
                    ? Guess.question(meant)
                    : " (a format of a package needs --packages)"));
  }
}
