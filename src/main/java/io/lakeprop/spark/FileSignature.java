package io.lakeprop.spark;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** What a file is by its first bytes, when it is not the text that it should be. */
enum FileSignature {
  UTF_16_LITTLE("fffe", "a text in UTF-16 (options: {encoding: UTF-16})"),
  UTF_16_BIG("feff", "a text in UTF-16 (options: {encoding: UTF-16})"),
  ZIP("504b0304", "a ZIP archive, as a spreadsheet (.xlsx) is: save it as CSV, or unpack it"),
  OLD_SPREADSHEET("d0cf11e0", "a spreadsheet (.xls): save it as CSV"),
  GZIP("1f8b", "compressed by gzip, which its name must tell (.gz)"),
  ZSTANDARD("28b52ffd", "compressed by zstd, which its name must tell (.zst)"),
  BZIP2("425a68", "compressed by bzip2, which its name must tell (.bz2)"),
  PARQUET("50415231", "a Parquet file (table.format: parquet)"),
  ORC("4f5243", "an ORC file (table.format: orc)");

  /** As many bytes as tell each. */
  static final int BYTES = 4;

  private final String hexadecimal;
  private final String words;

  FileSignature(String hexadecimal, String words) {
    this.hexadecimal = hexadecimal;
    this.words = words;
  }

  /** The kind of a file that begins so. */
  static Optional<FileSignature> of(byte[] start) {
    String first = HexFormat.of().formatHex(start);
    return Arrays.stream(values()).filter(own -> first.startsWith(own.hexadecimal)).findFirst();
  }

  /** For a person, with what helps. */
  String words() {
    return words;
  }
}
