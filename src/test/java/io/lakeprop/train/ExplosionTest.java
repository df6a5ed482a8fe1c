package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each threshold of an explosion: a training at it is well, one just above it is not. */
class ExplosionTest {
  /** So many rounds of the same loss, norm of the gradient and ratio of updates. */
  private record Stretch(int rounds, double loss, double norm, double ratio) {
    Stretch(int rounds, double loss, double norm) {
      this(rounds, loss, norm, 1e-3);
    }
  }

  /** A training by its stretches, and whether it explodes in the last round. */
  private record Course(String name, boolean explodes, List<Stretch> stretches) {}

  private static Course course(String name, boolean explodes, Stretch... stretches) {
    return new Course(name, explodes, List.of(stretches));
  }

  private static Stretch stretch(int rounds, double loss, double norm) {
    return new Stretch(rounds, loss, norm);
  }

  /** Rounds of loss 1 whose gradients have these norms. */
  private static Course jumps(String name, boolean explodes, List<List<Double>> norms) {
    return new Course(
        name,
        explodes,
        norms.stream().flatMap(List::stream).map(norm -> new Stretch(1, 1, norm)).toList());
  }

  private static List<Double> of(int rounds, double norm) {
    return Collections.nCopies(rounds, norm);
  }

  /** Five of them in ten rounds, or, with one round more between the first two, in eleven. */
  private static List<Double> outliers(double norm, double usual, boolean inEleven) {
    List<Double> norms = new ArrayList<>(List.of(norm, usual));
    if (inEleven) {
      norms.add(usual);
    }
    norms.addAll(List.of(norm, usual, norm, usual, norm, usual, usual, norm));
    return norms;
  }

  private static final List<Course> COURSES =
      List.of(
          course("updates as long as theta", false, new Stretch(20, 1, 1, 1)),
          course("updates a little longer", true, new Stretch(5, 1, 1, 1.001)),
          jumps("100 times the median", false, List.of(of(40, 1), outliers(100, 1, false))),
          jumps("above 100 times", true, List.of(of(40, 1), outliers(100.1, 1, false))),
          jumps("five in ten rounds", true, List.of(of(40, 10), outliers(1001, 10, false))),
          jumps("five in eleven rounds", false, List.of(of(40, 10), outliers(1001, 10, true))),
          jumps("not 100 times a median of 10", false, List.of(of(40, 10), of(10, 999))),
          jumps("from no gradient at all", false, List.of(of(40, 0), outliers(1, 0, false))),
          jumps(
              "to what it was at the start",
              false,
              List.of(of(20, 1), of(110, 1e-6), outliers(1, 1e-6, false))),
          jumps(
              "above what it was at the start",
              true,
              List.of(of(20, 1), of(110, 1e-6), outliers(1.001, 1e-6, false))),
          course("three times the first loss", false, stretch(25, 2.5, 1), stretch(25, 7.5, 4)),
          course("above three times", true, stretch(25, 2.5, 1), stretch(5, 7.51, 4)),
          course("twice the first loss", false, stretch(25, 2.5, 1), stretch(25, 5, 4)),
          course("a first loss below 0", false, stretch(25, -2, 1), stretch(25, 2, 4)),
          course("that rises by twice itself", true, stretch(25, -2, 1), stretch(5, 2.01, 4)),
          course("three times the norm", false, stretch(25, 2.5, 2), stretch(25, 9, 6)),
          course("above three times the norm", true, stretch(25, 2.5, 2), stretch(5, 9, 6.01)),
          course(
              "ten times the lowest loss",
              false,
              stretch(25, 2, 1),
              stretch(20, 0.5, 1),
              stretch(25, 5, 4)),
          course(
              "above ten times the lowest loss",
              true,
              stretch(25, 2, 1),
              stretch(20, 0.25, 1),
              stretch(5, 2.6, 4)),
          course(
              "not above the first loss",
              false,
              stretch(25, 2, 1),
              stretch(20, 0.125, 1),
              stretch(25, 2, 4)),
          course(
              "a lowest loss of 0", false, stretch(25, 2, 1), stretch(20, 0, 1), stretch(25, 5, 4)),
          course(
              "ten times the lowest, with gradients as before",
              false,
              stretch(25, 2, 1),
              stretch(20, 0.25, 1),
              stretch(25, 5, 1)));

  @TestFactory
  Stream<DynamicTest> thresholds() {
    return COURSES.stream()
        .map(course -> DynamicTest.dynamicTest(course.name(), () -> follow(course)));
  }

  private static RoundReport report(
      long round, double loss, double norm, LayerFigures.Learnt... layers) {
    return new RoundReport(
        round,
        0,
        loss,
        norm,
        Optional.empty(),
        0.1,
        100,
        new LayerFigures(List.of(layers), List.of()),
        Optional.empty(),
        new RoundTimes(0, 0, 0, 0, 0));
  }

  private static List<Warning> read(Explosion explosion, long round, Stretch now, double theta) {
    return explosion.read(
        report(
            round,
            now.loss(),
            now.norm(),
            new LayerFigures.Learnt("hidden1", now.norm(), now.ratio() * theta, theta),
            new LayerFigures.Learnt("head", now.norm() / 2, now.ratio() * theta, theta)));
  }

  private static void follow(Course course) {
    Explosion explosion = new Explosion();
    int round = 0;
    List<Warning> last = List.of();
    for (Stretch stretch : course.stretches()) {
      for (int i = 0; i < stretch.rounds(); i++) {
        assertEquals(List.of(), last, "before round " + round);
        last = read(explosion, round++, stretch, 1);
      }
    }
    assertEquals(course.explodes() ? 1 : 0, last.size(), last.toString());
    if (course.explodes()) {
      assertEquals(Warning.Kind.EXPLODING, last.get(0).kind());
      assertEquals(List.of("hidden1"), last.get(0).layers());
      boolean ofUpdates = course.stretches().get(0).ratio() >= 1;
      assertEquals(
          !ofUpdates, last.get(0).text().contains(", most of it in hidden1; try"), last.toString());
    }
  }

  /** A layer that starts at 0 has an infinite ratio, and no loss must be judged by it. */
  @Test
  void theFirstStepOfALayerOfZerosIsNoLongUpdate() {
    for (double theta : new double[] {0, 1e-9}) {
      Explosion explosion = new Explosion();
      List<Warning> warnings = new ArrayList<>(read(explosion, 0, new Stretch(1, 1, 1), 1));
      LayerFigures.Learnt first = new LayerFigures.Learnt("hidden1", 1, 0.1, theta);
      warnings.addAll(explosion.read(report(1, 1, 1, first)));
      assertEquals(List.of(), warnings);
      warnings.addAll(read(explosion, 2, new Stretch(1, 4, 1), 1));
      assertEquals(theta == 0, warnings.isEmpty(), warnings.toString());
      assertTrue(
          theta == 0 || warnings.get(0).text().contains("loss is 4.00 after 1.00 in the first"),
          warnings.toString());
    }
  }
}
