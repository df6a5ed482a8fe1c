package io.lakeprop.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pass over the training rows: a statistic for each numeric and vector feature, and for each
 * label.
 *
 * <p>Merging is associative and commutative to the bit. Categorical columns are counted apart, in
 * {@link ValueCounts}, because their size is not bounded.
 */
public final class FeatureStats {
  private final NumberStats[][] numbers;

  /** Of columns of plain numbers. */
  private final DistinctSample[] samples;

  private final long[] missingVectors;
  private final int[] shortest;
  private final int[] longest;
  private final LabelStats[] labels;
  private long rows;

  /** The empty statistic of these features and one label. */
  public FeatureStats(List<FeatureSpec> specs) {
    this(specs, 1);
  }

  /**
   * The empty statistic of these features; every row must be added with the same ones.
   *
   * @param labels a row
   */
  public FeatureStats(List<FeatureSpec> specs, int labels) {
    this.labels = new LabelStats[labels];
    Arrays.setAll(this.labels, label -> new LabelStats());
    this.numbers = new NumberStats[specs.size()][];
    this.samples = new DistinctSample[specs.size()];
    this.missingVectors = new long[specs.size()];
    this.shortest = new int[specs.size()];
    this.longest = new int[specs.size()];
    for (int i = 0; i < specs.size(); i++) {
      shortest[i] = Integer.MAX_VALUE;
      if (specs.get(i) instanceof FeatureSpec.Numeric numeric) {
        numbers[i] = new NumberStats[] {NumberStats.empty(numeric.scaling())};
        if (numeric.unit() == NumberUnit.PLAIN) {
          samples[i] = new DistinctSample();
        }
      }
    }
  }

  /**
   * Takes one row in.
   *
   * @param specs those of the constructor; not kept, so that the sums alone travel
   */
  public void add(List<FeatureSpec> specs, TableRow row) {
    rows++;
    for (int i = 0; i < specs.size(); i++) {
      FeatureSpec spec = specs.get(i);
      if (spec instanceof FeatureSpec.Numeric numeric) {
        double value = row.number(i);
        add(numbers[i][0], value, numeric.log(), Double.isNaN(value) && row.isNull(i));
        if (samples[i] != null && Double.isFinite(value)) {
          samples[i].add(value);
        }
      } else if (spec instanceof FeatureSpec.Vector vector) {
        addVector(i, vector, row);
      }
    }
  }

  /** Takes in a label of the same row, a class. */
  public void addLabel(int label, String ofClass, double rowWeight, double offset) {
    labels[label].add(ofClass, rowWeight, offset);
  }

  /** Takes in a label of the same row, a number; NaN when it is missing. */
  public void addLabel(int label, double number, double rowWeight, double offset) {
    labels[label].add(number, rowWeight, offset);
  }

  private static void add(NumberStats stats, double value, boolean log, boolean isNull) {
    if (isNull) {
      stats.addNull();
    } else {
      stats.add(log ? Feature.signedLog(value) : value);
    }
  }

  private void addVector(int i, FeatureSpec.Vector spec, TableRow row) {
    float[] values = row.vector(i);
    if (values == null) {
      missingVectors[i]++;
      return;
    }
    shortest[i] = Math.min(shortest[i], values.length);
    longest[i] = Math.max(longest[i], values.length);
    NumberStats[] own = elements(i, spec, values.length);
    BitSet nulls = Feature.nulls(values, row, i);
    for (int j = 0; j < values.length; j++) {
      add(
          own[spec.shared() ? 0 : Math.min(j, own.length - 1)],
          values[j],
          spec.log(),
          nulls.get(j));
    }
  }

  private NumberStats[] elements(int i, FeatureSpec.Vector spec, int length) {
    if (numbers[i] == null) {
      numbers[i] = new NumberStats[spec.shared() ? 1 : Math.max(1, length)];
      for (int j = 0; j < numbers[i].length; j++) {
        numbers[i][j] = NumberStats.empty(spec.scaling());
      }
    }
    return numbers[i];
  }

  /**
   * Vectors with an element whose values differ so little, for their size, that the 32 bits in
   * which elements are kept have fewer than {@code 2^10} numbers for them: the name of each and the
   * first such element.
   */
  public Map<String, Integer> coarse(List<FeatureSpec> specs) {
    Map<String, Integer> coarse = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i) instanceof FeatureSpec.Vector vector
          && !vector.log()
          && numbers[i] != null) {
        for (int j = numbers[i].length - 1; j >= 0; j--) {
          if (numbers[i][j].isCoarse()) {
            coarse.put(vector.name(), j);
          }
        }
      }
    }
    return coarse;
  }

  /** Takes the other pass in. */
  public FeatureStats merge(FeatureStats other) {
    rows += other.rows;
    for (int label = 0; label < labels.length; label++) {
      labels[label].merge(other.labels[label]);
    }
    for (int i = 0; i < numbers.length; i++) {
      if (samples[i] != null) {
        samples[i].merge(other.samples[i]);
      }
      missingVectors[i] += other.missingVectors[i];
      shortest[i] = Math.min(shortest[i], other.shortest[i]);
      longest[i] = Math.max(longest[i], other.longest[i]);
      if (other.numbers[i] != null) {
        if (numbers[i] == null) {
          numbers[i] = other.numbers[i];
        } else {
          for (int j = 0; j < Math.min(numbers[i].length, other.numbers[i].length); j++) {
            numbers[i][j].merge(other.numbers[i][j]);
          }
        }
      }
    }
    return this;
  }

  /** Training rows. */
  public long rows() {
    return rows;
  }

  /** What the rows say of a label. */
  public LabelStats label(int label) {
    return labels[label];
  }

  /** The statistic of a numeric feature, or of each element of a vector; null without a value. */
  NumberStats[] numbers(int feature) {
    return numbers[feature];
  }

  /** Whether the numbers of a numeric feature are all different; null of any other feature. */
  DistinctSample sample(int feature) {
    return samples[feature];
  }

  /**
   * Values of each column that are NaN or infinite, where there are any; those of the elements of a
   * vector together.
   *
   * @param specs those of the constructor
   */
  public Map<String, NotFiniteCounts> notFinite(List<FeatureSpec> specs) {
    Map<String, NotFiniteCounts> counts = new LinkedHashMap<>();
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != null) {
        long nan = Arrays.stream(numbers[i]).mapToLong(NumberStats::nan).sum();
        long infinite = Arrays.stream(numbers[i]).mapToLong(NumberStats::infinite).sum();
        if (nan + infinite > 0) {
          counts.put(specs.get(i).name(), new NotFiniteCounts(nan, infinite));
        }
      }
    }
    return counts;
  }

  /**
   * Numeric columns with a value that is {@code limit} or more away from 0.
   *
   * @param specs those of the constructor
   */
  public List<String> reaching(double limit, List<FeatureSpec> specs) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      if (specs.get(i) instanceof FeatureSpec.Numeric numeric) {
        double own = numeric.log() ? Feature.signedLog(limit) : limit;
        if (numbers[i][0].magnitude() >= own && numbers[i][0].present() > 0) {
          columns.add(numeric.name());
        }
      }
    }
    return columns;
  }

  /** Whether some vectors are there and some not, or of other lengths. */
  boolean varies(int feature) {
    return missingVectors[feature] > 0 || shortest[feature] != longest[feature];
  }

  long missingVectors(int feature) {
    return missingVectors[feature];
  }

  int shortest(int feature) {
    return shortest[feature];
  }

  int longest(int feature) {
    return longest[feature];
  }
}
