package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.io.Serializable;

/**
 * Which activations the way back finds computed and which it computes again (Chen 2016, "Training
 * deep nets with sublinear memory cost"): the layers are cut into segments, of which only the
 * borders are kept.
 */
public sealed interface Recompute extends Serializable {
  /** Layers a segment of so many; all of them keep everything. */
  int segment(int layers);

  /** Everything is kept. */
  record None() implements Recompute {
    @Override
    public int segment(int layers) {
      return layers;
    }
  }

  /** As many layers a segment as there are segments: fewest borders and widest segment together. */
  record Auto() implements Recompute {
    @Override
    public int segment(int layers) {
      return (int) Math.ceil(Math.sqrt(layers));
    }
  }

  /**
   * Segments of so many layers.
   *
   * @param layers a segment; the last one may have fewer
   */
  record Every(int layers) implements Recompute {
    public Every {
      Check.positive(layers, "recompute");
    }

    @Override
    public int segment(int all) {
      return Math.min(layers, all);
    }
  }
}
