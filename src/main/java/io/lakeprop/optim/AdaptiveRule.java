package io.lakeprop.optim;

import io.lakeprop.base.Check;

/** Divides each element by a length that its own past squares have, as RMSprop does. */
public sealed interface AdaptiveRule extends UpdateRule {
  /** Adagrad (Duchi 2011): {@code v = v + u²}, {@code u = u / (√v + epsilon)}. */
  record ScaleByAdagrad(float epsilon) implements AdaptiveRule {
    public ScaleByAdagrad {
      Check.positive(epsilon, "epsilon");
    }

    @Override
    public void apply(Update update) {
      float little = epsilon;
      float[] v = update.memory().vector("square");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              v[i] += u[i] * u[i];
              u[i] /= (float) Math.sqrt(v[i]) + little;
            }
          });
    }
  }

  /**
   * Adadelta (Zeiler 2012, algorithm 1): {@code v = decay v + (1 - decay) u²}, {@code u = u √(d +
   * epsilon) / √(v + epsilon)}, {@code d = decay d + (1 - decay) u²}.
   */
  record ScaleByAdadelta(float decay, float epsilon) implements AdaptiveRule {
    public ScaleByAdadelta {
      Check.fraction(decay, "decay");
      Check.positive(epsilon, "epsilon");
    }

    @Override
    public void apply(Update update) {
      float keep = decay;
      float little = epsilon;
      float[] v = update.memory().vector("square");
      float[] d = update.memory().vector("step_square");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float g = u[i];
              v[i] = keep * v[i] + (1 - keep) * g * g;
              float step = g * (float) Math.sqrt(d[i] + little) / (float) Math.sqrt(v[i] + little);
              d[i] = keep * d[i] + (1 - keep) * step * step;
              u[i] = step;
            }
          });
    }
  }

  /**
   * Centred RMSprop (Graves 2013, equations 38 to 40): {@code u = u / (√(v - m²) + epsilon)} with
   * the running means m of u and v of u².
   *
   * <p>The variance {@code s = v - m²} is remembered in place of v and follows {@code s = decay (s
   * + (1 - decay) (u - m)²)}: the same number, but the difference of two nearly equal ones is never
   * taken, so it cannot be negative.
   */
  record ScaleByCenteredRmsProp(float decay, float epsilon) implements AdaptiveRule {
    public ScaleByCenteredRmsProp {
      Check.fraction(decay, "decay");
      Check.positive(epsilon, "epsilon");
    }

    @Override
    public void apply(Update update) {
      float keep = decay;
      float little = epsilon;
      float[] m = update.memory().vector("mean");
      float[] s = update.memory().vector("variance");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float off = u[i] - m[i];
              m[i] += (1 - keep) * off;
              s[i] = keep * (s[i] + (1 - keep) * off * off);
              u[i] /= (float) Math.sqrt(s[i]) + little;
            }
          });
    }
  }
}
