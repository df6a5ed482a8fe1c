package io.lakeprop.text;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;

/**
 * How the cells of a CSV file are set apart.
 *
 * @param separator between fields, one character or several
 * @param quote around fields; 0 for none
 * @param escape before a quote inside quotes; the quote itself doubles it
 * @param comment the first character of lines that are no records; 0 for none
 * @param header whether the first record of a file names the columns
 * @param encoding the name of the files' character set
 * @param trimStart whether blanks before a field are no part of it
 * @param trimEnd whether blanks behind a field are no part of it
 */
public record CsvDialect(
    String separator,
    char quote,
    char escape,
    char comment,
    boolean header,
    String encoding,
    boolean trimStart,
    boolean trimEnd)
    implements Serializable {
  /** RFC 4180, with a header line, in UTF-8. */
  public static final CsvDialect RFC_4180 =
      new CsvDialect(",", '"', '"', (char) 0, true, "UTF-8", false, false);

  public CsvDialect {
    Check.require(!separator.isEmpty(), "sep must have a character", "sep", "\"\"");
    Check.require(
        separator.chars().noneMatch(c -> c == '\n' || c == '\r' || (quote != 0 && c == quote)),
        "sep must not hold a line end or the quote",
        "sep",
        separator);
    Check.require(quote < 128, "quote must be an ASCII character", "quote", quote);
    Check.require(escape < 128, "escape must be an ASCII character", "escape", escape);
    Check.require(comment < 128, "comment must be an ASCII character", "comment", comment);
    charset(encoding);
  }

  /** The files' character set. */
  public Charset charset() {
    return charset(encoding);
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new InvalidInput(
          "encoding must be a character set that Java knows, however: " + name, e);
    }
  }

  /** Whether an ASCII character is its own byte, and no byte of another character. */
  public boolean isAscii() {
    String name = charset().name();
    return name.equals("UTF-8")
        || name.equals("US-ASCII")
        || name.startsWith("ISO-8859-")
        || name.startsWith("windows-125");
  }

  /** Whether a file may be read from the middle on: the border must not lie in a separator. */
  public boolean splits() {
    return isAscii() && separator.length() == 1 && separator.charAt(0) < 128;
  }

  /** The dialect in UTF-8, to which bytes of other encodings than ASCII's kin are rewritten. */
  public CsvDialect inUtf8() {
    return new CsvDialect(separator, quote, escape, comment, header, "UTF-8", trimStart, trimEnd);
  }

  /**
   * A character from an option.
   *
   * @return empty where the option is; 0 for an empty text
   */
  public static Optional<Character> character(String option, Optional<String> text) {
    text.ifPresent(
        own ->
            Check.require(
                own.length() <= 1 || own.equals("\\t") || own.equals("\\\\"),
                option + " must be one character",
                option,
                own));
    return text.map(own -> own.isEmpty() ? (char) 0 : own.equals("\\t") ? '\t' : own.charAt(0));
  }
}
