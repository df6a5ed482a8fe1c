package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Columns that a reader of Spark's gave as texts: those of JSON files, and what the names of
 * folders say. Their types are told and marks for missing values found as in CSV files.
 */
final class TextColumns {
  private static final String BLANKS = " \t";
  private static final String MEND =
      "table.malformed: skip leaves their rows out, missing the cells";

  private final String table;
  private final List<String> names;
  private final CsvOptions options;
  private final TypedColumns columns;

  /**
   * @param names of the columns of texts
   * @param declared the job's schema
   * @param meaning with the SQL types of the training table's columns
   */
  TextColumns(
      String table,
      List<String> names,
      Optional<StructType> declared,
      TableMeaning meaning,
      CsvOptions options) {
    this.table = table;
    this.names = names;
    this.options = options;
    this.columns = new TypedColumns(names, declared, meaning, options);
  }

  /**
   * Looks at the texts of all rows.
   *
   * @param file column of the path of each row's file
   * @param offset column of each row's place in it, which stands for the line in the findings
   */
  CsvFindings scan(Dataset<Row> rows, String file, String offset) {
    CsvFindings all = new CsvFindings(-1, names.size());
    if (!names.isEmpty()) {
      List<Column> columns = new ArrayList<>();
      names.forEach(name -> columns.add(functions.col(quoted(name))));
      columns.add(functions.col(file));
      columns.add(functions.col(offset));
      rows.select(columns.toArray(Column[]::new))
          .toJavaRDD()
          .mapPartitions(new ScanRows(this))
          .collect()
          .forEach(all::merge);
    }
    return all;
  }

  /** The rows without the blanks at the ends of texts that the options drop, as CSV cells have. */
  Dataset<Row> trimmed(Dataset<Row> rows) {
    boolean atStart = options.dialect().trimStart();
    boolean atEnd = options.dialect().trimEnd();
    if (!atStart && !atEnd) {
      return rows;
    }
    Set<String> texts = Set.copyOf(names);
    List<Column> all = new ArrayList<>();
    for (String column : rows.columns()) {
      Column own = functions.col(quoted(column));
      if (texts.contains(column)) {
        own = atStart ? functions.ltrim(own, BLANKS) : own;
        own = atEnd ? functions.rtrim(own, BLANKS) : own;
      }
      all.add(own.as(column));
    }
    return rows.select(all.toArray(Column[]::new));
  }

  /** Looks at what the names of folders say. */
  CsvFindings scan(List<TableFile> files) {
    CsvFindings all = new CsvFindings(-1, names.size());
    ScanRows scan = new ScanRows(this);
    for (TableFile file : files) {
      for (int i = 0; i < names.size(); i++) {
        scan.add(all, i, file.partition().get(names.get(i)), file.path(), 0);
      }
    }
    return all;
  }

  /** Refuses cells that do not fit, unless the job lets them pass. */
  void check(CsvFindings found, TableSpec.Malformed malformed) {
    check(found, malformed, "cells; " + MEND);
  }

  /**
   * Refuses names of folders that do not fit, unless the job lets them pass.
   *
   * @param ofTexts whether the format is one of which a job may let cells pass
   */
  void checkFolders(CsvFindings found, TableSpec.Malformed malformed, boolean ofTexts) {
    check(
        found,
        malformed,
        "files; " + (ofTexts ? MEND : "the paths of the other folders leave them out"));
  }

  private void check(CsvFindings found, TableSpec.Malformed malformed, String mend) {
    long misfits = Arrays.stream(found.misfits).sum();
    if (misfits > 0 && malformed == TableSpec.Malformed.REFUSE) {
      throw new InvalidInput(
          "table %s: %s (%,d such %s)"
              .formatted(table, found.trouble().orElseThrow(), misfits, mend));
    }
    columns.settle(found);
  }

  /** Notes patterns of dates and times that fit no text, where all texts are looked at for them. */
  void noteFormats(CsvFindings found) {
    columns.noteFormats(found);
  }

  /**
   * The same of a table that has texts in the names of folders, too.
   *
   * @param found in these columns
   * @param foundInFolders in the others
   */
  void noteFormats(CsvFindings found, TextColumns folders, CsvFindings foundInFolders) {
    columns.noteFormats(found, folders.columns, foundInFolders);
  }

  /** The rows with the texts as what they are, in their old places. */
  Dataset<Row> typed(Dataset<Row> rows, TableSpec.Malformed malformed) {
    List<Column> all = new ArrayList<>();
    for (String name : rows.columns()) {
      int place = names.indexOf(name);
      Column own = functions.col(quoted(name));
      if (place < 0) {
        all.add(own);
        continue;
      }
      TextType type = columns.types().get(place);
      MissingMarks missing = columns.missing(place);
      boolean strict = malformed == TableSpec.Malformed.REFUSE;
      all.add(TypedColumns.read(own, new ReadText(type, missing, strict)).as(name));
    }
    List<Column> misfit = misfits();
    Dataset<Row> whole =
        malformed == TableSpec.Malformed.SKIP && !misfit.isEmpty()
            ? rows.where(functions.not(misfit.stream().reduce(Column::or).get()))
            : rows;
    return whole.select(all.toArray(Column[]::new));
  }

  /** Whether a row's texts are none of their types, a column each. */
  private List<Column> misfits() {
    List<Column> misfits = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      TextType type = columns.types().get(i);
      if (type.kind() != TextType.Kind.STRING) {
        IsMisfit isMisfit = new IsMisfit(type, columns.missing(i));
        Column text = functions.col(quoted(names.get(i)));
        misfits.add(functions.udf(isMisfit, DataTypes.BooleanType).apply(text));
      }
    }
    return misfits;
  }

  /**
   * How many cells of rows do not fit, where a folder's name is a cell in each row of its files.
   *
   * @param found in the names of folders
   */
  long countMisfits(Dataset<Row> rows, CsvFindings found) {
    if (Arrays.stream(found.misfits).sum() == 0) {
      return 0;
    }
    Column cells = misfits().stream().map(own -> own.cast("bigint")).reduce(Column::plus).get();
    return rows.select(functions.coalesce(functions.sum(cells), functions.lit(0L)))
        .head()
        .getLong(0);
  }

  private static String quoted(String name) {
    return TypedColumns.quoted(name);
  }

  /** What came of it. */
  Reading reading(long malformed) {
    return columns.reading(malformed);
  }

  /** Counts what the texts of a partition's rows look like. */
  private record ScanRows(ArrayList<String> names, CsvCells cells, CsvOptions options)
      implements FlatMapFunction<Iterator<Row>, CsvFindings> {
    ScanRows(TextColumns of) {
      this(new ArrayList<>(of.names), of.columns.atFirst(), of.options);
    }

    @Override
    public Iterator<CsvFindings> call(Iterator<Row> rows) {
      CsvFindings found = new CsvFindings(-1, names.size());
      while (rows.hasNext()) {
        Row row = rows.next();
        found.records++;
        for (int i = 0; i < names.size(); i++) {
          add(
              found,
              i,
              row.getString(i),
              row.getString(names.size()),
              row.getLong(names.size() + 1));
        }
      }
      return List.of(found).iterator();
    }

    void add(CsvFindings found, int column, String text, String file, long line) {
      String odd = cells.look(found, column, text, names.get(column), options.times());
      if (!odd.isEmpty()) {
        found.trouble(file, line, odd);
      }
    }
  }
}
