package io.lakeprop.data;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.MissingTexts;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All features of a job, bound to the training rows: from a table's row to encoded numbers and
 * category ids. Training packs with it, the model file stores it, scoring uses nothing else.
 *
 * <p>Shapes: a row of the table has a column a feature, in this order; an encoded row has {@link
 * #numbers} floats and {@link #categories} ids, each in the order of the features.
 */
public record FeatureEncoder(List<Feature> features) implements Serializable {
  public FeatureEncoder {
    features = List.copyOf(features);
    features.forEach(feature -> Check.notNegative(feature.numbers(), "numbers of a feature"));
    long numbers = features.stream().mapToLong(Feature::numbers).sum();
    Check.require(
        numbers <= Integer.MAX_VALUE,
        "a row must have fewer than 2^31 numbers",
        "numbers",
        numbers);
  }

  /**
   * Binds specs to statistics.
   *
   * @param counts the values of each categorical column, by its name
   * @param zone in which the days and hours of timestamps are read
   * @throws InvalidInput when columns have no value, one value only, infinities or differences that
   *     would be
   */
  public static FeatureEncoder bind(
      List<FeatureSpec> specs, FeatureStats stats, Map<String, ValueCounts> counts, ZoneId zone) {
    Refusals refusals = new Refusals();
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      FeatureSpec spec = specs.get(i);
      List<String> constant = UselessColumns.constant(spec, i, stats, counts);
      if (!constant.isEmpty()) {
        refusals.constant.add("%s (%s)".formatted(spec.name(), constant.get(0)));
      } else if (spec instanceof FeatureSpec.Numeric numeric) {
        NumberStats own = stats.numbers(i)[0];
        boolean indicator = numeric.notFinite().missing(own) > 0;
        if (refusals.accept(spec.name(), own, numeric.notFinite())) {
          TimeRange range = TimeRange.of(own, numeric.unit(), numeric.log());
          boolean calendar = numeric.calendar() && range.isKnown();
          features.add(
              new Feature.Numeric(
                  spec.name(),
                  numeric.log(),
                  NumberTransform.bind(numeric.scaling(), own),
                  indicator,
                  numeric.notFinite(),
                  numeric.unit(),
                  range,
                  calendar ? Calendar.in(zone) : Calendar.NONE));
        }
      } else if (spec instanceof FeatureSpec.Vector vector) {
        bind(vector, stats, i, refusals, features);
      } else if (spec instanceof FeatureSpec.Categorical categorical) {
        features.add(bind(categorical, counts.get(spec.name())));
      }
    }
    refusals.raise();
    return new FeatureEncoder(features);
  }

  private static void bind(
      FeatureSpec.Vector spec,
      FeatureStats stats,
      int i,
      Refusals refusals,
      List<Feature> features) {
    if (stats.shortest(i) != stats.longest(i) || stats.longest(i) == 0) {
      throw new InvalidInput(
          "column \"%s\" must hold arrays of one length, however: lengths run from %d to %d"
              .formatted(spec.name(), stats.shortest(i), stats.longest(i)));
    }
    NumberStats all = NumberStats.empty(FeatureSpec.Scaling.NONE);
    List<NumberTransform> transforms = new ArrayList<>();
    for (NumberStats element : stats.numbers(i)) {
      all.merge(element);
      // An element that never varies, such as a corner pixel, is harmless inside a vector.
      transforms.add(
          element.present() == 0
              ? new NumberTransform.Affine(0, 1)
              : NumberTransform.bind(spec.scaling(), element));
    }
    boolean indicator = stats.missingVectors(i) > 0;
    if (refusals.accept(spec.name(), all, spec.notFinite())) {
      features.add(
          new Feature.Vector(
              spec.name(), stats.longest(i), spec.log(), transforms, indicator, spec.notFinite()));
    }
  }

  private static Feature bind(FeatureSpec.Categorical spec, ValueCounts counts) {
    List<String> own = new ArrayList<>();
    List<String> rare = new ArrayList<>();
    for (ValueCounts.Count count : counts.values()) {
      boolean frequent = count.rows() >= spec.minimumCount() && own.size() < spec.maximumValues();
      (frequent ? own : rare).add(count.value());
    }
    Feature.Rare kind =
        !counts.complete()
            ? Feature.Rare.REST
            : rare.isEmpty() ? Feature.Rare.NONE : Feature.Rare.LISTED;
    boolean missing = counts.missing() > 0;
    int trained = own.size() + (missing ? 1 : 0) + (kind == Feature.Rare.NONE ? 0 : 1);
    int width = trained <= spec.oneHotUpTo() ? 0 : width(spec, trained);
    return new Feature.Categorical(
        spec.name(),
        own,
        missing,
        kind,
        kind == Feature.Rare.LISTED ? rare : rareMarks(rare),
        width);
  }

  /** Of rare values that are not all listed, those that usually mean a missing one are known. */
  private static List<String> rareMarks(List<String> rare) {
    MissingTexts usual = new MissingTexts(MissingTexts.USUAL);
    return rare.stream().filter(usual::hold).toList();
  }

  private static int width(FeatureSpec.Categorical spec, int trained) {
    return spec.width() > 0 ? spec.width() : FeatureSpec.Categorical.widthFor(trained);
  }

  /** Encoded numbers a row. */
  public int numbers() {
    return features.stream().mapToInt(Feature::numbers).sum();
  }

  /** The categorical features, in the order of their ids in an encoded row. */
  public List<Feature.Categorical> categories() {
    return features.stream()
        .filter(Feature.Categorical.class::isInstance)
        .map(Feature.Categorical.class::cast)
        .toList();
  }

  /**
   * Encodes one row.
   *
   * @param numbers overwritten from {@code n} on
   * @param ids overwritten from {@code c} on
   * @throws InvalidInput when a number is infinite or a vector has another length
   */
  public void encode(TableRow row, float[] numbers, int n, int[] ids, int c) {
    int number = n;
    int category = c;
    for (int i = 0; i < features.size(); i++) {
      Feature feature = features.get(i);
      if (feature instanceof Feature.Numeric numeric) {
        numeric.encode(row, i, numbers, number);
      } else if (feature instanceof Feature.Vector vector) {
        vector.encode(row, i, numbers, number);
      } else if (feature instanceof Feature.Categorical categorical) {
        ids[category++] = categorical.encode(row.text(i));
      }
      number += feature.numbers();
    }
  }

  /** Columns that no network can learn from, collected so that one message names them all. */
  private static final class Refusals {
    private final List<String> constant = new ArrayList<>();
    private final List<String> infinite = new ArrayList<>();
    private final List<String> wide = new ArrayList<>();
    private final List<String> nan = new ArrayList<>();

    boolean accept(String column, NumberStats stats, NotFinite notFinite) {
      long values = stats.present() + stats.missing() + stats.infinite();
      if (stats.infinite() > 0 && notFinite.infinity() == NotFinite.Treatment.REFUSE) {
        infinite.add("%s (%d of %d values)".formatted(column, stats.infinite(), values));
      } else if (stats.nan() > 0 && notFinite.nan() == NotFinite.Treatment.REFUSE) {
        nan.add("%s (%d of %d values)".formatted(column, stats.nan(), values));
      } else if (Double.isInfinite(stats.largest() - stats.smallest())) {
        wide.add("%s (from %s to %s)".formatted(column, stats.smallest(), stats.largest()));
      } else {
        return true;
      }
      return false;
    }

    void raise() {
      List<String> lines = new ArrayList<>();
      if (!infinite.isEmpty()) {
        lines.add(
            "a numeric column must be finite (or have infinity: missing), however: infinite are "
                + String.join(", ", infinite));
      }
      if (!nan.isEmpty()) {
        lines.add(
            "a numeric column must not have NaN (or have nan: missing), however: NaN are in "
                + String.join(", ", nan));
      }
      if (!wide.isEmpty()) {
        lines.add(
            "differences of a numeric column must fit 64 bits, however: "
                + String.join(", ", wide));
      }
      if (!constant.isEmpty()) {
        lines.add(
            "a feature must vary in the training rows, however: constant are "
                + String.join(", ", constant));
      }
      if (!lines.isEmpty()) {
        throw new InvalidInput(
            String.join("; ", lines) + " (leave such columns out with features.exclude)");
      }
    }
  }
}
