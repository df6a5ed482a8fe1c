package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.Arrays;

/** How the numbers of one weight start. */
public sealed interface WeightStart permits Initializer, WeightStart.Constant {
  /** Fills the weight's window of theta, which holds zeros. */
  void draw(float[] theta, ParameterLayout.Placed placed, long seed);

  /** All alike: units of a layer then learn alike, too, until something tells them apart. */
  record Constant(float value) implements WeightStart {
    public Constant {
      Check.require(Float.isFinite(value), "value must be finite", "value", value);
    }

    @Override
    public void draw(float[] theta, ParameterLayout.Placed placed, long seed) {
      Arrays.fill(theta, placed.offset(), placed.end(), value);
    }
  }
}
