package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.eval.Metric;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.TableInput;
import io.lakeprop.nn.UnitCounters;
import io.lakeprop.train.HealthWatch;
import io.lakeprop.train.LayerFigures;
import io.lakeprop.train.NonFinite;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundTimes;
import io.lakeprop.train.Setback;
import io.lakeprop.train.Warning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wherever a run is stopped and resumed, it says what the run without a stop says. */
class EarlierRoundsTest {
  private static final int ROUNDS = 260;
  private static final Network NETWORK =
      Network.perceptron(new TableInput(3, List.of()), List.of(8, 6), Nonlinearity.SIGMOID, 0, 2);

  @TempDir private Path folder;

  /** How a training goes, round by round. */
  private enum Course {
    /** Its end is quiet, as the schedule and the loss have it. */
    CONVERGED {
      @Override
      RoundReport report(long round) {
        double rate = round < 100 ? 0.1 : 1e-6;
        return of(round, round < 100 ? 10.0 - round / 20.0 : 5, 1, rate, 1, rate / 100);
      }
    },
    TOO_SLOW {
      @Override
      RoundReport report(long round) {
        return of(round, 1, 1, 1e-9, 1, 1e-9);
      }
    },
    VANISHING {
      @Override
      RoundReport report(long round) {
        return of(round, 1, 1, 0.1, round % 60 < 30 ? 1 : 1e-9, 1e-3);
      }
    },
    /** A layer of zeros, whose first update has no finite ratio, and jumps much later. */
    EXPLODING {
      @Override
      RoundReport report(long round) {
        double norm = round > 150 && round % 2 == 0 ? 1000 : 1 + 0.3 * (round % 3);
        return of(round, 1, norm, 0.1, 1, round == 0 ? Double.POSITIVE_INFINITY : 1e-3);
      }
    },
    SKIPPING {
      @Override
      RoundReport report(long round) {
        RoundReport good = of(round, 1, 1, 0.1, 1, 1e-3);
        return round % 50 != 7
            ? good
            : new RoundReport(
                round,
                0,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Optional.empty(),
                0.1,
                200,
                LayerFigures.NONE,
                Optional.of(new Setback(NonFinite.SKIP, "loss=NaN", round, 1)),
                good.times());
      }
    },
    /** All units of both layers, all the time. */
    SATURATED {
      @Override
      RoundReport report(long round) {
        RoundReport plain = of(round, 1, 1, 0.1, 1, 1e-3);
        List<LayerFigures.Units> units = new ArrayList<>();
        for (UnitCounters layer : NETWORK.counters()) {
          BitSet flat = new BitSet();
          flat.set(0, layer.units());
          units.add(new LayerFigures.Units(layer, flat));
        }
        return new RoundReport(
            round,
            0,
            plain.loss(),
            plain.gradientNorm(),
            plain.clipped(),
            plain.learningRate(),
            plain.rows(),
            new LayerFigures(plain.layers().learnt(), units),
            Optional.empty(),
            plain.times());
      }
    };

    abstract RoundReport report(long round);

    private static RoundReport of(
        long round, double loss, double norm, double rate, double first, double ratio) {
      boolean isZero = Double.isInfinite(ratio);
      double update = isZero ? 1 : ratio * (1 + round * 1e-9);
      List<LayerFigures.Learnt> layers = new ArrayList<>();
      for (String layer : List.of("hidden1", "hidden2", "head")) {
        double gradient = layer.equals("hidden1") ? first : 1 + round / 3e7;
        layers.add(new LayerFigures.Learnt(layer, gradient, update, isZero ? 0 : 1));
      }
      return new RoundReport(
          round,
          0,
          loss,
          norm,
          Optional.empty(),
          rate,
          200,
          new LayerFigures(layers, List.of()),
          Optional.empty(),
          new RoundTimes(0, 0, 0, 0, 0));
    }
  }

  /** Trains from a round to another in a process of its own; all that the run has said by then. */
  private List<String> process(String run, Course course, long from, long to) throws IOException {
    HealthWatch watch = new HealthWatch(NETWORK.layout());
    Tally tally = new Tally(Metric.LOSS);
    LocalStorage storage = new LocalStorage();
    String path = folder + "/" + run;
    try (RunLock lock = RunLock.take(storage, path, (holder, longest) -> {});
        RunFolder own = RunFolder.open(storage, path, "", from, lock)) {
      new EarlierRounds(tally, watch).read(own.log(), from);
      for (long round = from; round < to; round++) {
        RoundReport report = course.report(round);
        own.round(report);
        for (Warning warning : watch.read(report)) {
          own.warning(warning);
          tally.add(warning);
        }
      }
    }
    return tally.warnings().stream().map(Object::toString).toList();
  }

  @ParameterizedTest
  @EnumSource(Course.class)
  void aResumedRunSaysWhatTheCalmOneSays(Course course) throws IOException {
    List<String> calm = process("calm", course, 0, ROUNDS);
    assertEquals(course == Course.CONVERGED, calm.isEmpty(), calm.toString());
    // Windows of units begin anew where a run goes on: on their borders nothing is different.
    List<Long> stops =
        course == Course.SATURATED
            ? List.of(50L, 100L, 230L)
            : List.of(1L, 5L, 20L, 25L, 99L, 101L, 130L, 160L, 230L);
    for (long stop : stops) {
      process("at" + stop, course, 0, stop);
      assertEquals(calm, process("at" + stop, course, stop, ROUNDS), "stopped after " + stop);
      long again = stop + (course == Course.SATURATED ? 50 : 11);
      process("twice" + stop, course, 0, stop);
      process("twice" + stop, course, stop, again);
      assertEquals(calm, process("twice" + stop, course, again, ROUNDS), "and after " + again);
    }
  }

  /** No kind is left out of the courses but the one that tells each time. */
  @ParameterizedTest
  @EnumSource(Warning.Kind.class)
  void everyKindIsSaidInOneOfThem(Warning.Kind kind) throws IOException {
    EnumSet<Warning.Kind> said = EnumSet.noneOf(Warning.Kind.class);
    for (Course course : Course.values()) {
      HealthWatch watch = new HealthWatch(NETWORK.layout());
      for (long round = 0; round < ROUNDS; round++) {
        watch.read(course.report(round)).forEach(warning -> said.add(warning.kind()));
      }
    }
    // Dead units are saturated ones of another activation.
    assertEquals(kind != Warning.Kind.DEAD_UNITS, said.contains(kind));
  }
}
