package io.lakeprop.optim;

import io.lakeprop.base.Check;

/**
 * Adam's relatives. In all of them {@code m = β1 m + (1 - β1) u} and, but for Adamax and Lion,
 * {@code v = β2 v + (1 - β2) u²}; t counts steps from 1.
 */
public sealed interface AdamVariant extends UpdateRule {
  /**
   * AMSGrad (Reddi 2018) with Adam's corrections, as PyTorch has it: {@code w = max(w, v)}, {@code
   * u = (m / (1 - β1^t)) / (√(w / (1 - β2^t)) + epsilon)}.
   */
  record ScaleByAmsGrad(float beta1, float beta2, float epsilon) implements AdamVariant {
    public ScaleByAmsGrad {
      check(beta1, beta2, epsilon);
    }

    @Override
    public void apply(Update update) {
      float b1 = beta1;
      float b2 = beta2;
      float little = epsilon;
      float[] m = update.memory().vector("mean");
      float[] v = update.memory().vector("square");
      float[] w = update.memory().vector("largest_square");
      float first = (float) (1 / correction(beta1, update));
      float second = (float) (1 / correction(beta2, update));
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float g = u[i];
              m[i] = b1 * m[i] + (1 - b1) * g;
              v[i] = b2 * v[i] + (1 - b2) * g * g;
              w[i] = Math.max(w[i], v[i]);
              u[i] = m[i] * first / ((float) Math.sqrt(w[i] * second) + little);
            }
          });
    }
  }

  /**
   * Adamax (Kingma and Ba 2015, algorithm 2): {@code w = max(β2 w, |u| + epsilon)}, {@code u = m /
   * ((1 - β1^t) w)}. NOTE[DIFF] epsilon is PyTorch's; the paper divides by 0.
   */
  record ScaleByAdamax(float beta1, float beta2, float epsilon) implements AdamVariant {
    public ScaleByAdamax {
      check(beta1, beta2, epsilon);
    }

    @Override
    public void apply(Update update) {
      float b1 = beta1;
      float b2 = beta2;
      float little = epsilon;
      float[] m = update.memory().vector("mean");
      float[] w = update.memory().vector("largest");
      float first = (float) (1 / correction(beta1, update));
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float g = u[i];
              m[i] = b1 * m[i] + (1 - b1) * g;
              w[i] = Math.max(b2 * w[i], Math.abs(g) + little);
              u[i] = m[i] * first / w[i];
            }
          });
    }
  }

  /**
   * NAdam (Dozat 2016) with the momentum's schedule {@code μ(t) = β1 (1 - 0.96^(momentumDecay t) /
   * 2)} and P, the product of all μ up to t: {@code u = (μ(t+1) m / (1 - P μ(t) μ(t+1)) + (1 -
   * μ(t)) u / (1 - P)) / (√(v / (1 - β2^t)) + epsilon)}.
   *
   * <p>NOTE[DIFF] μ(t) is in the product before m once more than in the paper, as in PyTorch 1.13,
   * whose numbers the golden vectors are: 0.7 % of the first step, less later.
   */
  record ScaleByNAdam(float beta1, float beta2, float epsilon, double momentumDecay)
      implements AdamVariant {
    private static final String PRODUCT = "product_of_momenta";

    public ScaleByNAdam {
      check(beta1, beta2, epsilon);
      Check.notNegative(momentumDecay, "momentum_decay");
    }

    @Override
    public void apply(Update update) {
      float b1 = beta1;
      float b2 = beta2;
      float little = epsilon;
      float[] m = update.memory().vector("mean");
      float[] v = update.memory().vector("square");
      double now = momentum(update.step() + 1);
      double next = momentum(update.step() + 2);
      double product = update.memory().number(PRODUCT, 1) * now;
      update.memory().put(PRODUCT, product);
      float ofMean = (float) (next / (1 - product * now * next));
      float ofGradient = (float) ((1 - now) / (1 - product));
      float second = (float) (1 / correction(beta2, update));
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float g = u[i];
              m[i] = b1 * m[i] + (1 - b1) * g;
              v[i] = b2 * v[i] + (1 - b2) * g * g;
              u[i] = (ofMean * m[i] + ofGradient * g) / ((float) Math.sqrt(v[i] * second) + little);
            }
          });
    }

    private double momentum(long t) {
      return beta1 * (1 - 0.5 * StrictMath.pow(0.96, t * momentumDecay));
    }
  }

  /**
   * RAdam (Liu 2020, algorithm 2): Adam times {@code r(t)}, which grows to 1 with the number of
   * squares that v stands for; while that is at most 5, {@code u = m / (1 - β1^t)}.
   */
  record ScaleByRAdam(float beta1, float beta2, float epsilon) implements AdamVariant {
    /** PyTorch's bound; the paper has 4, where the square root begins to exist. */
    private static final double FEWEST_SQUARES = 5;

    public ScaleByRAdam {
      check(beta1, beta2, epsilon);
    }

    @Override
    public void apply(Update update) {
      float b1 = beta1;
      float b2 = beta2;
      float little = epsilon;
      float[] m = update.memory().vector("mean");
      float[] v = update.memory().vector("square");
      double rectified = rectification(update.step() + 1) * Math.sqrt(correction(beta2, update));
      boolean adapts = rectified > 0;
      float factor = (float) ((adapts ? rectified : 1) / correction(beta1, update));
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float g = u[i];
              m[i] = b1 * m[i] + (1 - b1) * g;
              v[i] = b2 * v[i] + (1 - b2) * g * g;
              u[i] = m[i] * factor;
            }
            if (adapts) {
              for (int i = from; i < to; i++) {
                u[i] /= (float) Math.sqrt(v[i]) + little;
              }
            }
          });
    }

    /** r of a step; 0 while there are too few squares. */
    private double rectification(long t) {
      double most = 2 / (1 - (double) beta2) - 1;
      double power = StrictMath.pow(beta2, (double) t);
      double squares = most - 2 * t * power / (1 - power);
      return squares > FEWEST_SQUARES
          ? Math.sqrt((squares - 4) * (squares - 2) * most / ((most - 4) * (most - 2) * squares))
          : 0;
    }
  }

  /**
   * Lion (Chen 2023, algorithm 2): the sign of {@code β1 m + (1 - β1) u}, then {@code m = β2 m + (1
   * - β2) u}.
   */
  record TakeSigns(float beta1, float beta2) implements AdamVariant {
    public TakeSigns {
      Check.fraction(beta1, "beta1");
      Check.fraction(beta2, "beta2");
    }

    @Override
    public void apply(Update update) {
      float b1 = beta1;
      float b2 = beta2;
      float[] m = update.memory().vector("mean");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float g = u[i];
              u[i] = Math.signum(b1 * m[i] + (1 - b1) * g);
              m[i] = b2 * m[i] + (1 - b2) * g;
            }
          });
    }
  }

  private static void check(float beta1, float beta2, float epsilon) {
    Check.fraction(beta1, "beta1");
    Check.fraction(beta2, "beta2");
    Check.positive(epsilon, "epsilon");
  }

  /** {@code 1 - β^t}. */
  private static double correction(float beta, Update update) {
    return 1 - StrictMath.pow(beta, (double) (update.step() + 1));
  }
}
