package io.lakeprop.job;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as people have them: row numbers, texts that are all different, a constant, an empty
 * column, scattered ids, a date, and two columns of which the label follows. A third of the rows
 * stand twice but for their number and text.
 */
final class CustomersTable {
  private static final int ROWS = 600;

  private CustomersTable() {}

  /** Writes {@code customers.csv}. */
  static Path in(Path folder) throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int own = i % 3 == 2 ? i - 1 : i;
      String plan = own % 5 < 2 ? "flat" : "metered";
      boolean churned = (own * 7 % 11 < 5) == plan.equals("flat");
      rows.add(
          "%d,mail%d@x.org,EUR,,%d,%s,%s,%d,%s"
              .formatted(
                  i + 1,
                  i,
                  1_000_003L * (i * 37 % ROWS),
                  LocalDate.of(2020, 1, 1).plusDays(own * 13 % 900),
                  plan,
                  own * 7 % 11,
                  churned ? "yes" : "no"));
    }
    Path table = folder.resolve("customers.csv");
    Csv.write(table, "row,mail,currency,fax,account,joined,plan,calls,churned", rows);
    return table;
  }
}
