package io.lakeprop.optim;

import io.lakeprop.base.Check;
import io.lakeprop.base.Chunks;
import io.lakeprop.nn.ParameterLayout.Range;
import java.util.List;
import java.util.Optional;

/**
 * L-BFGS (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithm 7.4) with a {@link LineSearch},
 * for losses that are the same function of theta in every round: all rows, no dropout.
 *
 * <p>A round is one evaluation: theta is the point that the line search tries. Beside it the rule
 * remembers the last accepted point x, its gradient g and the direction d; a trial is {@code x + t
 * d}. {@code d = -H g}, H being {@code γ I} with {@code γ = sᵀy / yᵀy} of the newest pair, updated
 * by the pairs {@code s = x' - x}, {@code y = g' - g} of the last {@code history} accepted steps. A
 * pair without curvature is left out; when no step is found the pairs are forgotten and the search
 * begins anew along -g. When that finds none either, or {@code |g| <= tolerance max(1, |x|)}, or
 * three accepted steps in a row lower the loss by less than float32 can tell, the search has ended
 * and theta stays at x.
 *
 * @param history pairs remembered
 * @param penalties weight decay, as a part of the loss: {@code decay/2 |theta|²}
 */
public record Lbfgs(int history, double tolerance, List<RangeRule.AddDecayedWeights> penalties)
    implements UpdateRule {
  private static final String POINT = "point";
  private static final String GRADIENT = "point_gradient";
  private static final String DIRECTION = "direction";
  private static final String VALUE = "point_value";
  private static final String PAIRS = "pairs";
  private static final String NEWEST = "newest_pair";
  private static final String IDLE = "idle_steps";
  private static final String ENDED = "ended";
  private static final int MOST_IDLE = 3;
  private static final double LEAST_CURVATURE = 1e-10;

  /** Vectors beside the pairs: point, gradient, direction. */
  private static final int OWN_VECTORS = 3;

  public Lbfgs {
    Check.positive(history, "history");
    Check.notNegative(tolerance, "tolerance");
    penalties = List.copyOf(penalties);
  }

  /** Vectors as long as theta that it remembers. */
  static int vectors(int history) {
    return OWN_VECTORS + 2 * history;
  }

  /** Pairs for which so many vectors are enough. */
  static int history(int vectors) {
    return (vectors - OWN_VECTORS) / 2;
  }

  /** The last accepted point: what a model is made of, while theta may be a trial that fails. */
  public static Optional<float[]> accepted(Memory memory) {
    return Optional.ofNullable(memory.vectors().get(POINT));
  }

  /** Whether no further step can be found. */
  public static boolean ended(Memory memory) {
    return memory.number(ENDED, 0) > 0;
  }

  @Override
  public void apply(Update update) {
    Memory memory = update.memory();
    penalties.forEach(penalty -> penalty.apply(update));
    float[] gradient = update.values();
    double value = update.loss() + penalty(update.theta());
    Optional<LineSearch> search = LineSearch.of(memory);
    if (ended(memory)) {
      settle(update);
    } else if (search.isEmpty()) {
      accept(update, gradient, value);
    } else {
      double slope = Chunks.dot(gradient, memory.vector(DIRECTION));
      LineSearch.Outcome outcome = search.get().after(value, slope);
      switch (outcome.verdict()) {
        case TRY -> attempt(update, outcome.search());
        case ACCEPT -> {
          remember(memory, update.theta(), gradient);
          accept(update, gradient, value);
        }
        case FAIL -> startAnew(update);
      }
    }
  }

  private double penalty(float[] theta) {
    double sum = 0;
    for (RangeRule.AddDecayedWeights penalty : penalties) {
      for (Range range : penalty.ranges()) {
        sum += penalty.decay() / 2 * Squares.of(theta, range.start(), range.end());
      }
    }
    return sum;
  }

  /** Takes the theta just evaluated as the point, and tries a step from there. */
  private void accept(Update update, float[] gradient, double value) {
    Memory memory = update.memory();
    System.arraycopy(update.theta(), 0, memory.vector(POINT), 0, gradient.length);
    System.arraycopy(gradient, 0, memory.vector(GRADIENT), 0, gradient.length);
    boolean idle =
        memory.number(VALUE, Double.MAX_VALUE) - value <= LineSearch.SLACK * Math.abs(value);
    memory.put(IDLE, idle ? memory.number(IDLE, 0) + 1 : 0);
    memory.put(VALUE, value);
    double norm = Math.sqrt(Chunks.dot(gradient, gradient));
    float[] point = memory.vector(POINT);
    boolean flat = norm <= tolerance * Math.max(1, Math.sqrt(Chunks.dot(point, point)));
    if (flat || memory.number(IDLE, 0) >= MOST_IDLE) {
      memory.put(ENDED, 1);
      settle(update);
    } else {
      begin(update);
    }
  }

  /** A new search from the point, along the direction that the pairs give. */
  private void begin(Update update) {
    Memory memory = update.memory();
    float[] gradient = memory.vector(GRADIENT);
    float[] direction = memory.vector(DIRECTION);
    double slope = direct(memory, gradient, direction);
    if (!(slope < 0)) {
      memory.put(PAIRS, 0);
      slope = direct(memory, gradient, direction);
    }
    double first = 1;
    if (memory.number(PAIRS, 0) == 0) {
      first = Math.min(1, 1 / Math.sqrt(-slope));
    }
    attempt(
        update, LineSearch.begin(memory.number(VALUE, 0), slope, first * update.learningRate()));
  }

  /** Forgets the pairs and searches along the gradient; ends if that was what failed. */
  private void startAnew(Update update) {
    Memory memory = update.memory();
    if (memory.number(PAIRS, 0) == 0) {
      memory.put(ENDED, 1);
      settle(update);
    } else {
      memory.put(PAIRS, 0);
      begin(update);
    }
  }

  /** Moves theta to the next trial. */
  private static void attempt(Update update, LineSearch search) {
    search.into(update.memory());
    moveTo(update, (float) search.trial());
  }

  /** Moves theta back to the point. */
  private static void settle(Update update) {
    moveTo(update, 0);
  }

  private static void moveTo(Update update, float step) {
    float[] theta = update.theta();
    float[] point = update.memory().vector(POINT);
    float[] direction = update.memory().vector(DIRECTION);
    update.rewrite(
        (u, from, to) -> {
          for (int i = from; i < to; i++) {
            u[i] = point[i] + step * direction[i] - theta[i];
          }
        });
  }

  /** Keeps the pair of the step from the point to theta, in the place of the oldest one. */
  private void remember(Memory memory, float[] theta, float[] gradient) {
    int place = (int) (memory.number(NEWEST, -1) + 1) % history;
    float[] s = memory.vector(step(place));
    float[] y = memory.vector(change(place));
    subtract(theta, memory.vector(POINT), s);
    subtract(gradient, memory.vector(GRADIENT), y);
    double pairs = memory.number(PAIRS, 0);
    if (Chunks.dot(s, y) > LEAST_CURVATURE * Chunks.dot(y, y)) {
      memory.put(NEWEST, place);
      memory.put(PAIRS, Math.min(history, pairs + 1));
    } else {
      // Left out, but what lay in its place is gone.
      memory.put(PAIRS, Math.min(history - 1.0, pairs));
    }
  }

  private static void subtract(float[] a, float[] b, float[] result) {
    Chunks.forEach(
        result.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            result[i] = a[i] - b[i];
          }
        });
  }

  /** The two loops of algorithm 7.4: {@code d = -H g}; returns the slope along d. */
  private double direct(Memory memory, float[] gradient, float[] direction) {
    Chunks.forEach(
        direction.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            direction[i] = -gradient[i];
          }
        });
    int pairs = (int) memory.number(PAIRS, 0);
    double[] alphas = new double[pairs];
    for (int age = 0; age < pairs; age++) {
      float[] s = memory.vector(step(place(memory, age)));
      float[] y = memory.vector(change(place(memory, age)));
      alphas[age] = Chunks.dot(s, direction) / Chunks.dot(s, y);
      add(direction, 1, -alphas[age], y);
    }
    for (int age = pairs - 1; age >= 0; age--) {
      float[] s = memory.vector(step(place(memory, age)));
      float[] y = memory.vector(change(place(memory, age)));
      double curvature = Chunks.dot(s, y);
      if (age == pairs - 1) {
        add(direction, newestScale(memory), 0, y);
      }
      double beta = Chunks.dot(y, direction) / curvature;
      add(direction, 1, alphas[age] - beta, s);
    }
    return Chunks.dot(gradient, direction);
  }

  private double newestScale(Memory memory) {
    float[] s = memory.vector(step(place(memory, 0)));
    float[] y = memory.vector(change(place(memory, 0)));
    return Chunks.dot(s, y) / Chunks.dot(y, y);
  }

  /** {@code direction = scale direction + factor vector}. */
  private static void add(float[] direction, double scale, double factor, float[] vector) {
    float own = (float) scale;
    float other = (float) factor;
    Chunks.forEach(
        direction.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            direction[i] = own * direction[i] + other * vector[i];
          }
        });
  }

  /** Where the pair lies that is so many accepted steps old. */
  private int place(Memory memory, int age) {
    return Math.floorMod((int) memory.number(NEWEST, 0) - age, history);
  }

  private static String step(int place) {
    return "step_" + place;
  }

  private static String change(int place) {
    return "change_" + place;
  }
}
