/**
 * From the bytes of text files to cells and their types: CSV records, the values of JSON files,
 * texts that mean a missing value, and what the texts of a column have in common.
 *
 * <p>May import: {@code base} only; no engine. {@code spark} gives it the bytes of a part of a file
 * and makes rows of what it says.
 *
 * <p>Words: a <b>record</b> is what stands between two line ends outside quotes; a <b>cell</b> is
 * one of its fields; a <b>chunk</b> is a range of a file's bytes that one task reads; a <b>mark</b>
 * is a text that means "missing", such as {@code NA}; a <b>profile</b> counts what the cells of a
 * column look like.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>CSV is read by a parser of ours, not by Spark's. Spark's splits a record at a line break
 *       inside quotes unless it is told to read whole files on one task, takes a backslash for the
 *       escape, reads every file by the first file's columns, and says neither which record was
 *       broken nor how many. Ours follows RFC 4180 (quotes doubled, line breaks in quotes), reads
 *       columns by name, splits large files anywhere, and knows the line of each record.
 *   <li>A chunk is read as if it began outside quotes. That is right unless a quoted cell with a
 *       line break lies across its border; the chunk before tells in which {@link
 *       io.lakeprop.text.CsvState} its last byte stood, and a chunk that guessed wrong is read
 *       again ({@code spark.CsvScan}).
 *   <li>Of JSON only the borders of values are found here ({@link io.lakeprop.text.JsonValues});
 *       what is in an object is read by Spark. Spark's own reader of files takes the first value of
 *       a line or file and drops what follows it. Jackson finds borders, too, but loses its place
 *       in a text that is broken, and its classes have other names in the jar that is deployed.
 *       {@link io.lakeprop.text.JsonTexts} puts quotes around the values of keys that are texts,
 *       because Spark's parser would write a number anew, 1.50 as 1.5. Both parsers take the same
 *       {@link io.lakeprop.text.JsonSyntax}: what one alone took would be read anew, or lost.
 *   <li>Numbers as people write them ({@code € 1.100,50}) stay texts, and a note offers SQL that
 *       reads them ({@link io.lakeprop.text.NumberTrait}). Whether a comma is the decimal one is
 *       told from the column, not from a cell: {@code 1,234} may be both. The SQL takes away only
 *       what stands in the column's numbers, so that any other text is an error and never another
 *       number. Numbers of several units get no SQL: 12% and 0.12 would become one column.
 *   <li>Dates as people write them get the same ({@link io.lakeprop.text.DateTrait}): which number
 *       is the day, the column tells, and {@code 24/12/31} is offered both ways. Years 69 to 99 of
 *       two digits are 1969 to 1999, as POSIX has it; of a zone's name only those are read that
 *       mean the same everywhere.
 *   <li>A job's own pattern of dates ({@link io.lakeprop.text.TimePattern}) is read as strictly as
 *       Spark reads it, and must read a sample that it writes: most wrong letters ({@code mm} for
 *       months, {@code hh} without {@code a}) are legal patterns of something else.
 *   <li>The same code decides whether a text fits a type and what its value is ({@link
 *       io.lakeprop.text.TextType#parse}), so that a cell which was counted as fitting is never
 *       lost afterwards.
 *   <li>A type is told from all cells, and only a type from which the text comes back: whole
 *       numbers that begin with 0 or {@code +}, or have more digits than 64 bits, are texts. Texts
 *       such as {@code 12D} and {@code 7F}, which Java's own parser takes for numbers, are texts.
 *   <li>Marks are compared without blanks around them, letter by letter. Those in {@link
 *       io.lakeprop.base.MissingTexts#USUAL} count everywhere; those that are also ordinary words
 *       or signs ({@code none}, {@code -}) only where all other cells are numbers, dates or truth
 *       values.
 * </ul>
 */
package io.lakeprop.text;
