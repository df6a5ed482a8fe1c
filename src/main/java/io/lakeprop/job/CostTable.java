package io.lakeprop.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.nn.LayerCost;
import io.lakeprop.nn.WorkspacePlan;
import io.lakeprop.spark.RoundLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a network costs: a row a layer, then memory, arithmetic and what a round moves.
 *
 * @param plan of the buffers of one task thread
 * @param load of a round
 */
record CostTable(WorkspacePlan plan, RoundLoad load) {
  private static final int LONGEST_TEXT = 32;
  private static final String GAP = "  ";
  private static final List<String> HEADINGS =
      List.of(
          "layer",
          "kind",
          "in",
          "out",
          "parameters",
          "values",
          "scratch",
          "skips",
          "forward",
          "training");

  /** Columns that start at the left; the others end at the right. */
  private static final int TEXTS = 2;

  /** For people. */
  List<String> lines() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    plan.costs().forEach(cost -> rows.add(cells(cost)));
    int[] widths =
        IntStream.range(0, HEADINGS.size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(
          IntStream.range(0, widths.length)
              .mapToObj(column -> padded(row.get(column), widths[column], column < TEXTS))
              .collect(Collectors.joining(GAP)));
    }
    lines.addAll(totals());
    return lines;
  }

  private static List<String> cells(LayerCost cost) {
    return List.of(
        shortened(cost.name()),
        shortened(cost.words()),
        "" + cost.inputs(),
        "" + cost.outputs(),
        String.format(Locale.ROOT, "%,d", cost.parameters()),
        Console.bytes(cost.values()),
        Console.bytes(cost.scratch()),
        Console.bytes(cost.skipped()),
        Console.count(cost.forwardFlops()),
        Console.count(cost.trainingFlops()));
  }

  /** Both ends of a long text: layers of blocks differ in either. */
  private static String shortened(String text) {
    int half = (LONGEST_TEXT - 2) / 2;
    return text.length() <= LONGEST_TEXT
        ? text
        : text.substring(0, half) + ".." + text.substring(text.length() - half);
  }

  private static String padded(String text, int width, boolean left) {
    String spaces = " ".repeat(width - text.length());
    return left ? text + spaces : spaces + text;
  }

  private List<String> totals() {
    return List.of(
        line("in all", "%,d parameters, %s", load.parameters(), Console.bytes(load.theta())),
        line(
            "memory",
            "%s a task for its passes over %,d rows, two gradients of %s among it; %s",
            Console.bytes(plan.bytes()),
            plan.rows(),
            Console.bytes(plan.gradientBytes() / 2),
            plan.segments() == 1
                ? "every activation is kept"
                : "of %,d segments the last is kept".formatted(plan.segments())),
        line(
            "arithmetic",
            "%s operations of matrix products a row in prediction, %s in training",
            Console.count(plan.forwardFlops()),
            Console.count(plan.trainingFlops())),
        line(
            "a round",
            "of %d slices on %d tasks moves %s out, theta to each task, and %s in, %s of %s each",
            load.slices(),
            load.tasks(),
            Console.bytes(load.thetaOut()),
            Console.bytes(load.sumsIn()),
            nodes(),
            Console.bytes(load.node())));
  }

  /** How many sums a task sends. */
  private String nodes() {
    int least = load.nodes().stream().mapToInt(n -> n).min().orElse(0);
    int most = load.nodes().stream().mapToInt(n -> n).max().orElse(0);
    return most == 1
        ? "a sum a task"
        : "%s sums a task".formatted(least == most ? "" + most : least + " to " + most);
  }

  private static String line(String heading, String format, Object... values) {
    return String.format(
        Locale.ROOT, "%-10s %s", heading, String.format(Locale.ROOT, format, values));
  }

  /** Of the object that {@link #json} gives. */
  static final Set<String> KEYS =
      Set.of(
          "layers",
          "parameters",
          "parameter_bytes",
          "piece",
          "segments",
          "gradient_bytes",
          "workspace_bytes",
          "forward_flops",
          "training_flops",
          "round");

  /** The same for machines: bytes and operations as they are. */
  ObjectNode json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    ArrayNode layers = json.putArray("layers");
    for (LayerCost cost : plan.costs()) {
      layers
          .addObject()
          .put("name", cost.name())
          .put("kind", cost.words())
          .put("inputs", cost.inputs())
          .put("outputs", cost.outputs())
          .put("parameters", cost.parameters())
          .put("value_bytes", cost.values())
          .put("scratch_bytes", cost.scratch())
          .put("skip_bytes", cost.skipped())
          .put("forward_flops", cost.forwardFlops())
          .put("training_flops", cost.trainingFlops());
    }
    json.put("parameters", load.parameters()).put("parameter_bytes", load.theta());
    json.put("piece", plan.rows()).put("segments", plan.segments());
    json.put("gradient_bytes", plan.gradientBytes()).put("workspace_bytes", plan.bytes());
    json.put("forward_flops", plan.forwardFlops()).put("training_flops", plan.trainingFlops());
    ObjectNode round = json.putObject("round");
    round.put("slices", load.slices()).put("tasks", load.tasks());
    round.put("bytes_out", load.thetaOut()).put("bytes_in", load.sumsIn());
    load.nodes().forEach(round.putArray("sums_a_task")::add);
    return json;
  }
}
