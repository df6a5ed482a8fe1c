package io.lakeprop.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.train.HealthWatch;
import io.lakeprop.train.LayerFigures;
import io.lakeprop.train.NonFinite;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundTimes;
import io.lakeprop.train.Setback;
import io.lakeprop.train.Warning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The rounds before a resumption, from their lines: what the report counts, and what the watch over
 * the rounds' health goes by, so that both end where those of a run without a stop do. Figures of
 * layers have six digits there, which no threshold is near; which units were flat is not told.
 */
record EarlierRounds(Tally tally, HealthWatch health) {
  private static final RoundTimes UNTOLD = new RoundTimes(0, 0, 0, 0, 0);

  /** Reads the rounds of earlier processes. */
  void read(RoundsLog log, long upTo) throws IOException {
    log.read(upTo, this::add);
  }

  private void add(JsonNode line) {
    tally.add(line);
    if (line.has("warning")) {
      List<String> layers = new ArrayList<>();
      line.path("layers").forEach(layer -> layers.add(layer.asText()));
      constant(Warning.Kind.values(), line.path("warning"))
          .ifPresent(kind -> health.told(kind, layers));
    } else if (line.has("rows")) {
      health.readAgain(report(line));
    }
  }

  private static RoundReport report(JsonNode line) {
    return new RoundReport(
        line.path("round").asLong() - 1,
        line.path("epoch").asLong() - 1,
        number(line.path("loss"), Double.NaN),
        number(line.path("gradient_norm"), Double.NaN),
        line.has("clipped") ? Optional.of(line.path("clipped").asBoolean()) : Optional.empty(),
        line.path("learning_rate").asDouble(),
        line.path("rows").asLong(),
        new LayerFigures(learnt(line.path("layers")), List.of()),
        constant(NonFinite.values(), line.path("non_finite"))
            .map(done -> new Setback(done, "", 0, 1)),
        UNTOLD);
  }

  private static List<LayerFigures.Learnt> learnt(JsonNode layers) {
    List<LayerFigures.Learnt> learnt = new ArrayList<>();
    layers
        .fieldNames()
        .forEachRemaining(name -> learnt(name, layers.path(name)).ifPresent(learnt::add));
    return learnt;
  }

  /** Empty for a layer of units. */
  private static Optional<LayerFigures.Learnt> learnt(String layer, JsonNode figures) {
    if (!figures.has("update_ratio")) {
      return Optional.empty();
    }
    // A layer of zeros has no ratio: it is infinite.
    double ratio = number(figures.path("update_ratio"), Double.POSITIVE_INFINITY);
    double gradient = number(figures.path("gradient_norm"), Double.NaN);
    return Optional.of(
        Double.isInfinite(ratio)
            ? new LayerFigures.Learnt(layer, gradient, 1, 0)
            : new LayerFigures.Learnt(layer, gradient, ratio, 1));
  }

  private static double number(JsonNode number, double otherwise) {
    return number.isNumber() ? number.asDouble() : otherwise;
  }

  private static <E extends Enum<E>> Optional<E> constant(E[] all, JsonNode name) {
    for (E constant : all) {
      if (constant.name().equals(name.asText().toUpperCase(Locale.ROOT))) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}
