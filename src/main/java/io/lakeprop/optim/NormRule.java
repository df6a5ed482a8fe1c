package io.lakeprop.optim;

import io.lakeprop.base.Check;
import io.lakeprop.nn.ParameterLayout.Range;
import java.util.Arrays;
import java.util.List;

/** A rewriting that follows from norms of parts of the update or of theta. */
public sealed interface NormRule extends UpdateRule {
  /**
   * Scales each layer's part of the update so that its Euclidean norm is at most {@code largest}.
   */
  record ClipByLayerNorm(double largest, List<Range> layers) implements NormRule {
    public ClipByLayerNorm {
      Check.positive(largest, "clip_layer_norm");
      layers = List.copyOf(layers);
    }

    @Override
    public void apply(Update update) {
      Windows windows = Windows.of(layers);
      double[] norms = update.norms(windows, Squares.UPDATE)[0];
      double[] bounds = new double[norms.length];
      Arrays.fill(bounds, largest);
      clip(update, windows, norms, bounds);
    }
  }

  /**
   * Adaptive gradient clipping (Brock 2021, equation 3), unit by unit: the norm of the update is at
   * most {@code ratio} times the norm of the unit's weights, which counts as 0.001 if it is less,
   * so that weights can leave 0.
   */
  record ClipByParameterNorm(double ratio, List<Units> units) implements NormRule {
    private static final double LEAST_NORM = 1e-3;

    public ClipByParameterNorm {
      Check.positive(ratio, "clip_adaptive");
      units = List.copyOf(units);
    }

    @Override
    public void apply(Update update) {
      Windows windows = Windows.rows(units);
      double[][] norms = update.norms(windows, Squares.UPDATE, Squares.THETA);
      double[] bounds = new double[windows.count()];
      for (int w = 0; w < bounds.length; w++) {
        bounds[w] = ratio * Math.max(norms[1][w], LEAST_NORM);
      }
      clip(update, windows, norms[0], bounds);
    }
  }

  private static void clip(Update update, Windows windows, double[] norms, double[] bounds) {
    update.mayClip();
    float[] factors = new float[norms.length];
    boolean bites = false;
    for (int w = 0; w < norms.length; w++) {
      boolean tooLong = norms[w] > bounds[w];
      factors[w] = tooLong ? (float) (bounds[w] / norms[w]) : 1;
      bites |= tooLong;
    }
    if (bites) {
      update.clip();
      update.scale(windows, factors);
    }
  }

  /**
   * A slot whose step has the length of its weights.
   *
   * @param decay of its weights, decoupled
   */
  record Decayed(Range range, double decay) {
    public Decayed {
      Check.notNegative(decay, "weight_decay");
    }
  }

  /**
   * {@code u = r (u + decay theta)} slot by slot, with the trust ratio {@code r = coefficient
   * |theta| / (|u| + decay |theta|)}, which is 1 where a norm is 0.
   *
   * <p>After Adam, decay and all, with coefficient 1 and decay 0 it is the last line of LAMB (You
   * 2020, algorithm 2, with the identity as φ); on the gradient, with a momentum after the rate, it
   * is LARS (You 2017, algorithm 1). NOTE[DIFF] neither paper says what a norm of 0 gives.
   */
  record ScaleByTrustRatio(double coefficient, List<Decayed> slots) implements NormRule {
    public ScaleByTrustRatio {
      Check.positive(coefficient, "trust_coefficient");
      slots = List.copyOf(slots);
    }

    @Override
    public void apply(Update update) {
      Windows windows = Windows.of(slots.stream().map(Decayed::range).toList());
      double[][] norms = update.norms(windows, Squares.UPDATE, Squares.THETA);
      float[] ratios = new float[windows.count()];
      float[] decays = new float[windows.count()];
      for (int w = 0; w < ratios.length; w++) {
        double decay = slots.get(w).decay();
        decays[w] = (float) decay;
        ratios[w] = (float) ratio(norms[0][w], norms[1][w], decay);
      }
      scale(update, windows, ratios, decays);
    }

    private double ratio(double update, double theta, double decay) {
      return update > 0 && theta > 0 ? coefficient * theta / (update + decay * theta) : 1;
    }

    private static void scale(Update update, Windows windows, float[] ratios, float[] decays) {
      float[] theta = update.theta();
      update.rewrite(
          (u, from, to) ->
              windows.forEach(
                  from,
                  to,
                  (window, first, end) -> {
                    float ratio = ratios[window];
                    float decay = decays[window];
                    for (int i = first; i < end; i++) {
                      u[i] = ratio * (u[i] + decay * theta[i]);
                    }
                  }));
    }
  }

  /**
   * Shortens the step so that the weights into each unit have a norm of at most {@code largest}
   * after it (Srebro and Shraibman 2005; Srivastava 2014): their projection onto that ball. Last in
   * a chain.
   */
  record ProjectOntoNorm(double largest, List<Units> units) implements NormRule {
    public ProjectOntoNorm {
      Check.positive(largest, "max_norm");
      units = List.copyOf(units);
    }

    @Override
    public void apply(Update update) {
      Windows windows = Windows.rows(units);
      double[] norms = update.norms(windows, Squares.MOVED)[0];
      float[] theta = update.theta();
      update.rewrite(
          (u, from, to) ->
              windows.forEach(
                  from,
                  to,
                  (window, first, end) -> {
                    if (norms[window] > largest) {
                      float factor = (float) (largest / norms[window]);
                      for (int i = first; i < end; i++) {
                        u[i] = factor * (theta[i] + u[i]) - theta[i];
                      }
                    }
                  }));
    }
  }
}
