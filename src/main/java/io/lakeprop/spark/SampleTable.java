package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A table of made-up shop customers for first steps: numbers with long tails, categories from 4 to
 * 300 values with a few frequent ones, missing values, and a label {@code churned} that depends on
 * them in a way that no linear model finds. Row i is a function of i alone.
 */
final class SampleTable {
  private static final int FILES = 4;

  private SampleTable() {}

  static void writeUnlessThere(SparkSession session, TableSpec.Sample sample) {
    try {
      Path done = new Path(sample.path(), "_SUCCESS");
      FileSystem fs = done.getFileSystem(session.sparkContext().hadoopConfiguration());
      if (fs.exists(done)) {
        return;
      }
      requireFree(fs, done.getParent());
    } catch (InvalidInput e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidInput("table " + sample.path() + ": " + Failures.firstLine(e), e);
    }
    session
        .range(0, sample.rows(), 1, FILES)
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
        .mode(SaveMode.Append) // Nothing is deleted that came there meanwhile.
        .parquet(sample.path());
  }

  /**
   * Refuses a folder that holds more than what a writer that was interrupted leaves, which the next
   * writer would take for rows of its own.
   */
  private static void requireFree(FileSystem fs, Path folder) throws IOException {
    if (!fs.exists(folder)) {
      return;
    }
    for (FileStatus status : fs.listStatus(folder)) {
      if (!status.isDirectory() || !status.getPath().getName().equals("_temporary")) {
        throw new InvalidInput(
            "table %s must be a new folder or a sample table for sample, however: it holds %s (name another path)"
                .formatted(folder, status.getPath().getName()));
      }
    }
    fs.delete(new Path(folder, "_temporary"), true);
  }

  /** A number in [0, 1) from the row's number and the draw's. */
  private static String draw(int number) {
    return "shiftrightunsigned(xxhash64(id, "
        + number
        + "), 11) * 1.1102230246251565E-16D as u"
        + number;
  }
}
