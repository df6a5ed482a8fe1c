package io.lakeprop.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.LayerFigures;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundTimes;
import io.lakeprop.train.TrainingListener;
import io.lakeprop.train.Warning;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that a run leaves; the package's page says what is in it. Before each file that counts
 * the lock is looked at, and with each line of the rounds what its last beat saw: whoever has lost
 * the folder writes nothing over another's run.
 */
final class RunFolder implements TrainingListener, AutoCloseable {
  /** The job as resolved. */
  static final String JOB = "job.yaml";

  /** What came of the run. */
  static final String REPORT = "report.json";

  /** Written last. */
  static final String DONE = "DONE";

  /** The model's folder. */
  static final String MODEL = "model";

  /** What a run goes on from. */
  static final String CHECKPOINTS = "checkpoints";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext SIX_DIGITS = new MathContext(6);

  private final Storage storage;
  private final String path;
  private final RoundsLog rounds;
  private final RunLock lock;
  private final byte[] job;

  private RunFolder(Storage storage, String path, RoundsLog rounds, RunLock lock, byte[] job) {
    this.job = job;
    this.storage = storage;
    this.path = path;
    this.rounds = rounds;
    this.lock = lock;
  }

  /** What to do with an earlier run in the folder. */
  enum Earlier {
    REFUSE,
    REPLACE,
    RESUME,
    EXTEND
  }

  /** Whether the run in a folder came to its end. */
  static boolean isDone(Storage storage, String path) throws IOException {
    return storage.exists(path + "/" + DONE);
  }

  /** The job of a run, as resolved. */
  static String job(String path) {
    return path + "/" + JOB;
  }

  /** Rounds that a finished run has had; empty where its report does not tell. */
  static Optional<Long> rounds(Storage storage, String path) throws IOException {
    try (InputStream in = storage.open(path + "/" + REPORT)) {
      JsonNode rounds = JSON.readTree(in).path("rounds");
      return rounds.isIntegralNumber() ? Optional.of(rounds.asLong()) : Optional.empty();
    } catch (FileNotFoundException | NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The job of a run, read. */
  static Yaml.Mapping readJob(Storage storage, String path) throws IOException {
    try (InputStream in = storage.open(job(path))) {
      String text = new String(in.readNBytes(4 * Yaml.LONGEST), StandardCharsets.UTF_8);
      return Yaml.read(job(path), text);
    }
  }

  /** Where the checkpoints of a run are. */
  static String checkpoints(String path) {
    return path + "/" + CHECKPOINTS;
  }

  /**
   * Opens the folder after a round; before the first one in place of an earlier run. The mark comes
   * before all else and outlives an earlier run, whose own it may be: another one is written only
   * once nothing else of that run is there. So whatever the process dies of, what it leaves is
   * known for a run's.
   *
   * @param job as resolved
   * @param lock of this folder
   */
  static RunFolder open(Storage storage, String path, String job, long round, RunLock lock)
      throws IOException {
    lock.check();
    RunMark own = RunMark.own();
    Optional<RunMark> earlier = RunMark.read(storage, path);
    if (earlier.isEmpty()) {
      own.write(storage, path);
    }
    if (round == 0) {
      OutputFolder.of(storage, path).deleteRun();
      if (!earlier.orElse(own).equals(own)) {
        own.write(storage, path);
      }
    }
    storage.deleteFile(path + "/" + DONE);
    byte[] text = job.getBytes(StandardCharsets.UTF_8);
    storage.write(path + "/" + JOB, text);
    return new RunFolder(storage, path, new RoundsLog(storage, path, round), lock, text);
  }

  /**
   * Refuses to go on where another process has the folder, or had it while this one stood still and
   * took its lock away with it.
   */
  private void check() throws IOException {
    lock.check();
    if (isLeftByOthers()) {
      lock.lose();
      lock.checkLastBeat();
    }
  }

  /** Whether the lock was gone for a while, and the folder has what this process did not write. */
  private boolean isLeftByOthers() throws IOException {
    if (!lock.wasGone()) {
      return false;
    }
    if (storage.exists(path + "/" + DONE)) {
      return true;
    }
    try {
      return !Arrays.equals(job, storage.read(path + "/" + JOB, 1L + job.length));
    } catch (InvalidInput e) {
      return true; // It is longer.
    } catch (FileNotFoundException | NoSuchFileException e) {
      return false;
    }
  }

  /** The lines of the rounds. */
  RoundsLog log() {
    return rounds;
  }

  /** Makes the log safe up to a round, before a checkpoint of it; see {@link RoundsLog}. */
  Closeable checkpoint(long round) throws IOException {
    check();
    return rounds.checkpoint(round);
  }

  @Override
  public void round(RoundReport report) {
    ObjectNode line = JSON.createObjectNode();
    line.put("round", report.round() + 1).put("epoch", report.epoch() + 1);
    put(line, "loss", report.loss());
    put(line, "gradient_norm", report.gradientNorm());
    report.clipped().ifPresent(clipped -> line.put("clipped", clipped));
    line.put("learning_rate", report.learningRate()).put("rows", report.rows());
    RoundTimes times = report.times();
    line.put("seconds", times.total() * 1e-9).put("compute_seconds", times.compute() * 1e-9);
    line.put("step_seconds", times.optimizer() * 1e-9);
    report.setback().ifPresent(setback -> line.put("non_finite", Section.name(setback.done())));
    layers(line, report.layers());
    append(line);
  }

  @Override
  public void evaluation(EvaluationReport report) {
    ObjectNode line = JSON.createObjectNode();
    line.put("round", report.round()).put("epoch", report.epoch());
    put(line.putObject("validation"), report.metrics(), report.reasons());
    line.put("best", report.best());
    if (!report.reasons().isEmpty()) {
      ObjectNode undefined = line.putObject("undefined");
      report.reasons().forEach(undefined::put);
    }
    append(line);
  }

  @Override
  public void warning(Warning warning) {
    append(json(warning));
  }

  /** A warning as files have it. */
  static ObjectNode json(Warning warning) {
    ObjectNode json = JSON.createObjectNode();
    json.put("round", warning.round() + 1).put("warning", Section.name(warning.kind()));
    ArrayNode layers = json.putArray("layers");
    warning.layers().forEach(layers::add);
    return json.put("text", warning.text());
  }

  private static void layers(ObjectNode line, LayerFigures figures) {
    if (figures.learnt().isEmpty() && figures.units().isEmpty()) {
      return;
    }
    ObjectNode layers = line.putObject("layers");
    for (LayerFigures.Learnt layer : figures.learnt()) {
      ObjectNode json = layers.putObject(layer.layer());
      put(json, "gradient_norm", rounded(layer.gradientNorm()));
      put(json, "update_ratio", rounded(layer.updateRatio()));
    }
    for (LayerFigures.Units layer : figures.units()) {
      String key = layer.counters().saturates() ? "saturated" : "dead";
      put(layers.putObject(layer.counters().layer()), key, rounded(layer.share()));
    }
  }

  private static double rounded(double value) {
    return Double.isFinite(value) ? new BigDecimal(value, SIX_DIGITS).doubleValue() : value;
  }

  private void append(ObjectNode line) {
    lock.checkLastBeat();
    try {
      rounds.append(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Writes the model, in the place of that of a training that this one extends. */
  void write(Model model) throws IOException {
    check();
    ModelFiles.delete(storage, path + "/" + MODEL);
    ModelFiles.write(storage, path + "/" + MODEL, model);
  }

  /** Writes the report, then DONE: nothing comes after it. */
  void finish(ObjectNode report) throws IOException {
    check();
    rounds.join();
    write(REPORT, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    write(DONE, "");
  }

  /** Numbers that are not finite become null: JSON has no word for them, nor for what is not. */
  static void put(ObjectNode json, Map<String, Double> metrics, Map<String, String> reasons) {
    metrics.forEach((name, value) -> put(json, name, value));
    reasons.keySet().forEach(json::putNull);
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }

  private void write(String name, String text) throws IOException {
    storage.write(path + "/" + name, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    // Closing puts lines where stores of objects have another process's by now.
    if (!lock.isLost() && !isLeftByOthers()) {
      rounds.close();
    }
  }
}
