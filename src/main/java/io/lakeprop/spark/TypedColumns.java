package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.SqlName;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.text.ColumnNote;
import io.lakeprop.text.ColumnProfile;
import io.lakeprop.text.FormatNote;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import io.lakeprop.text.TimeFormat;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VarcharType;

/**
 * The types of columns that came as texts: those of the job's schema, else those of the training
 * table, else what the cells look like.
 */
final class TypedColumns {
  /** A column of what stands in the table itself, texts or values, one field a column. */
  static final String TEXTS = "__texts_of_the_row__";

  private static final MissingMarks NO_MARKS = MissingMarks.of(Optional.of(List.of()));

  private final List<String> names;
  private final TextType[] types;
  private final boolean[] isGiven;

  /** Of columns whose type is that of training unless their cells are others; null for others. */
  private final TextType[] trained;

  private final boolean[] isNeeded;
  private final boolean[] isMade;
  private final ArrayList<MissingMarks> missing = new ArrayList<>();
  private final CsvOptions options;
  private final TimeFormat times;
  private final boolean infer;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Map<String, Long>> marks = new TreeMap<>();

  /**
   * The types that are known before a cell is.
   *
   * @param declared the job's schema
   * @param meaning with the SQL types of the training table's columns
   */
  TypedColumns(
      List<String> names, Optional<StructType> declared, TableMeaning meaning, CsvOptions options) {
    this.names = names;
    this.types = new TextType[names.size()];
    this.isGiven = new boolean[names.size()];
    this.trained = new TextType[names.size()];
    this.isNeeded = new boolean[names.size()];
    this.isMade = new boolean[names.size()];
    this.options = options;
    this.times = options.times();
    this.infer = options.infer();
    Map<String, String> known = meaning.types();
    for (int i = 0; i < types.length; i++) {
      String name = names.get(i);
      boolean made = ColumnNames.alike(name, meaning.derive().keySet()).isPresent();
      isMade[i] = made;
      // Where an expression took a column's place, its results need not be of the column's type.
      Optional<String> trainedAs =
          made ? Optional.empty() : ColumnNames.alike(name, known.keySet());
      missing.add(
          made ? marksInResult(name, meaning) : options.missing().without(values(name, meaning)));
      boolean said = declared.isPresent() && List.of(declared.get().fieldNames()).contains(name);
      if (said) {
        types[i] = textType(name, declared.get().apply(name).dataType(), times);
      } else if (trainedAs.isPresent()) {
        String own = trainedAs.get();
        asInTraining(i, DataType.fromDDL(known.get(own)), meaning.needs(own));
      } else if (made) {
        asMade(i, meaning);
      }
      if (types[i] == null && !infer) {
        types[i] = TextType.of(TextType.Kind.STRING, times);
      }
      isGiven[i] = types[i] != null;
    }
  }

  /**
   * Results of an expression that the table has already are of the type that the expression gave,
   * also to SQL that reads them: 1.50 is no 1.5 where it was a text. A text of a moment among
   * categories is found by its text, and where the job says how times are written the cells tell
   * what is one.
   */
  private void asMade(int column, TableMeaning meaning) {
    String name = names.get(column);
    Optional<String> own = ColumnNames.alike(name, meaning.made().keySet());
    Optional<DataType> made = own.map(meaning.made()::get).map(DataType::fromDDL);
    Optional<TextType> type = made.flatMap(gave -> textType(gave, times));
    boolean isFound = times.isOwn() || options.isCategory(name);
    if (type.isPresent() && !(type.get().kind().isTime() && isFound)) {
      asInTraining(column, made.get(), meaning.needs(own.get()));
    }
  }

  private void asInTraining(int column, DataType type, boolean needed) {
    Optional<TextType> own = textType(type, times);
    isNeeded[column] = needed;
    trained[column] = own.orElse(null);
    types[column] =
        needed
            ? textType(names.get(column), type, times)
            : own.orElse(TextType.of(TextType.Kind.STRING, times));
  }

  /**
   * What an expression made has no mark of the job's. The usual ones mean that a category, a class
   * or what is no text is missing; any other text is what the expression said.
   */
  private static MissingMarks marksInResult(String column, TableMeaning meaning) {
    boolean isText =
        ColumnNames.alike(column, meaning.made().keySet())
            .map(meaning.made()::get)
            .filter("STRING"::equals)
            .isPresent();
    boolean isValue = ColumnNames.alike(column, meaning.values().keySet()).isPresent();
    return isText && !isValue
        ? NO_MARKS
        : MissingMarks.of(Optional.empty()).without(values(column, meaning));
  }

  /** Marks that are values of a column. */
  private static Set<String> values(String column, TableMeaning meaning) {
    return ColumnNames.alike(column, meaning.values().keySet())
        .map(meaning.values()::get)
        .orElse(Set.of());
  }

  /** The types of a schema's columns. */
  static List<TextType> declared(StructType schema, List<String> columns, CsvOptions options) {
    return columns.stream()
        .map(name -> textType(name, schema.apply(name).dataType(), options.times()))
        .toList();
  }

  private static TextType textType(String column, DataType type, TimeFormat times) {
    return textType(type, times)
        .orElseThrow(
            () ->
                new InvalidInput(
                    "column \"%s\" must be of a type that a text can be, however: %s"
                        .formatted(column, type.simpleString())));
  }

  private static Optional<TextType> textType(DataType type, TimeFormat times) {
    if (type instanceof StringType || type instanceof CharType || type instanceof VarcharType) {
      return Optional.of(TextType.of(TextType.Kind.STRING, times));
    }
    if (type instanceof DecimalType decimal) {
      return Optional.of(
          new TextType(TextType.Kind.DECIMAL, decimal.precision(), decimal.scale(), times));
    }
    for (TextType.Kind kind : TextType.Kind.values()) {
      if (kind.name().equals(type.sql())) {
        return Optional.of(TextType.of(kind, times));
      }
    }
    return Optional.empty();
  }

  /**
   * The cells to scan for: any text where the cells are to say the type or the table may have
   * another than training's, any number where training's type of numbers may be too narrow.
   */
  CsvCells atFirst() {
    ArrayList<TextType> first = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      boolean number = trained[i] != null && trained[i].kind().isNumber();
      first.add(
          trained[i] == null
              ? types[i]
              : !isNeeded[i] ? null : number ? TextType.of(TextType.Kind.DOUBLE, times) : types[i]);
    }
    return new CsvCells(first, new ArrayList<>(Arrays.asList(trained)), missing);
  }

  /** The cells as they are read, once {@link #settle} has decided the types. */
  CsvCells settled() {
    return new CsvCells(
        new ArrayList<>(types()),
        new ArrayList<>(Collections.nCopies(types.length, null)),
        missing);
  }

  /** Takes in what a person should know. */
  void note(String note) {
    notes.add(note);
  }

  /** Decides what is not given, and notes what is odd. */
  void settle(CsvFindings found) {
    for (int i = 0; i < types.length; i++) {
      ColumnProfile profile = found.profiles[i];
      if (trained[i] != null) {
        types[i] = found.strays[i] == 0 ? trained[i] : wider(i, profile);
        noteOneNumber(i, profile);
      } else if (!isGiven[i]) {
        types[i] = TextType.of(options.kind(names.get(i), profile), times);
      }
      Map<String, Long> own = profile.marks(types[i].kind());
      if (!own.isEmpty()) {
        marks.put(names.get(i), own);
      }
    }
    noteTexts(found);
  }

  /** Notes categories that training's numbers cannot tell apart. */
  private void noteOneNumber(int column, ColumnProfile profile) {
    boolean isFraction = trained[column].kind() == TextType.Kind.DOUBLE;
    if (isFraction && options.isCategory(names.get(column)) && profile.mayBeOneNumber()) {
      notes.add(
          "column %s has numbers of which some end in a 0: each is one category by its number, as in training (where they are codes, 1.1 and 1.10 being two: %s in the job, and a new training)"
              .formatted(
                  names.get(column),
                  (isMade[column] ? "derive %s as a text" : "schema with %s STRING")
                      .formatted(names.get(column))));
    }
  }

  private void noteTexts(CsvFindings found) {
    Set<String> marked = new TreeSet<>();
    for (int i = 0; i < types.length; i++) {
      marked.addAll(found.profiles[i].marked(types[i].kind()));
    }
    for (int i = 0; i < types.length; i++) {
      if (!isGiven[i] && trained[i] == null && !options.replaces(names.get(i))) {
        ColumnNote.of(names.get(i), found.profiles[i], marked).ifPresent(notes::add);
      }
    }
  }

  /** Notes patterns of dates and times that fit no cell, where all cells are looked at for them. */
  void noteFormats(CsvFindings found) {
    noteFormats(names, List.of(found.profiles));
  }

  /**
   * The same of a table that has more columns of texts.
   *
   * @param found in these columns
   * @param foundInMore in the others
   */
  void noteFormats(CsvFindings found, TypedColumns more, CsvFindings foundInMore) {
    if (!more.isAnyGiven()) {
      noteFormats(
          Stream.concat(names.stream(), more.names.stream()).toList(),
          Stream.concat(Arrays.stream(found.profiles), Arrays.stream(foundInMore.profiles))
              .toList());
    }
  }

  private void noteFormats(List<String> columns, List<ColumnProfile> profiles) {
    if (!isAnyGiven()) {
      notes.addAll(FormatNote.of(columns, profiles, times));
    }
  }

  private boolean isAnyGiven() {
    for (boolean given : isGiven) {
      if (given) {
        return true;
      }
    }
    return false;
  }

  /** What holds the cells that training's type does not: wider numbers, or the texts themselves. */
  private TextType wider(int column, ColumnProfile profile) {
    if (!isNeeded[column]) {
      return TextType.of(TextType.Kind.STRING, times);
    }
    TextType own = trained[column];
    if (own.kind().isWhole() && profile.isWhole()) {
      return TextType.of(TextType.Kind.BIGINT, times);
    }
    boolean isExact = own.kind().isExact() && profile.isBeyondDouble();
    if (isExact && options.isCategory(names.get(column))) {
      Optional<TextType> exact = profile.decimal(times);
      if (exact.isPresent()) {
        return exact.get();
      }
      notes.add(
          "column %s has numbers that only a DOUBLE holds: of others beyond 15 digits it does not tell which category they are"
              .formatted(names.get(column)));
    }
    return TextType.of(TextType.Kind.DOUBLE, times);
  }

  /** Texts of a column that mean a missing value. */
  MissingMarks missing(int column) {
    return missing.get(column);
  }

  /** The types of all columns. */
  List<TextType> types() {
    return List.of(types);
  }

  /** The types of rows as they are made: days and microseconds are numbers still. */
  StructType raw(boolean texts) {
    StructType raw = new StructType();
    StructType own = new StructType();
    for (int i = 0; i < types.length; i++) {
      raw = raw.add(names.get(i), rawType(types[i]));
      own = own.add(names.get(i), DataTypes.StringType);
    }
    return texts ? raw.add(TEXTS, own) : raw;
  }

  static DataType rawType(TextType type) {
    return switch (type.kind()) {
      case DATE -> DataTypes.IntegerType;
      case TIMESTAMP, TIMESTAMP_NTZ -> DataTypes.LongType;
      default -> DataType.fromDDL(type.sql());
    };
  }

  /** The rows with their types. */
  Dataset<Row> typed(Dataset<Row> raw) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      Column column = functions.col(quoted(names.get(i)));
      columns.add(typed(column, types[i].kind()).as(names.get(i)));
    }
    if (List.of(raw.columns()).contains(TEXTS)) {
      columns.add(functions.col(TEXTS));
    }
    return raw.select(columns.toArray(Column[]::new));
  }

  /** The rows with columns as they are now among what stands in the table. */
  static Dataset<Row> withOwn(Dataset<Row> rows, Collection<String> columns) {
    Set<String> known = texts(rows.schema()).keySet();
    Column[] own =
        Stream.concat(
                known.stream().map(name -> functions.col(TEXTS).getField(name).as(name)),
                columns.stream()
                    .filter(name -> !known.contains(name))
                    .map(name -> functions.col(quoted(name)).as(name)))
            .toArray(Column[]::new);
    return own.length == known.size() ? rows : rows.withColumn(TEXTS, functions.struct(own));
  }

  /** The columns that go with the rows of a table as they stand there, with their types. */
  static Map<String, DataType> texts(StructType schema) {
    Map<String, DataType> texts = new LinkedHashMap<>();
    if (List.of(schema.fieldNames()).contains(TEXTS)) {
      for (StructField own : ((StructType) schema.apply(TEXTS).dataType()).fields()) {
        texts.put(own.name(), own.dataType());
      }
    }
    return texts;
  }

  /**
   * A column as it stands in the table, where that goes with the rows: in the place of a mark its
   * own number or text, as far as the column's type holds it.
   *
   * @param texts the columns of which that goes with the rows, as {@link #texts} tells
   * @param asTexts whether the texts themselves are wanted, whatever the column's type
   * @param times how dates and timestamps are written in texts
   */
  static Column asItStands(
      StructField field, Map<String, DataType> texts, boolean asTexts, TimeFormat times) {
    Column value = functions.col(quoted(field.name()));
    if (!texts.containsKey(field.name())) {
      return value;
    }
    Column own = functions.col(TEXTS).getField(field.name());
    if (asTexts || !(texts.get(field.name()) instanceof StringType)) {
      return own;
    }
    return textType(field.dataType(), times)
        .map(type -> functions.coalesce(value, read(own, new ReadText(type, NO_MARKS, false))))
        .orElse(value);
  }

  /** A text as a value. */
  static Column read(Column text, ReadText reads) {
    Column raw = functions.udf(reads, rawType(reads.type())).apply(text);
    return typed(raw, reads.type().kind());
  }

  /** Rows in which columns are others than their texts say: these are forgotten. */
  static Dataset<Row> without(Dataset<Row> rows, Set<String> changed) {
    Set<String> texts = texts(rows.schema()).keySet();
    if (Collections.disjoint(texts, changed)) {
      return rows;
    }
    Column[] kept =
        texts.stream()
            .filter(name -> !changed.contains(name))
            .map(name -> functions.col(TEXTS).getField(name).as(name))
            .toArray(Column[]::new);
    return kept.length == 0 ? rows.drop(TEXTS) : rows.withColumn(TEXTS, functions.struct(kept));
  }

  static Column typed(Column raw, TextType.Kind kind) {
    return switch (kind) {
      case DATE -> functions.date_from_unix_date(raw);
      case TIMESTAMP -> functions.timestamp_micros(raw);
      case TIMESTAMP_NTZ ->
          // The microseconds are a wall clock's, which no session's zone may move.
          functions
              .lit(LocalDateTime.of(1970, 1, 1, 0, 0))
              .plus(
                  functions.make_dt_interval(
                      functions.lit(0),
                      functions.lit(0),
                      functions.lit(0),
                      raw.cast("decimal(26,0)")
                          .divide(functions.lit(1_000_000))
                          .cast("decimal(18,6)")));
      default -> raw;
    };
  }

  static String quoted(String name) {
    return SqlName.quoted(name);
  }

  /** What came of it. */
  Reading reading(long malformed) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < types.length; i++) {
      all.put(names.get(i), types[i].sql());
    }
    return new Reading(all, List.copyOf(notes), marks, Set.copyOf(names), malformed);
  }
}
