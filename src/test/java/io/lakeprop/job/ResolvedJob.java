package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.nn.Loss;
import io.lakeprop.train.ClassWeights;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a job resolves to, without the words of its file.
 *
 * @param job whose file is empty
 * @param loss of labels that suit it
 * @param weights of the classes of an only label
 */
record ResolvedJob(Job job, Loss loss, ClassWeights weights) {
  private static final Yaml.Mapping EMPTY = new Yaml.Mapping("", new LinkedHashMap<>());

  /** Two values at the same place of two jobs. */
  record Difference(Object ours, Object theirs) {
    /** Whether ours says that there is nothing, or that the data will say. */
    boolean isOpen() {
      return (ours instanceof Optional<?> optional && optional.isEmpty())
          || (ours instanceof OptionalInt number && number.isEmpty())
          || (ours instanceof OptionalLong number && number.isEmpty())
          || (ours instanceof Collection<?> all && all.isEmpty())
          || (ours instanceof Map<?, ?> map && map.isEmpty())
          || ours.getClass().getSimpleName().equals("None")
          || (ours instanceof Enum<?> constant && constant.name().equals("AUTO"))
          || ours.equals("") // The words of a network whose width the rows decide.
          || ours.equals(0); // The width of an embedding that its values decide.
    }
  }

  static ResolvedJob of(Yaml.Mapping yaml) {
    Job job = JobReader.read(yaml);
    Job plain =
        new Job(
            job.output(),
            job.seed(),
            job.data(),
            job.heads(),
            job.architecture(),
            job.training(),
            job.optimizer(),
            job.compute(),
            EMPTY);
    return bound(plain, job.heads());
  }

  private static ResolvedJob bound(Job job, HeadSettings heads) {
    List<LabelEncoder> labels = new ArrayList<>();
    List<List<Long>> rows = new ArrayList<>();
    for (HeadSettings.Head head : heads.heads()) {
      boolean number = head.loss().type().filter(type -> !type.ofClasses()).isPresent();
      labels.add(
          number
              ? new LabelEncoder.Quantity("y", 0, 3, head.loss().range())
              : new LabelEncoder.Classes("y", "STRING", List.of("a", "b")));
      rows.add(number ? List.of() : List.of(3L, 1L));
    }
    return new ResolvedJob(job, heads.loss(labels, rows), heads.classWeights(labels, rows));
  }

  /** The same in all that a training sees. */
  boolean trainsAs(ResolvedJob other) {
    return job.equals(other.job)
        || (sameButHeads(other) && loss.equals(other.loss) && weights.equals(other.weights));
  }

  private boolean sameButHeads(ResolvedJob other) {
    return differences(job, other.job).stream()
        .allMatch(difference -> difference.place().startsWith("Job.heads"));
  }

  List<Difference> differences(ResolvedJob other) {
    return differences(job, other.job).stream().map(Placed::difference).toList();
  }

  /** A difference, and the record components on the way to it. */
  private record Placed(String place, Difference difference) {}

  private static List<Placed> differences(Object ours, Object theirs) {
    List<Placed> found = new ArrayList<>();
    collect("Job", ours, theirs, found);
    return found;
  }

  private static void collect(String place, Object ours, Object theirs, List<Placed> found) {
    if (ours.equals(theirs)) {
      return;
    }
    if (ours instanceof Record && ours.getClass() == theirs.getClass()) {
      for (RecordComponent component : ours.getClass().getRecordComponents()) {
        collect(
            place + "." + component.getName(),
            component(component, ours),
            component(component, theirs),
            found);
      }
    } else if (ours instanceof List<?> a && theirs instanceof List<?> b && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        collect(place, a.get(i), b.get(i), found);
      }
    } else {
      found.add(new Placed(place, new Difference(ours, theirs)));
    }
  }

  private static Object component(RecordComponent component, Object of) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** The job, or why there is none. */
  static Optional<ResolvedJob> attempt(Yaml.Mapping yaml) {
    try {
      return Optional.of(of(yaml));
    } catch (InvalidInput refusal) {
      return Optional.empty();
    }
  }
}
