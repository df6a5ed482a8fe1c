package io.lakeprop.job;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.HeadsSum;
import io.lakeprop.eval.MetricSum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Which classes are taken for which: a table where it fits, else the pairs most often mistaken. */
final class ConfusionText {
  private static final int MOST_CLASSES = 10;
  private static final int PAIRS = 5;
  private static final int LONGEST_NAME = 14;

  private ConfusionText() {}

  /** A line of the console. */
  record Line(String heading, String text) {}

  /**
   * The lines of all labels that are classes.
   *
   * @param split whose rows they are
   * @param columns of the terminal
   */
  static List<Line> lines(List<LabelEncoder> labels, MetricSum sum, String split, int columns) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      MetricSum own = sum instanceof HeadsSum several ? several.sum(i) : sum;
      if (labels.get(i) instanceof LabelEncoder.Classes classes
          && own instanceof ClassificationSum counted) {
        String what = split + " rows" + (labels.size() > 1 ? ", " + classes.name() : "");
        lines.addAll(lines(classes.values(), counted.confusion(), what, columns));
      }
    }
    return lines;
  }

  private static List<Line> lines(
      List<String> classes, double[][] confusion, String what, int columns) {
    List<String> names = classes.stream().map(ConfusionText::shortened).toList();
    int first = Math.max(5, longest(names));
    int width = Math.max(longest(names), longest(numbers(confusion))) + 2;
    return names.size() <= MOST_CLASSES && Console.MARGIN + first + width * names.size() < columns
        ? table(names, confusion, what, first, width)
        : pairs(names, confusion, what);
  }

  private static List<Line> table(
      List<String> names, double[][] confusion, String what, int first, int width) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("confusion", what + ": truth on the left, prediction on top"));
    StringBuilder top = new StringBuilder(left("truth", first));
    names.forEach(name -> top.append(right(name, width)));
    lines.add(new Line("", top.toString()));
    for (int truth = 0; truth < names.size(); truth++) {
      StringBuilder row = new StringBuilder(left(names.get(truth), first));
      for (double rows : confusion[truth]) {
        row.append(right(number(rows), width));
      }
      lines.add(new Line("", row.toString()));
    }
    return lines;
  }

  /** Of two classes, the one taken for the other. */
  private record Pair(int truth, int prediction, double rows) {}

  private static List<Line> pairs(List<String> names, double[][] confusion, String what) {
    List<Pair> pairs =
        IntStream.range(0, names.size() * names.size())
            .mapToObj(i -> new Pair(i / names.size(), i % names.size(), 0))
            .map(p -> new Pair(p.truth, p.prediction, confusion[p.truth][p.prediction]))
            .filter(pair -> pair.truth != pair.prediction && pair.rows > 0)
            .sorted(Comparator.comparingDouble(Pair::rows).reversed())
            .limit(PAIRS)
            .toList();
    List<Line> lines = new ArrayList<>();
    if (!pairs.isEmpty()) {
      lines.add(new Line("confusion", what + ": most often mistaken"));
    }
    for (Pair pair : pairs) {
      String truth = names.get(pair.truth);
      String prediction = names.get(pair.prediction);
      lines.add(new Line("", "truth %s as %s: %s".formatted(truth, prediction, number(pair.rows))));
    }
    return lines;
  }

  private static List<String> numbers(double[][] confusion) {
    List<String> numbers = new ArrayList<>();
    for (double[] row : confusion) {
      for (double rows : row) {
        numbers.add(number(rows));
      }
    }
    return numbers;
  }

  /** Rows, each with its weight over the mean: whole ones where there are no weights. */
  private static String number(double rows) {
    return String.format(Locale.ROOT, rows == Math.rint(rows) ? "%,.0f" : "%,.1f", rows);
  }

  private static String shortened(String name) {
    int letters = name.codePointCount(0, name.length());
    return letters <= LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 3)) + "...";
  }

  private static int longest(List<String> texts) {
    return texts.stream().mapToInt(text -> text.codePointCount(0, text.length())).max().orElse(0);
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.codePointCount(0, text.length()))) + text;
  }
}
