package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Clock;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.Storage;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The one time that it is for a job's SQL: the key {@code clock}, or when the job was first read.
 * The job as resolved has it, so that the run can be resumed or made again on another day.
 */
final class RunClock {
  private static final String KEY = "clock";
  private static final String ZONE = "time_zone";

  /** Where a clock stands that no file says. */
  private static final String OF_THIS_RUN = "the clock of this run";

  private final Yaml.Mapping resolved;
  private final Clock clock;

  private RunClock(Yaml.Mapping resolved, Clock clock) {
    this.resolved = resolved;
    this.clock = clock;
  }

  static RunClock read(Section root, Yaml.Mapping resolved) {
    String zone = root.made(ZONE, () -> zone(root.text(ZONE, TableMeaning.UTC)));
    Optional<String> text = root.text(KEY);
    Instant now = text.isEmpty() ? Instant.now() : root.made(KEY, () -> instant(text.get()));
    return new RunClock(resolved, new Clock(now, zone));
  }

  private static String zone(String text) {
    try {
      return ZoneId.of(text).getId();
    } catch (DateTimeException e) {
      throw new InvalidInput(
          "time_zone must be a zone such as UTC or Europe/Berlin, however: " + text, e);
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new InvalidInput(
          "clock must be a time such as 2026-01-31T12:00:00Z, however: " + text, e);
    }
  }

  /** The zone of the session. */
  String zone() {
    return clock.zone();
  }

  /** A table whose SQL asks this clock, which the job as resolved then names. */
  TableSpec in(TableSpec spec) {
    if (!clock.isAskedBy(spec)) {
      return spec;
    }
    if (!isThere(resolved.entries().get(KEY))) {
      String now = clock.now().toString();
      resolved.entries().put(KEY, new Yaml.Scalar(OF_THIS_RUN, now, Optional.of(now)));
    }
    return spec.at(clock);
  }

  /** Whether a job says a time: null is none. */
  private static boolean isThere(Yaml time) {
    return time instanceof Yaml.Scalar scalar && scalar.value().isPresent();
  }

  /**
   * The job with the clock of the run that it goes on with, where its file names none.
   *
   * @param folder of the run
   */
  static Job ofRun(Job job, Storage storage, String folder) throws IOException {
    Yaml own = job.resolved().entries().get(KEY);
    if (own == null || !own.where().equals(OF_THIS_RUN)) {
      return job;
    }
    Optional<Yaml> kept = ofJob(storage, folder);
    kept = kept.isPresent() ? kept : ofCheckpoint(storage, folder);
    if (kept.isEmpty()) {
      return job;
    }
    job.resolved().entries().put(KEY, kept.get());
    return JobReader.read(job.resolved());
  }

  private static Optional<Yaml> ofJob(Storage storage, String folder) throws IOException {
    try {
      return storage.exists(RunFolder.job(folder))
          ? of(RunFolder.readJob(storage, folder))
          : Optional.empty();
    } catch (InvalidInput e) {
      return Optional.empty(); // Whoever wrote it was killed; a checkpoint has it whole.
    }
  }

  private static Optional<Yaml> ofCheckpoint(Storage storage, String folder) throws IOException {
    String checkpoints = RunFolder.checkpoints(folder);
    return new CheckpointFiles(storage, checkpoints)
        .last((name, why) -> {})
        .flatMap(found -> of(Yaml.read(checkpoints, found.checkpoint().job())));
  }

  private static Optional<Yaml> of(Yaml.Mapping job) {
    return Optional.ofNullable(job.entries().get(KEY)).filter(RunClock::isThere);
  }
}
