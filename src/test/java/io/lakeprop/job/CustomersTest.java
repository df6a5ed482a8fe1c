package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.Feature;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One table of customers as three programs write it: all give the same model, to the bit, a smaller
 * file is scored as it was learnt, and plain Java gives the answers of Spark, from one thread and
 * from eight.
 */
final class CustomersTest {
  private static final int ROWS = 900;

  @TempDir private static Path folder;

  /** A customer; null where nothing is known. */
  private record Customer(
      int number,
      String email,
      String zip,
      LocalDate since,
      Instant seen,
      Double balance,
      Boolean newsletter,
      String note,
      boolean left) {
    /** A function of the number alone. */
    static Customer of(int number) {
      Random random = new Random(97L * number + 11);
      int zip = random.nextInt(12);
      LocalDate since = LocalDate.of(2015, 1, 1).plusDays(random.nextInt(3000));
      Instant seen = Instant.parse("2024-05-01T00:00:00Z").plusSeconds(random.nextInt(10_000_000));
      Double balance =
          number % 9 == 0 ? null : Math.round(100_000 * random.nextGaussian()) / 100.0 + 250;
      Boolean newsletter = number % 13 == 0 ? null : random.nextInt(3) == 0;
      String note =
          switch (number % 5) {
            case 0 -> "said \"call me, later\"";
            case 1 -> "first line\nsecond; line";
            case 2 -> null;
            case 3 -> "\"quoted\"";
            default -> "nothing, really";
          };
      boolean left = zip + (balance == null ? 3 : balance / 300) + random.nextGaussian() > 6;
      // Codes begin with zeros, and some files have no others.
      return new Customer(
          number,
          "customer%d@example.org".formatted(number),
          "%05d".formatted(1000 + 37 * zip),
          since,
          seen,
          balance,
          newsletter,
          note,
          left);
    }
  }

  /** A program that writes tables, and what a job says of its files. */
  private enum Writer {
    /** Python's csv module: quotes where they must be, CRLF, {@code True}. */
    PYTHON(",", "\r\n", "", "") {
      @Override
      String truth(boolean value) {
        return value ? "True" : "False";
      }
    },
    /** A spreadsheet of a country of decimal commas: byte order mark, semicolons, {@code TRUE}. */
    SPREADSHEET(";", "\r\n", "\uFEFF", ", options: {sep: \";\", dateFormat: dd.MM.yyyy}") {
      @Override
      String number(double value) {
        return super.number(value).replace('.', ',');
      }

      @Override
      String date(LocalDate date) {
        return "%02d.%02d.%04d"
            .formatted(date.getDayOfMonth(), date.getMonthValue(), date.getYear());
      }
    },
    /** Postgres' COPY: line feeds, nothing for NULL, a space in timestamps, hours of the zone. */
    POSTGRES(",", "\n", "", "") {
      @Override
      String time(Instant time) {
        return time.toString().replace('T', ' ').replace("Z", "+00");
      }

      @Override
      String truth(boolean value) {
        return value ? "t" : "f";
      }
    };

    private final String separator;
    private final String lineEnd;
    private final String start;
    private final String keys;

    Writer(String separator, String lineEnd, String start, String keys) {
      this.separator = separator;
      this.lineEnd = lineEnd;
      this.start = start;
      this.keys = keys;
    }

    String truth(boolean value) {
      return value ? "TRUE" : "FALSE";
    }

    String number(double value) {
      return String.format(Locale.ROOT, "%.2f", value);
    }

    String date(LocalDate date) {
      return date.toString();
    }

    String time(Instant time) {
      return time.toString();
    }

    /** The cells of a customer; null for nothing. */
    private List<String> cells(Customer one) {
      List<String> cells = new ArrayList<>();
      cells.add(Integer.toString(one.number));
      cells.add(one.email);
      cells.add(one.zip);
      cells.add(date(one.since));
      cells.add(time(one.seen));
      cells.add(one.balance == null ? null : number(one.balance));
      cells.add(one.newsletter == null ? null : truth(one.newsletter));
      cells.add(one.note);
      cells.add(one.left ? "yes" : "no");
      return cells;
    }

    private String line(List<String> cells) {
      return cells.stream().map(this::cell).collect(Collectors.joining(separator)) + lineEnd;
    }

    private String cell(String text) {
      if (text == null) {
        return "";
      }
      boolean plain =
          text.chars().noneMatch(c -> c == '"' || c == '\n' || separator.indexOf(c) >= 0);
      return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    Path write(List<Customer> customers) throws IOException {
      List<String> header =
          List.of("number,email,zip,since,seen,balance,newsletter,note,left".split(","));
      String text =
          start
              + line(header)
              + customers.stream().map(c -> line(cells(c))).collect(Collectors.joining());
      return Files.writeString(
          folder.resolve("%s-%d.csv".formatted(name(), customers.size())), text);
    }

    String run() {
      return folder.resolve(name()).toString();
    }
  }

  /** Trains on each of the files. Money and truth values are made alike by what notes propose. */
  @BeforeAll
  static void models() throws IOException {
    for (Writer writer : Writer.values()) {
      Path job =
          Files.writeString(
              folder.resolve(writer + ".yaml"),
              """
              table:
                {path: '%s'%s,
                derive: {money: "cast(replace(balance, ',', '.') AS DOUBLE)",
                  mail: "lower(cast(newsletter AS STRING)) IN ('true', 't')"}}
              label: left
              features: {exclude: [number, email, balance, newsletter, note]}
              output: '%s'
              training: {epochs: 3}
              """
                  .formatted(writer.write(customers(0, ROWS)), writer.keys, writer.run()));
      Ran.lakeprop("train", job.toString()).done();
    }
  }

  private static List<Customer> customers(int from, int to) {
    List<Customer> all = new ArrayList<>();
    for (int number = from; number < to; number++) {
      all.add(Customer.of(number));
    }
    return all;
  }

  private static Model model(Writer writer) throws IOException {
    return ModelFiles.read(new LocalStorage(), writer.run());
  }

  @Test
  void allWritersMeanTheSameTable() throws IOException {
    Map<Boolean, Set<String>> categorical =
        model(Writer.PYTHON).encoder().features().stream()
            .collect(
                Collectors.partitioningBy(
                    feature -> feature instanceof Feature.Categorical,
                    Collectors.mapping(Feature::name, Collectors.toSet())));
    assertEquals(Set.of("zip", "mail"), categorical.get(true));
    assertEquals(Set.of("since", "seen", "money"), categorical.get(false));
    float[] theta = model(Writer.PYTHON).theta();
    for (Writer writer : Writer.values()) {
      assertArrayEquals(theta, model(writer).theta(), writer.toString());
      assertEquals(model(Writer.PYTHON).encoder().features(), model(writer).encoder().features());
    }
  }

  /** Of a file whose codes are all numbers, and without a newsletter known. */
  @ParameterizedTest
  @EnumSource(Writer.class)
  void aSmallerFileIsScoredAsPlainJavaScoresIt(Writer writer) throws Exception {
    List<Customer> some =
        customers(ROWS, ROWS + 300).stream().filter(c -> c.newsletter == null).toList();
    Path file = writer.write(some);
    Path output = folder.resolve(writer + "-scored");
    List<String> command =
        new ArrayList<>(List.of("predict", "--model", writer.run(), "--table", file.toString()));
    model(writer)
        .table()
        .derive()
        .forEach((name, sql) -> command.addAll(List.of("--derive", name + "=" + sql)));
    if (writer == Writer.SPREADSHEET) {
      command.addAll(List.of("--option", "sep=;", "--option", "dateFormat=dd.MM.yyyy"));
    }
    command.addAll(List.of("--output", output.toString(), "--output-format", "csv"));
    Ran.lakeprop(command.toArray(String[]::new)).done();

    Map<String, double[]> expected = new HashMap<>();
    Predictor predictor = model(writer).predictor().strict();
    for (Customer one : some) {
      expected.put(Integer.toString(one.number), predictor.predict(values(one)));
    }
    List<List<String>> scored = records(output);
    List<String> header = scored.get(0);
    assertEquals(some.size(), scored.size() - 1);
    for (List<String> row : scored.subList(1, scored.size())) {
      Customer one = Customer.of(Integer.parseInt(row.get(0)));
      assertEquals(writer.cells(one), row.subList(0, 9), "own columns, to the character");
      double[] p = {
        Double.parseDouble(row.get(header.indexOf("probability_no"))),
        Double.parseDouble(row.get(header.indexOf("probability_yes")))
      };
      assertArrayEquals(expected.get(row.get(0)), p, 1e-6);
    }
  }

  private static Map<String, Object> values(Customer one) {
    Map<String, Object> values = new HashMap<>();
    values.put("zip", one.zip);
    values.put("since", one.since);
    values.put("seen", one.seen);
    values.put("money", one.balance);
    values.put("mail", one.newsletter);
    return values;
  }

  private static List<List<String>> records(Path output) throws IOException {
    List<List<String>> all = new ArrayList<>();
    try (var files = Files.list(output)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
        List<List<String>> own = Rfc4180.records(Files.readString(file));
        all.addAll(all.isEmpty() ? own : own.subList(1, own.size()));
      }
    }
    return all;
  }

  @Test
  void eightThreadsHaveTheAnswersOfOne() throws Exception {
    List<Customer> all = customers(0, ROWS);
    Predictor predictor = model(Writer.PYTHON).predictor();
    List<double[]> alone = all.stream().map(one -> predictor.predict(values(one))).toList();
    assertFalse(alone.stream().allMatch(p -> p[0] == alone.get(0)[0]));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<List<double[]>>> work = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        work.add(() -> all.stream().map(one -> predictor.predict(values(one))).toList());
      }
      for (Future<List<double[]>> one : threads.invokeAll(work)) {
        for (int row = 0; row < alone.size(); row++) {
          assertArrayEquals(alone.get(row), one.get().get(row));
        }
      }
    } finally {
      threads.shutdown();
    }
    assertTrue(threads.isShutdown());
  }
}
