package io.lakeprop.job;

import io.lakeprop.base.Printable;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.HeadsSum;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.Monitor;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.TrainingListener;
import io.lakeprop.train.Warning;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a person sees of a run: headed lines, and one progress line that is redrawn on a terminal or
 * printed now and then where the output goes to a file. Notes may come from any thread.
 *
 * <p>The progress line is never as wide as the terminal, which would go on below it: what is there
 * could not be taken away any more.
 */
final class Console implements TrainingListener, TrainingData.Listener {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 30_000_000_000L;

  /** Of terminals that do not say how wide they are. */
  private static final int COLUMNS = 80;

  private static final int FEWEST_COLUMNS = 20;
  private static final String CUT = "...";

  /** Of a heading and the blank behind it. */
  static final int MARGIN = 11;

  /** From here on letters may be two columns wide, as those of Chinese are. */
  private static final int WIDE = 0x1100;

  private final PrintStream out;
  private final boolean terminal;
  private final int columns;
  private Monitor monitor;
  private long rounds;
  private long roundsPerEpoch;
  private int epochs;
  private Pace pace;
  private long shown;
  private long rows;
  private double loss = Double.NaN;
  private String score = "";
  private String best = "";
  private String step = "";
  private int drawn;

  /** The one whose progress line may stand open; what else is printed must not go behind it. */
  private static volatile Console open;

  Console(PrintStream out, boolean terminal) {
    this(out, terminal, COLUMNS);
  }

  /**
   * @param columns of the terminal
   */
  Console(PrintStream out, boolean terminal, int columns) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns;
  }

  /** On the standard output stream; submit.sh tells whether that is a terminal, and its width. */
  static Console standard() {
    boolean terminal = System.getenv("LAKEPROP_TTY") != null;
    return new Console(System.out, terminal, columns(System.getenv("COLUMNS")));
  }

  /**
   * A terminal's width.
   *
   * @param text as the environment has it, or null
   */
  static int columns(String text) {
    boolean known = text != null && text.matches("[0-9]{1,5}");
    return known && Integer.parseInt(text) >= FEWEST_COLUMNS ? Integer.parseInt(text) : COLUMNS;
  }

  /** Of the terminal, or of a file's lines. */
  int columns() {
    return columns;
  }

  /** A line with a heading of fixed width. */
  synchronized void line(String heading, String format, Object... values) {
    step = "";
    erase();
    String text = Printable.line(String.format(Locale.ROOT, format, values));
    String head = Printable.line(heading);
    for (String part : terminal ? parts(text, columns - MARGIN) : List.of(text)) {
      out.printf(Locale.ROOT, "%-10s %s%n", head, part);
      head = "";
    }
  }

  /** A text in lines that fit, broken between words; a word that is longer is left to itself. */
  private static List<String> parts(String text, int width) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    while (width(rest) >= width) {
      int end = rest.length();
      int at = rest.indexOf(' ');
      while (at >= 0 && (end == rest.length() || width(rest.substring(0, at)) < width)) {
        end = at;
        at = rest.indexOf(' ', at + 1);
      }
      parts.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    if (!rest.isEmpty() || parts.isEmpty()) {
      parts.add(rest);
    }
    return parts;
  }

  @Override
  public synchronized void note(String text) {
    String doing = step;
    line("note", "%s", text);
    step = doing;
  }

  @Override
  public synchronized void step(String text) {
    shown = System.nanoTime();
    if (terminal) {
      show(text + " ...");
    } else {
      line("step", "%s", text);
    }
    step = text;
  }

  /** Of the step that is shown; rounds have a line of their own. */
  @Override
  public synchronized void progress(double share) {
    long now = System.nanoTime();
    if (terminal && !step.isEmpty() && now - shown > REDRAW_NANOS) {
      shown = now;
      String percent = String.format(Locale.ROOT, "%.0f %%", Math.floor(100 * share));
      show(step + " ... " + percent, percent + " of " + step);
    }
  }

  /** What a person waits for; a file needs no line for it. */
  synchronized void starting(String text) {
    shown = System.nanoTime();
    if (terminal) {
      show(text + " ...");
    }
    step = text;
  }

  /**
   * Of a step that goes through a table's rows; a file gets a line now and then.
   *
   * @param share of the work that is done
   * @param done rows
   * @param seconds that it took
   */
  synchronized void progress(double share, long done, double seconds) {
    long now = System.nanoTime();
    if (step.isEmpty() || now - shown <= (terminal ? REDRAW_NANOS : PLAIN_NANOS)) {
      return;
    }
    shown = now;
    String percent = String.format(Locale.ROOT, "%.0f %%", Math.floor(100 * share));
    String count = String.format(Locale.ROOT, "  %,d rows", done);
    String speed = done == 0 ? "" : "  " + rate(done, seconds);
    String left = share == 0 ? "" : "  " + duration(seconds * (1 - share) / share) + " left";
    show(
        step + " ... " + percent + count + speed + left,
        step + " ... " + percent + count + left,
        percent + count + left,
        percent);
    if (!terminal) {
      keep();
    }
  }

  /** Rows in a second, as progress lines say it. */
  static String rate(long rows, double seconds) {
    return String.format(Locale.ROOT, "%,.0f rows/s", rows / seconds);
  }

  /** Another process may be at work, and it takes a while to find out. */
  void waiting(String holder, Duration longest) {
    line("waiting", "up to %d s to see whether %s is alive", longest.toSeconds(), holder);
  }

  /** The rounds begin. */
  synchronized void start(long plannedRounds, long plannedPerEpoch, Monitor decides) {
    step = "";
    rounds = plannedRounds;
    roundsPerEpoch = plannedPerEpoch;
    epochs = (int) ((plannedRounds + plannedPerEpoch - 1) / plannedPerEpoch);
    monitor = decides;
    shown = System.nanoTime();
    pace = new Pace(shown);
  }

  @Override
  public synchronized void round(RoundReport report) {
    rows += report.rows();
    if (report.setback().isEmpty()) {
      // A mean over the last rounds: one round alone jumps too much to be read.
      loss = Double.isNaN(loss) ? report.loss() : 0.95 * loss + 0.05 * report.loss();
    }
    long now = System.nanoTime();
    pace.at(report.round() + 1, rows, now);
    if (now - shown > (terminal ? REDRAW_NANOS : PLAIN_NANOS)) {
      shown = now;
      draw(report.round() + 1, "");
    }
  }

  @Override
  public synchronized void evaluation(EvaluationReport report) {
    String value = number(report.metrics().getOrDefault(monitor.key(), Double.NaN));
    score = monitor.key() + " " + value;
    best = report.best() ? value : best;
    draw(report.round(), report.best() ? "  best" : "");
    shown = System.nanoTime();
  }

  @Override
  public synchronized void warning(Warning warning) {
    line("warning", "%s", warning.line());
  }

  /**
   * Draws the progress line, and lets it stand in a file.
   *
   * @param now what is said of the score that is the best; of another one the best is told
   */
  private void draw(long done, String now) {
    String mark = now.isEmpty() && terminal && !best.isEmpty() ? ", best " + best : now;
    String epoch =
        String.format(Locale.ROOT, "epoch %d/%d  ", (done - 1) / roundsPerEpoch + 1, epochs);
    String round = String.format(Locale.ROOT, "round %,d/%,d  ", done, rounds);
    String ofLoss = "loss " + number(loss);
    String speed =
        pace.rowsPerSecond().map(a -> String.format(Locale.ROOT, "  %,.0f rows/s", a)).orElse("");
    String time =
        pace.secondsPerRound()
            .map(seconds -> "  " + duration(seconds * (rounds - done)) + " left")
            .orElse("");
    String judged = score.isEmpty() ? "" : "  validation " + score;
    show(
        epoch + round + ofLoss + judged + mark + speed + time,
        epoch + round + ofLoss + judged + mark + time,
        epoch + ofLoss + judged + mark + time,
        epoch + (score.isEmpty() ? ofLoss : score) + mark + time,
        epoch + mark.replaceFirst("^\\W+", "") + time);
    if (!terminal) {
      keep();
    }
  }

  /**
   * Puts a text in the place of the progress line.
   *
   * @param texts the fullest first; the first that fits is shown, or what fits of the last
   */
  private void show(String... texts) {
    erase();
    String shown =
        Arrays.stream(texts)
            .map(this::fitting)
            .flatMap(Optional::stream)
            .findFirst()
            .orElseGet(() -> cut(plain(texts[texts.length - 1])));
    out.print(shown);
    out.flush();
    drawn = width(shown);
    open = this;
  }

  /** A text as it is shown; empty where the terminal is not wide enough. */
  private Optional<String> fitting(String text) {
    String plain = plain(text);
    return terminal && width(plain) >= columns ? Optional.empty() : Optional.of(plain);
  }

  private static String plain(String text) {
    return Printable.line(text).replace('\t', ' ');
  }

  /** The columns that a text takes at most. */
  private static int width(String text) {
    return text.codePoints().map(letter -> letter < WIDE ? 1 : 2).sum();
  }

  private String cut(String text) {
    String shown = text;
    while (width(shown) + CUT.length() >= columns) {
      shown = shown.substring(0, shown.offsetByCodePoints(shown.length(), -1));
    }
    return shown + CUT;
  }

  /** A step is done: whoever still tells how far it is comes too late. */
  synchronized void done() {
    step = "";
    erased();
  }

  /** Takes the progress line away, wherever it comes from. */
  static void clear() {
    Console console = open;
    if (console != null) {
      console.erased();
    }
  }

  private synchronized void erased() {
    erase();
    out.flush();
  }

  /** Lets the progress line stand and goes on below it. */
  private void keep() {
    if (drawn > 0) {
      out.println();
      drawn = 0;
    }
  }

  private void erase() {
    if (drawn > 0) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      drawn = 0;
    }
  }

  /** What a split's rows are judged by: a line, and with several labels one more for each. */
  void metrics(String heading, List<LabelEncoder> labels, MetricSum sum) {
    if (!(sum instanceof HeadsSum several)) {
      line(heading, "%s%s", metrics(sum.metrics()), undefined(sum.undefined()));
      return;
    }
    line(heading, "%s%s", metrics(several.total()), undefined(several.totalUndefined()));
    for (int i = 0; i < labels.size(); i++) {
      MetricSum own = several.sum(i);
      String name = labels.get(i).name();
      line("", "%s: %s%s", name, metrics(own.metrics()), undefined(own.undefined()));
    }
  }

  private static String undefined(Map<String, String> reasons) {
    return reasons.entrySet().stream()
        .map(metric -> "  no " + metric.getKey() + ": " + metric.getValue())
        .collect(Collectors.joining());
  }

  /** Metrics in their order, four significant digits. */
  static String metrics(Map<String, Double> metrics) {
    return metrics.entrySet().stream()
        .map(metric -> metric.getKey() + " " + number(metric.getValue()))
        .collect(Collectors.joining("  "));
  }

  static String number(double value) {
    double size = Math.abs(value);
    return String.format(
        Locale.ROOT, size >= 10_000 ? "%,.0f" : size >= 100 ? "%.1f" : "%.4f", value);
  }

  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  /** Bytes in units of 1,024, such as {@code 1.5 MB}. */
  static String bytes(long bytes) {
    return scaled(bytes, 1024, List.of(" B", " KB", " MB", " GB", " TB"));
  }

  /** A count in units of 1,000, such as {@code 1.5 M}. */
  static String count(long count) {
    return scaled(count, 1000, List.of("", " K", " M", " G", " T"));
  }

  /** Two digits at least, where there are so many. */
  private static String scaled(long whole, int step, List<String> units) {
    double value = whole;
    int unit = 0;
    while (value >= step && unit + 1 < units.size()) {
      value /= step;
      unit++;
    }
    String digits = unit > 0 && value < 9.95 ? "%.1f" : "%.0f";
    return whole == 0 ? "0" : String.format(Locale.ROOT, digits, value) + units.get(unit);
  }
}
