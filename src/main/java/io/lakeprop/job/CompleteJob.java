package io.lakeprop.job;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.spark.TablePaths;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.ClassWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The job as resolved: every key with its value, whether the job says it, a default does or the
 * data, and tables by their whole paths, so that the file trains the same model from any folder.
 */
final class CompleteJob {
  private static final String PATH = "path";
  private static final String CLASS_WEIGHTS = "class_weights";
  private static final List<String> TABLES = List.of("table", "validation", "test");

  private CompleteJob() {}

  /**
   * @param hadoop by which paths without a scheme are read
   */
  static Yaml.Mapping of(PreparedJob prepared, Configuration hadoop) throws IOException {
    Job job = prepared.job();
    TrainingData data = prepared.data();
    Yaml.Mapping resolved = job.resolved();
    ClassWeights weights = prepared.objective().classWeights();
    if (!weights.weights().isEmpty()
        && JobDifference.leftToData(resolved).contains(JobDifference.CLASS_WEIGHTS)) {
      Yaml.Mapping loss = (Yaml.Mapping) resolved.entries().get("loss");
      loss.entries().put(CLASS_WEIGHTS, byClass(data.labels().get(0), weights));
    }
    ByLabel.fill(resolved, job.heads(), data.labels());
    JobTree.set(resolved, "training.batch=" + data.batching().batch());
    JobTree.set(resolved, "training.slices=" + data.batching().slices());
    if (data.rows(Split.VALIDATION) > 0) {
      long every = job.training().evaluateEvery().orElse(data.plan().roundsPerEpoch());
      JobTree.set(resolved, "training.evaluate_every_rounds=" + every);
      put(resolved, "training", "monitor", prepared.monitor().key());
    }
    Yaml.Mapping complete = JobReader.complete(resolved);
    for (String table : TABLES) {
      if (complete.entries().get(table) instanceof Yaml.Mapping map
          && !Yaml.isNull(map.entries().get(PATH))) {
        map.entries().put(PATH, whole(map.entries().get(PATH), hadoop));
      }
    }
    return complete;
  }

  private static void put(Yaml.Mapping job, String section, String key, String text) {
    ((Yaml.Mapping) job.entries().get(section))
        .entries()
        .put(key, new Yaml.Scalar(section, text, Optional.of(text)));
  }

  private static Yaml byClass(LabelEncoder label, ClassWeights classWeights) {
    LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
    for (String value : ((LabelEncoder.Classes) label).values()) {
      // The shortest decimal of a float32 reads back to the same bits.
      String weight = Float.toString(classWeights.of(entries.size()));
      entries.put(
          value, new Yaml.Scalar(CLASS_WEIGHTS, weight, Optional.of(Double.valueOf(weight))));
    }
    return new Yaml.Mapping(CLASS_WEIGHTS, entries);
  }

  /** A path, or each of several, from the root of its file system. */
  private static Yaml whole(Yaml path, Configuration hadoop) throws IOException {
    if (path instanceof Yaml.Sequence several) {
      List<Yaml> all = new ArrayList<>();
      for (Yaml one : several.elements()) {
        all.add(whole(one, hadoop));
      }
      return new Yaml.Sequence(several.where(), all);
    }
    Yaml.Scalar given = (Yaml.Scalar) path;
    String text = TablePaths.whole(given.text(), hadoop);
    return new Yaml.Scalar(given.where(), text, Optional.of(text), given.source());
  }
}
