package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;

/**
 * Which field of each CSV file is which column: by the names in the file's header, whatever their
 * order; by their places where there is no header, or a line with none of the schema's names.
 */
final class CsvHeaders {
  /** What programs put between columns, the likeliest first. */
  private static final List<String> SEPARATORS = List.of(";", "\t", "|", ",");

  /** Characters of a header that a message shows. */
  private static final int LONGEST = 60;

  private static final String[] NONE = new String[0];

  private final String table;
  private final List<TableFile> filled;
  private final List<CsvFirst> firsts;

  /** The columns that the files themselves have. */
  private final List<String> ofFiles;

  private final List<String> columns;
  private final Optional<StructType> declared;
  private final List<int[]> fields = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();
  private final List<String[]> partitions = new ArrayList<>();
  private final List<String[]> titles = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> ofNames = new ArrayList<>();

  /** Columns that files have and folders spell, too. */
  private final Set<String> hidden = new TreeSet<>();

  private CsvHeaders(
      String table,
      List<TableFile> filled,
      List<CsvFirst> firsts,
      List<String> ofFiles,
      List<String> folders,
      Optional<StructType> declared) {
    this.table = table;
    this.filled = filled;
    this.firsts = firsts;
    this.ofFiles = List.copyOf(ofFiles);
    this.columns = Stream.concat(ofFiles.stream(), folders.stream()).toList();
    this.declared = declared;
  }

  /**
   * Matches the files of a table.
   *
   * @param schema of the job, or empty
   * @param filled the files that have bytes
   * @param firsts the first record of each
   * @param isTold whether the job says that files have a header
   * @throws InvalidInput when a file lacks a column, or has others
   */
  static CsvHeaders of(
      String table,
      Optional<String> schema,
      List<TableFile> filled,
      List<CsvFirst> firsts,
      TableFiles files,
      CsvOptions options,
      boolean isTold) {
    Optional<StructType> declared =
        schema.map(StructType::fromDDL).map(type -> ColumnNames.checked(table, type));
    boolean header = options.dialect().header();
    List<String> own =
        declared
            .map(type -> List.of(type.fieldNames()))
            .orElseGet(() -> told(table, filled, firsts, header));
    List<String> columns = new ArrayList<>(own);
    columns.removeAll(files.partitionColumns());
    CsvHeaders headers =
        new CsvHeaders(table, filled, firsts, columns, files.partitionColumns(), declared);
    if (header && declared.isEmpty()) {
      headers.noteNames(firsts.get(first(firsts)).fields, options.isTrained());
    }
    Optional<SchemaTitle> title =
        declared
            .filter(type -> header)
            .map(
                type ->
                    new SchemaTitle(
                        table,
                        headers.ofFiles,
                        TypedColumns.declared(type, headers.ofFiles, options),
                        options.missing(),
                        isTold));
    boolean others = title.isPresent() && firsts.stream().anyMatch(title.get()::isNames);
    for (int i = 0; i < filled.size(); i++) {
      boolean byName =
          header && !firsts.get(i).isEmpty() && !headers.isPassedOver(title, i, others);
      headers.add(i, byName, header);
    }
    return headers;
  }

  /** The columns that the first file with a record has. */
  private static List<String> told(
      String table, List<TableFile> filled, List<CsvFirst> firsts, boolean header) {
    int first = first(firsts);
    if (first < 0) {
      throw new InvalidInput(
          "table %s must have a header line, however: its files are empty".formatted(table));
    }
    String[] fields = firsts.get(first).fields;
    if (header) {
      checkFirstLine(table, filled.get(first), fields);
    }
    return header ? names(fields) : numbered(fields.length);
  }

  /** The first file that has a record; -1 where none has. */
  private static int first(List<CsvFirst> firsts) {
    return IntStream.range(0, firsts.size())
        .filter(i -> !firsts.get(i).isEmpty())
        .findFirst()
        .orElse(-1);
  }

  /**
   * Whether a file's first record is neither names nor a row.
   *
   * @param others whether that of any file is names
   */
  private boolean isPassedOver(Optional<SchemaTitle> title, int file, boolean others) {
    if (title.isEmpty() || title.get().isNames(firsts.get(file))) {
      return false;
    }
    title.get().passedOver(filled.get(file), firsts.get(file), others).ifPresent(notes::add);
    return true;
  }

  /**
   * One name with another usual separator in it is a header that was read with the wrong one;
   * spreadsheets and tools put lines of their own before the header.
   */
  private static void checkFirstLine(String table, TableFile file, String[] header) {
    String start = header[0] == null ? "" : header[0];
    String only = header.length == 1 ? start : "";
    if (start.matches("(?i)sep=.?")) {
      throw refused(table, file, start, "that is for spreadsheets: leave the line out");
    }
    if (start.matches("(?is)\\s*<(!doctype|html|head|table|\\?xml)\\b.*")) {
      throw refused(table, file, start, "that is a page of HTML or XML: save what it shows as CSV");
    }
    if (only.startsWith("#")) {
      throw refused(table, file, only, "options: {comment: \"#\"} passes such lines over");
    }
    for (String other : SEPARATORS) {
      if (only.contains(other)) {
        String sep = other.equals("\t") ? "\\t" : other;
        throw refused(
            table, file, only, "options: {sep: \"" + sep + "\"} if that is what is between them");
      }
    }
  }

  private static InvalidInput refused(String table, TableFile file, String line, String mend) {
    return new InvalidInput(
        "table %s: file %s must have the names of its columns in its first line, however: it has one, \"%s\" (%s)"
            .formatted(
                table,
                file.path(),
                line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line,
                mend));
  }

  private void add(int file, boolean byName, boolean header) {
    CsvFirst record = firsts.get(file);
    int own = ofFiles.size();
    int[] places = byName ? places(file) : IntStream.range(0, own).toArray();
    int[] all = Arrays.copyOf(places, columns.size());
    String[] values = new String[columns.size()];
    for (int i = own; i < all.length; i++) {
      all[i] = -1;
      values[i] = filled.get(file).partition().get(columns.get(i));
    }
    fields.add(all);
    widths.add(record.isEmpty() ? -1 : byName ? record.fields.length : own);
    partitions.add(values);
    titles.add(
        header ? record.fields : declared.isPresent() ? ofFiles.toArray(String[]::new) : NONE);
  }

  /** The field of each column, by the names in a file's header. */
  private int[] places(int file) {
    List<String> names = names(firsts.get(file).fields);
    Set<String> known = new HashSet<>(ofFiles);
    Map<String, Integer> byName = new HashMap<>();
    Map<String, Integer> inOtherSpellings = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i), i);
      if (!known.contains(names.get(i))) { // One of that very name has its field.
        inOtherSpellings.put(ColumnNames.normal(names.get(i)), i);
      }
    }
    int[] places = new int[ofFiles.size()];
    Set<Integer> read = new HashSet<>();
    List<String> lacking = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      String name = ofFiles.get(i);
      Integer place = byName.get(name);
      if (place == null) {
        place = inOtherSpellings.remove(ColumnNames.normal(name));
      }
      places[i] = place == null ? 0 : place;
      if (place == null) {
        lacking.add(name);
      } else {
        read.add(place);
      }
    }
    List<String> others =
        IntStream.range(0, names.size())
            .filter(place -> !read.contains(place))
            .mapToObj(names::get)
            .toList();
    checkNames(file, others, lacking);
    return places;
  }

  /**
   * @param unread names of the file that are those of no column
   */
  private void checkNames(int file, List<String> unread, List<String> lacking) {
    Set<String> others = new LinkedHashSet<>(unread);
    Set<String> all = new HashSet<>(columns);
    others.stream().filter(all::contains).forEach(hidden::add);
    others.removeIf(all::contains); // A folder's name says it.
    if (!lacking.isEmpty() || (declared.isEmpty() && !others.isEmpty())) {
      throw new InvalidInput(
          "table %s: file %s must have the columns %s, however: it %s%s"
              .formatted(
                  table,
                  filled.get(file).path(),
                  declared.isPresent() ? "of the schema" : "of " + filled.get(first(firsts)).path(),
                  difference(lacking, others),
                  declared.isPresent()
                      ? " (the schema must spell them as the file does; options: {header: false}"
                          + " where its first line is a row)"
                      : ""));
    }
  }

  private static String difference(List<String> lacking, Set<String> others) {
    String lacks = lacking.isEmpty() ? "" : "lacks " + lacking;
    String has = others.isEmpty() ? "" : "has " + others + " besides";
    return lacks + (lacks.isEmpty() || has.isEmpty() ? "" : " and ") + has;
  }

  /**
   * The names of a header as Spark makes them unique: a place for none, and behind one that is
   * there twice.
   */
  private static List<String> names(String[] record) {
    Map<String, Integer> times = new HashMap<>();
    for (String name : record) {
      times.merge(name == null ? "" : name, 1, Integer::sum);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < record.length; i++) {
      String name = record[i];
      names.add(name == null || name.isEmpty() ? "_c" + i : times.get(name) > 1 ? name + i : name);
    }
    return names;
  }

  /**
   * Notes columns of the header whose names here are not the file's.
   *
   * @param isTrained whether a model says which of them are features
   */
  private void noteNames(String[] record, boolean isTrained) {
    List<String> own = names(record);
    Map<String, List<String>> twice = new LinkedHashMap<>();
    List<String> nameless = new ArrayList<>();
    for (int i = 0; i < record.length; i++) {
      if (record[i] == null || record[i].isEmpty()) {
        nameless.add(own.get(i));
      } else if (!record[i].equals(own.get(i))) {
        twice.computeIfAbsent(record[i], name -> new ArrayList<>()).add(own.get(i));
      }
    }
    twice.forEach(
        (name, places) ->
            ofNames.add(
                "table %s: %d columns of the header are called \"%s\": here they are %s, by their places"
                    .formatted(table, places.size(), name, String.join(", ", places))));
    if (!nameless.isEmpty() && !isTrained) {
      ofNames.add(
          "table %s: the header has no name for %s (where that counts the rows, as pandas and R write it: features: {exclude: [%s]})"
              .formatted(table, String.join(", ", nameless), nameless.get(0)));
    }
  }

  private static List<String> numbered(int width) {
    return IntStream.range(0, width).mapToObj(i -> "_c" + i).toList();
  }

  /** The columns of the table, those that folders spell last. */
  List<String> columns() {
    return columns;
  }

  /** The schema of the job. */
  Optional<StructType> declared() {
    return declared;
  }

  /**
   * What a person should know: of names that are not the file's; of first lines that are passed
   * over, the first and the last; and of columns that are read from folders' names.
   */
  List<String> notes() {
    List<String> some = new ArrayList<>(ofNames);
    some.addAll(notes.size() < 3 ? notes : List.of(notes.get(0), notes.get(notes.size() - 1)));
    if (!hidden.isEmpty()) {
      some.add(FileColumns.hidden(table, List.copyOf(hidden)));
    }
    return some;
  }

  /** The field of each column in a file; -1 for those that folders spell. */
  int[] fields(int file) {
    return fields.get(file);
  }

  /** Fields of a file's records. */
  int width(int file) {
    return widths.get(file);
  }

  /** The names of a file's fields; none where nobody says them, or a row may have the only one. */
  String[] title(int file) {
    String[] title = titles.get(file);
    return title.length < 2 ? NONE : title;
  }

  /** Whether a file has no record at all. */
  boolean isEmpty(int file) {
    return widths.get(file) < 0;
  }

  /** What the folders above a file say of each column; null for the file's own columns. */
  String[] partition(int file) {
    return partitions.get(file);
  }
}
