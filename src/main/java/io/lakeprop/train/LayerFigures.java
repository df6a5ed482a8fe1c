package io.lakeprop.train;

import io.lakeprop.nn.ParameterLayout.LayerRange;
import io.lakeprop.nn.UnitCounters;
import io.lakeprop.optim.Update;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * How a round went layer by layer.
 *
 * @param learnt layers with slots that the optimizer moves, in the order of theta: embeddings of
 *     the input first, the last layer last
 * @param units layers of activations that can be flat, from the input up
 */
public record LayerFigures(List<Learnt> learnt, List<Units> units) {
  /** Of a round without a step, or one whose figures nobody asked for. */
  public static final LayerFigures NONE = new LayerFigures(List.of(), List.of());

  public LayerFigures {
    learnt = List.copyOf(learnt);
    units = List.copyOf(units);
  }

  /**
   * A layer's numbers.
   *
   * @param gradientNorm of its part of the mean gradient, before clipping
   * @param updateNorm of what was added to its part of theta
   * @param thetaNorm before that
   */
  public record Learnt(String layer, double gradientNorm, double updateNorm, double thetaNorm) {
    /** How far the step moved the layer, as a share of what it was; infinite from 0 on. */
    public double updateRatio() {
      return updateNorm == 0 ? 0 : updateNorm / thetaNorm;
    }
  }

  /**
   * A layer's units.
   *
   * @param flat those that were dead or saturated in the round; not to be changed
   */
  public record Units(UnitCounters counters, BitSet flat) {
    /** The share of units that are dead or saturated. */
    public double share() {
      return (double) flat.cardinality() / counters.units();
    }
  }

  static LayerFigures of(
      List<LayerRange> layers, double[] gradientNorms, Update.Step step, List<Units> units) {
    List<Learnt> learnt = new ArrayList<>();
    for (int i = 0; i < gradientNorms.length; i++) {
      learnt.add(
          new Learnt(
              layers.get(i).layer(),
              gradientNorms[i],
              step.updateNorms()[i],
              step.thetaNorms()[i]));
    }
    return new LayerFigures(learnt, units);
  }

  /** What a round's sum says of the units; nothing of those that it did not count. */
  static List<Units> units(List<UnitCounters> counters, GradientSum sum) {
    List<Units> units = new ArrayList<>();
    for (UnitCounters layer : counters) {
      BitSet flat = new BitSet(layer.units());
      for (int unit = 0; unit < layer.units(); unit++) {
        flat.set(unit, layer.flat(sum.flatRows()[layer.start() + unit], sum.rows()));
      }
      units.add(new Units(layer, flat));
    }
    return units;
  }
}
