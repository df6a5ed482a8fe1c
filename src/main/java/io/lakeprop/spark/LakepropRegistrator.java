package io.lakeprop.spark;

import com.esotericsoftware.kryo.Kryo;
import io.lakeprop.data.AdaptiveHistogram;
import io.lakeprop.data.DistinctSample;
import io.lakeprop.data.EncodedRow;
import io.lakeprop.data.ExactSum;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.FrequentValues;
import io.lakeprop.data.LabelStats;
import io.lakeprop.data.NumberStats;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.data.RowStats;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.DevianceSum;
import io.lakeprop.eval.HeadsSum;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.QuantileSum;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.text.ColumnProfile;
import io.lakeprop.text.CsvState;
import io.lakeprop.text.DateTrait;
import io.lakeprop.text.NumberTrait;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.TreeSum;
import java.util.HashMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Every class of ours that Kryo writes: elements, shuffled rows, results, broadcasts. With {@code
 * spark.kryo.registrationRequired} a class that is forgotten here fails at once instead of carrying
 * its name in every record.
 */
public final class LakepropRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    Class<?>[] classes = {
      EncodedRow.class,
      PackedBlock.class,
      PackedBlock[].class,
      GradientSum.class,
      TreeSum.Node.class,
      TreeSum.Node[].class,
      ClassificationSum.class,
      RegressionSum.class,
      DevianceSum.class,
      QuantileSum.class,
      HeadsSum.class,
      MetricSum[].class,
      String[].class,
      TableStats.class,
      RowStats.class,
      RowStats[].class,
      ScoredRow.class,
      FeatureStats.class,
      FrequentValues.class,
      FrequentValues[].class,
      LabelStats.class,
      LabelStats[].class,
      HashMap.class,
      NumberStats.class,
      NumberStats[].class,
      NumberStats[][].class,
      ExactSum.class,
      AdaptiveHistogram.class,
      DistinctSample.class,
      DistinctSample[].class,
      int[][].class,
      Object[].class,
      CsvChunk.class,
      CsvChunk[].class,
      CsvFindings.class,
      CsvFirst.class,
      CsvState.class,
      JsonChunk.class,
      JsonChunk[].class,
      ColumnProfile.class,
      ColumnProfile[].class,
      NumberTrait.class,
      DateTrait.class,
      TreeMap.class,
      TreeSet.class
    };
    for (Class<?> type : classes) {
      kryo.register(type);
    }
  }
}
