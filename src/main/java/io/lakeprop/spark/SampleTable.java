package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A table of made-up shop customers for first steps: numbers with long tails, categories from 4 to
 * 300 values with a few frequent ones, missing values, and a label {@code churned} that depends on
 * them in a way that no linear model finds. Row i is a function of i alone.
 *
 * <pre>
 * .NAME.writing-TOKEN   beside the table NAME while it is written; renamed once it is whole
 * </pre>
 *
 * <p>Several commands may write it at the same time: the first one that is done gives it its name,
 * and the others discard theirs.
 *
 * @param folder absolute, behind all links
 */
record SampleTable(SparkSession session, FileSystem fs, Path folder, long rows) {
  private static final int FILES = 4;

  /** The table, which is written first where it is not there. */
  static Dataset<Row> open(SparkSession session, TableSpec.Sample sample) {
    SampleTable table;
    boolean there;
    try {
      table = of(session, sample);
      there = table.isWhole();
      if (!there) {
        table.requireFree();
      }
    } catch (InvalidInput e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInput("table " + sample.path() + ": " + Failures.firstLine(e), e);
    }
    if (!there) {
      table.write();
    }
    return session.read().parquet(TablePaths.escaped(table.folder));
  }

  static SampleTable of(SparkSession session, TableSpec.Sample sample) throws IOException {
    Path given = TablePaths.path(sample.path());
    FileSystem fs = HadoopStorage.system(given, session.sparkContext().hadoopConfiguration());
    return new SampleTable(session, fs, behindLinks(fs.makeQualified(given)), sample.rows());
  }

  /** A rename would take the place of a link, or fail at it. */
  private static Path behindLinks(Path folder) throws IOException {
    if (!isLocal(folder)) {
      return folder;
    }
    java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
    return Files.exists(local)
        ? new Path(folder.toUri().getScheme(), null, local.toRealPath().toString())
        : folder;
  }

  private static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  private boolean isWhole() throws IOException {
    return fs.exists(new Path(folder, "_SUCCESS"));
  }

  /** Refuses what is somebody's; an empty folder is as good as none. */
  private void requireFree() throws IOException {
    if (folder.getParent() == null) {
      throw taken("it is the folder of all others");
    }
    if (!fs.exists(folder)) {
      return;
    }
    if (!fs.getFileStatus(folder).isDirectory()) {
      throw taken("it is a file");
    }
    for (FileStatus status : fs.listStatus(folder)) {
      throw taken("it holds " + status.getPath().getName());
    }
  }

  private InvalidInput taken(String what) {
    return new InvalidInput(
        "table %s must be a new folder or a sample table for sample, however: %s (name another path)"
            .formatted(folder, what));
  }

  /** Writes the table, or leaves everything as it was. */
  void write() {
    String token = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    String name = ".%s.writing-%s".formatted(folder.getName(), token);
    Path aside = below(folder.getParent(), name);
    try {
      makeFolder(aside);
      save(aside);
      putInPlace(aside);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      discard(aside);
    }
  }

  /** Not as two paths: a name with a colon would be taken for one with a scheme. */
  private static Path below(Path folder, String name) {
    String above = folder.toString();
    return new Path(above.endsWith("/") ? above + name : above + "/" + name);
  }

  /** Refuses a place that cannot be written to, before any row is computed. */
  private void makeFolder(Path aside) {
    String reason = "none can be made there";
    try {
      if (fs.mkdirs(aside)) {
        return;
      }
    } catch (IOException e) {
      reason = Failures.firstLine(e);
    }
    throw new InvalidInput(
        "table %s must be in a folder that can be written, however: %s".formatted(folder, reason));
  }

  /** The rows are those of whoever was quicker, who has written the same ones. */
  private void putInPlace(Path aside) throws IOException {
    if (isWhole()) {
      return;
    }
    try {
      if (!isLocal(folder)) {
        fs.delete(folder, false); // An empty one, into which ours would be moved.
      }
      fs.rename(aside, folder);
    } catch (IOException e) {
      if (!isWhole()) {
        throw e;
      }
    }
    // Where somebody was quicker, it has been moved there, and nobody looks for rows in such names.
    fs.delete(below(folder, aside.getName()), true);
    if (!isWhole()) {
      throw taken("it cannot be replaced by one");
    }
  }

  private void discard(Path aside) {
    try {
      fs.delete(aside, true);
    } catch (IOException e) {
      // The failure that led here is the one to tell.
    }
  }

  private void save(Path aside) {
    session
        .range(0, rows, 1, FILES)
        .selectExpr("id", draw(1), draw(2), draw(3), draw(4), draw(5), draw(6), draw(7), draw(8))
        .selectExpr(
            "*",
            "sqrt(-2 * ln(1 - u1)) * cos(2 * pi() * u2) as z1",
            "sqrt(-2 * ln(1 - u1)) * sin(2 * pi() * u2) as z2")
        .selectExpr(
            "cast(18 + 60 * u3 as int) as age",
            "if(u4 < 0.04, null, round(exp(10 + 0.7 * z1), 2)) as income",
            "cast(-ln(1 - u5) * 6 as int) as visits",
            "if(u6 < 0.02, null, round(exp(3 + 1.4 * z2), 2)) as spend",
            "round(400 * (u7 - 0.3) / (0.05 + u8), 2) as balance",
            "element_at(array('north', 'south', 'east', 'west', 'centre', 'islands'),"
                + " 1 + cast(6 * u7 * u7 as int)) as region",
            "if(u5 > 0.985, null, element_at(array('phone', 'web', 'shop', 'partner'),"
                + " 1 + cast(4 * u8 * u8 as int))) as channel",
            "concat('P', cast(300 * u6 * u6 * u6 as int)) as product",
            "u4 > 0.6 as member",
            "date_add(date'2020-01-01', cast(1500 * u8 as int)) as since",
            "z1",
            "z2",
            "u3",
            "u4",
            "u5",
            "u6",
            "u7",
            "u8",
            draw(9))
        .selectExpr(
            "age",
            "income",
            "visits",
            "spend",
            "balance",
            "region",
            "channel",
            "product",
            "member",
            "since",
            "u9 < 1 / (1 + exp(-("
                + "1.8 * sin(6 * u3) * z1 - 1.5 * abs(z2) + 3 * (u7 - 0.3) * if(u4 > 0.6, 1, -1)"
                + " + 2 * if(pmod(cast(300 * u6 * u6 * u6 as int), 7) < 2, u8, -u5)"
                + "))) as churned")
        .write()
        .mode(SaveMode.Append) // Its folder is there.
        .parquet(aside.toString());
  }

  /** A number in [0, 1) from the row's number and the draw's. */
  private static String draw(int number) {
    return "shiftrightunsigned(xxhash64(id, "
        + number
        + "), 11) * 1.1102230246251565E-16D as u"
        + number;
  }
}
