package io.lakeprop.optim;

import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.ParameterLayout.LayerRange;
import io.lakeprop.nn.ParameterLayout.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** All of theta, part by part in the order of indices, and the rules that differ between parts. */
public record Parameters(List<Part> parts) {
  public Parameters {
    parts = List.copyOf(parts);
  }

  /** Weight decay of the parts of which the test holds: a rule a strength. */
  List<RangeRule.AddDecayedWeights> decay(Predicate<Part> test) {
    return byValue(
        Part::decay,
        part -> part.decay() > 0 && !part.frozen() && test.test(part),
        RangeRule.AddDecayedWeights::new);
  }

  /** The learning rate, and the factors of parts that have one of their own. */
  List<UpdateRule> rate() {
    List<UpdateRule> rules = new ArrayList<>();
    rules.add(new UpdateRule.ScaleByLearningRate());
    rules.addAll(
        byValue(
            Part::rate, part -> part.rate() != 1 && !part.frozen(), RangeRule.ScaleRanges::new));
    return rules;
  }

  /** A rule with a number for those ranges. */
  private interface Maker<R extends UpdateRule> {
    R rule(double value, List<Range> ranges);
  }

  private <R extends UpdateRule> List<R> byValue(
      ToDoubleFunction<Part> value, Predicate<Part> test, Maker<R> maker) {
    SortedMap<Double, List<Range>> byValue = new TreeMap<>();
    for (Part part : parts) {
      if (test.test(part)) {
        byValue
            .computeIfAbsent(value.applyAsDouble(part), v -> new ArrayList<>())
            .add(part.range());
      }
    }
    List<R> rules = new ArrayList<>();
    byValue.forEach((number, ranges) -> rules.add(maker.rule(number, ranges)));
    return rules;
  }

  /** Nothing, or what keeps frozen parts as they are. */
  List<UpdateRule> freeze() {
    List<Range> frozen = parts.stream().filter(Part::frozen).map(Part::range).toList();
    return frozen.isEmpty() ? List.of() : List.of(new RangeRule.Freeze(frozen));
  }

  /** The parts that penalties on weights are for. */
  List<Range> weights() {
    return parts.stream().filter(Part::multiplies).map(Part::range).toList();
  }

  /** The parts that trust ratios are for. */
  List<NormRule.Decayed> decayedWeights() {
    return parts.stream()
        .filter(Part::multiplies)
        .map(part -> new NormRule.Decayed(part.range(), part.decay()))
        .toList();
  }

  /** The matrices whose rows are weights into a unit. */
  List<Units> units() {
    return parts.stream()
        .filter(part -> part.kind() == Part.Kind.WEIGHT && !part.frozen())
        .map(part -> new Units(part.start(), part.rows(), part.columns()))
        .toList();
  }

  /** A range a layer. */
  List<Range> layers() {
    return ParameterLayout.joined(
            parts.stream().map(part -> new LayerRange(part.layer(), part.range())).toList())
        .stream()
        .map(LayerRange::range)
        .toList();
  }
}
