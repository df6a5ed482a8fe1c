package io.lakeprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.base.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The checkpoints of a run, written and read; the format is on the package's page. */
public final class CheckpointFiles {
  private static final String STATE_FILE = "state.json";
  private static final String JOB_FILE = "job.yaml";
  private static final String VECTOR_SUFFIX = ".safetensors";
  private static final Pattern CHECKPOINT = Pattern.compile("round-([0-9]{9,18})");
  private static final Pattern BEST = Pattern.compile("best-([0-9]{9,18})");

  /** A line a column of a table with very many, or a job with all variables filled in. */
  private static final int LONGEST_TEXT = 1 << 24;

  private static final ObjectMapper JSON = StrictJson.mapper();

  private final Storage storage;
  private final String folder;

  /**
   * @param folder of all checkpoints of a run
   */
  public CheckpointFiles(Storage storage, String folder) {
    this.storage = storage;
    this.folder = folder;
  }

  /**
   * A checkpoint as it was read.
   *
   * @param name of its folder
   * @param best the best model so far
   */
  public record Found(String name, Checkpoint checkpoint, Optional<Model> best) {}

  /** Told of what cannot be used. */
  @FunctionalInterface
  public interface Damaged {
    void checkpoint(String name, String why);
  }

  /** The folder of a checkpoint. */
  public static String name(long round) {
    return "round-%09d".formatted(round);
  }

  private static String bestName(long round) {
    return "best-%09d".formatted(round);
  }

  /**
   * Writes the best model of an evaluation, before the checkpoint that names it; leaves alone one
   * that is there already, which an older checkpoint may name.
   */
  public void writeBest(long round, Model best) throws IOException {
    String own = path(bestName(round));
    if (!SummedFolder.isThere(storage, own) || !isSame(own, best)) {
      SummedFolder.delete(storage, own);
      ModelFiles.write(storage, own, best);
    }
  }

  private boolean isSame(String folder, Model best) throws IOException {
    try {
      return Arrays.equals(ModelFiles.read(storage, folder).theta(), best.theta());
    } catch (InvalidInput e) {
      return false; // Damaged.
    }
  }

  /** Writes a checkpoint, whole or not at all. */
  public void write(Checkpoint checkpoint) throws IOException {
    Map<String, Storage.Content> files = new LinkedHashMap<>();
    String state =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(CheckpointJson.write(checkpoint));
    files.put(STATE_FILE, SummedFolder.text(state + "\n"));
    files.put(JOB_FILE, SummedFolder.text(checkpoint.job()));
    checkpoint
        .state()
        .vectors()
        .forEach(
            (name, vector) ->
                files.put(name + VECTOR_SUFFIX, out -> VectorFile.write(name, vector, out)));
    SummedFolder.write(storage, path(name(checkpoint.round())), files);
  }

  /**
   * Deletes all but the last checkpoints up to a round, and the best models that no checkpoint
   * names. Those of later rounds were left by a process that has been gone back over.
   *
   * @param round of the newest one, which is whole
   * @param keep how many stay
   */
  public void prune(long round, int keep) throws IOException {
    List<Long> all = rounds(CHECKPOINT);
    Set<Long> stay = new TreeSet<>();
    Set<Long> named = new TreeSet<>();
    for (int i = all.size() - 1; i >= 0 && stay.size() < keep; i--) {
      Optional<CheckpointJson.State> whole =
          all.get(i) <= round ? readable(name(all.get(i))) : Optional.empty();
      if (whole.isPresent()) {
        stay.add(all.get(i));
        whole.get().best().ifPresent(named::add);
      }
    }
    for (long own : all) {
      if (!stay.contains(own)) {
        SummedFolder.delete(storage, path(name(own)));
      }
    }
    for (long own : rounds(BEST)) {
      if (!named.contains(own)) {
        SummedFolder.delete(storage, path(bestName(own)));
      }
    }
  }

  /** What a writer that was interrupted has left, or a disk has damaged, is of no use. */
  private Optional<CheckpointJson.State> readable(String name) throws IOException {
    try {
      return Optional.of(read(name, open(name)));
    } catch (InvalidInput e) {
      return Optional.empty();
    }
  }

  /** The last checkpoint that is whole; {@code damaged} is told of later ones that are not. */
  public Optional<Found> last(Damaged damaged) throws IOException {
    List<Long> rounds = rounds(CHECKPOINT);
    for (int i = rounds.size() - 1; i >= 0; i--) {
      String name = name(rounds.get(i));
      if (!SummedFolder.isThere(storage, path(name))) {
        continue; // Its writer was interrupted: nothing is lost.
      }
      try {
        return Optional.of(found(name));
      } catch (InvalidInput | FileNotFoundException e) {
        damaged.checkpoint(name, e.getMessage());
      }
    }
    return Optional.empty();
  }

  private Found found(String name) throws IOException {
    SummedFolder files = open(name);
    CheckpointJson.State state = read(name, files);
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (Map.Entry<String, Integer> vector : state.vectors().entrySet()) {
      int length = vector.getValue();
      String file = vector.getKey() + VECTOR_SUFFIX;
      byte[] bytes = files.read(file, Safetensors.longest(length));
      vectors.put(
          vector.getKey(), VectorFile.read(files.path(file), vector.getKey(), length, bytes));
    }
    String job = new String(files.read(JOB_FILE, LONGEST_TEXT), StandardCharsets.UTF_8);
    Optional<Model> best =
        state.best().isPresent()
            ? Optional.of(ModelFiles.read(storage, path(bestName(state.best().getAsLong()))))
            : Optional.empty();
    return new Found(name, state.checkpoint(vectors, job), best);
  }

  private static CheckpointJson.State read(String name, SummedFolder files) throws IOException {
    String where = files.path(STATE_FILE);
    CheckpointJson.State state = CheckpointJson.read(where, files.read(STATE_FILE, LONGEST_TEXT));
    if (!name(state.round()).equals(name)) {
      throw new InvalidInput(
          "%s must be of its folder's round, however: round=%d".formatted(where, state.round()));
    }
    return state;
  }

  private SummedFolder open(String name) throws IOException {
    return SummedFolder.open(storage, path(name), "a checkpoint", CheckpointFiles::isFile);
  }

  private static boolean isFile(String name) {
    boolean isVector =
        name.endsWith(VECTOR_SUFFIX)
            && CheckpointJson.isVector(name.substring(0, name.length() - VECTOR_SUFFIX.length()));
    return isVector || name.equals(STATE_FILE) || name.equals(JOB_FILE);
  }

  /** Rounds of all folders of a kind, ascending. */
  private List<Long> rounds(Pattern kind) throws IOException {
    List<Long> rounds = new ArrayList<>();
    if (storage.exists(folder)) {
      for (String name : storage.list(folder)) {
        Matcher matcher = kind.matcher(name);
        if (matcher.matches()) {
          rounds.add(Long.valueOf(matcher.group(1)));
        }
      }
    }
    return rounds.stream().sorted().toList();
  }

  private String path(String name) {
    return folder + "/" + name;
  }
}
