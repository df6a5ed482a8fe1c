package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No legal rows make a NaN: a metric that they do not define is told, all others are right. */
class UndefinedMetricsTest {
  private static final float[] ONE = {1};

  @Test
  void rowsOfOneClassHaveNoArea() {
    for (int classes : new int[] {2, 3}) {
      ClassificationSum sum = new ClassificationSum(classes);
      float[] p = new float[2 * classes];
      p[1] = 0.5f;
      p[0] = 0.5f;
      p[classes + 1] = 0.25f;
      p[classes] = 0.75f;
      sum.add(2, p, new float[] {1, 1}, new float[] {1, 3}, new float[] {2, 6});
      assertEquals(Map.of("auc", "all rows are of one class"), sum.undefined());
      Map<String, Double> metrics = sum.checked("test").metrics();
      // The first row is a tie, which class 0 wins.
      assertEquals(0, metrics.get("accuracy"));
      assertEquals(0, metrics.get("balanced_accuracy"));
      assertEquals(0, metrics.get("macro_f1"));
      assertEquals((Math.log(2) + 3 * Math.log(4)) / 4, metrics.get("log_loss"), 1e-7);
      assertEquals(5, metrics.get("loss"));
      assertFalse(metrics.containsKey("auc"));
    }
  }

  /** Rounded sums of squares would leave noise of either sign, and an r2 of any size. */
  @Test
  void labelsThatAreAlikeHaveNoR2() {
    for (float label : new float[] {0.1f, -3e7f, 0}) {
      RegressionSum sum = new RegressionSum(2);
      for (int part = 0; part < 4; part++) {
        RegressionSum own = new RegressionSum(2);
        for (int row = 0; row < 100 * part; row++) {
          own.add(1, new float[] {label + 4}, new float[] {label}, new float[] {0.7f}, ONE);
        }
        sum.merge(own);
      }
      assertEquals(Map.of("r2", "all labels are alike"), sum.undefined());
      assertEquals(8, sum.checked("test").metrics().get("rmse"), 1e-6);
      assertFalse(sum.metrics().containsKey("r2"));
    }
    RegressionSum one = new RegressionSum(1);
    one.add(1, new float[] {2}, ONE, ONE, ONE);
    assertEquals(Map.of("r2", "all labels are alike"), one.undefined());
  }

  /** Two labels a step of a float apart have one: distances are 1/4 of the step's square. */
  @Test
  void labelsThatDifferByABitHaveAnR2() {
    float next = Math.nextUp(1e7f);
    RegressionSum sum = new RegressionSum(1);
    sum.add(1, new float[] {1e7f}, new float[] {1e7f}, ONE, ONE);
    RegressionSum other = new RegressionSum(1);
    other.add(1, new float[] {1e7f}, new float[] {next}, ONE, ONE);
    assertEquals(1 - 1 / 0.5, sum.merge(other).metrics().get("r2"), 1e-9);
    assertTrue(sum.undefined().isEmpty());
  }

  /** A row of weight 0 may have an infinite loss. */
  @Test
  void rowsWithoutWeightSayNothing() {
    float[] infinite = {Float.POSITIVE_INFINITY};
    float[] none = {0};
    List<MetricSum> sums =
        List.of(
            new ClassificationSum(2),
            new RegressionSum(1),
            new DevianceSum(1, 1),
            new DevianceSum(1, 1.5),
            new DevianceSum(1, 2),
            new QuantileSum(List.of(0.5f), 1));
    for (MetricSum sum : sums) {
      boolean classes = sum instanceof ClassificationSum;
      sum.add(1, classes ? new float[] {0.5f, 0.5f} : new float[] {2}, ONE, ONE, ONE);
      Map<String, Double> before = sum.metrics();
      sum.add(1, classes ? new float[] {0, 1} : infinite, none, none, infinite);
      assertEquals(before, sum.checked("test").metrics());
      assertEquals(2, sum.rows());
    }
  }

  /** The limits of Jørgensen's deviance at a mean of 0 and of infinity. */
  @Test
  void deviancesAtTheEndsAreNumbersOrInfinite() {
    for (double power : new double[] {1, 1.5, 2}) {
      DevianceSum infinite = new DevianceSum(1, power);
      infinite.add(1, new float[] {Float.POSITIVE_INFINITY}, ONE, ONE, ONE);
      assertTrue(
          infinite.checked("test").metrics().containsValue(Double.POSITIVE_INFINITY), "" + power);
    }
    for (double power : new double[] {1, 1.5}) {
      DevianceSum zero = new DevianceSum(1, power);
      zero.add(1, new float[] {0}, new float[] {0}, ONE, ONE);
      zero.checked("test")
          .metrics()
          .forEach((name, value) -> assertEquals(name.equals("loss") ? 1 : 0, value, name));
    }
  }

  /** Whatever JSON has no number for has a reason, and nothing else has one. */
  @Test
  void whatIsNoFiniteNumberHasAReason() {
    String tail = "infinite: a prediction is infinite, or gives the label of its row no chance";
    ClassificationSum never = new ClassificationSum(2);
    never.add(
        2, new float[] {0, 1, 0.5f, 0.5f}, new float[] {0, 1}, new float[] {1, 1}, new float[2]);
    assertEquals(Map.of("log_loss", tail), never.reasons());
    HeadsSum heads =
        new HeadsSum(
            List.of(
                new HeadsSum.Part("a", 1, 2, never),
                new HeadsSum.Part("b", 1, 1, new RegressionSum(1))));
    heads.add(0, new float[0], new float[0], new float[0], new float[0]);
    assertEquals(tail, heads.reasons().get("a.log_loss"));
    RegressionSum far = new RegressionSum(1);
    float[] predictions = {Float.NEGATIVE_INFINITY, 1};
    far.add(2, predictions, new float[] {1, 2}, new float[] {1, 1}, new float[] {1, 1});
    assertEquals(Map.of("mae", tail, "r2", "minus " + tail, "rmse", tail), far.reasons());
    RegressionSum none = new RegressionSum(1);
    none.add(1, new float[] {Float.NaN}, ONE, ONE, ONE);
    String overflow = "the network's numbers overflow";
    assertEquals(
        Map.of("mae", overflow, "r2", "all labels are alike", "rmse", overflow), none.reasons());
  }

  @Test
  void aMeanOverNoLabelIsNotDefined() {
    HeadsSum both =
        new HeadsSum(
            List.of(
                new HeadsSum.Part("a", 1, 2, ClassificationSum.amongSeveral(2)),
                new HeadsSum.Part("b", 1, 2, ClassificationSum.amongSeveral(2))));
    both.add(1, new float[] {0.5f, 0.5f, 0.5f, 0.5f}, new float[] {0, 1}, ONE, new float[2]);
    assertEquals(
        Map.of(
            "auc", "no label has rows of two classes",
            "a.auc", "all rows are of one class",
            "b.auc", "all rows are of one class"),
        both.undefined());
    assertSame(both, both.checked("test"));
    HeadsSum many =
        new HeadsSum(
            List.of(
                new HeadsSum.Part("a", 1, 200, ClassificationSum.amongSeveral(200)),
                new HeadsSum.Part("b", 1, 200, ClassificationSum.amongSeveral(200))));
    assertFalse(many.offers().contains(Metric.AUC));
    assertTrue(many.undefined().isEmpty());
  }

  @Test
  void whatShouldBeANumberAndIsNoneIsAFailure() {
    RegressionSum sum = new RegressionSum(1);
    sum.add(1, new float[] {Float.NaN}, ONE, ONE, ONE);
    String message = assertThrows(NotANumber.class, () -> sum.checked("test")).getMessage();
    assertTrue(message.startsWith("mae of the test rows must be a number, however: NaN"), message);
  }
}
