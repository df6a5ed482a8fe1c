package io.lakeprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.base.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
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

    /** Of one whose writer was interrupted at its end, so that there was nothing to lose yet. */
    default void unfinished(String name, String why) {
      checkpoint(name, why);
    }
  }

  /** The folder of a checkpoint. */
  public static String name(long round) {
    // Never in a default locale, whose digits may be others: no pattern would find the name again.
    return String.format(Locale.ROOT, "round-%09d", round);
  }

  private static String bestName(long round) {
    return String.format(Locale.ROOT, "best-%09d", round);
  }

  /**
   * Writes the best model of an evaluation, before the checkpoint that names it; leaves alone one
   * that is there already, which an older checkpoint may name.
   */
  public void writeBest(long round, Model best) throws IOException {
    String own = path(bestName(round));
    if (!SummedFolder.isThere(storage, own) || !isSame(own, best)) {
      ModelFiles.delete(storage, own);
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

  /**
   * Writes a checkpoint, whole or not at all.
   *
   * @throws InvalidInput when nobody could read it; nothing is written
   */
  public void write(Checkpoint checkpoint) throws IOException {
    Map<String, Storage.Content> files = new LinkedHashMap<>();
    String state =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(CheckpointJson.write(checkpoint))
            + "\n";
    CheckpointJson.read(STATE_FILE, state.getBytes(StandardCharsets.UTF_8));
    files.put(STATE_FILE, SummedFolder.text(state));
    files.put(JOB_FILE, SummedFolder.text(checkpoint.job()));
    checkpoint
        .state()
        .vectors()
        .forEach(
            (name, vector) ->
                files.put(name + VECTOR_SUFFIX, out -> VectorFile.write(name, vector, out)));
    SummedFolder.write(storage, path(name(checkpoint.round())), CheckpointFiles::isFile, files);
  }

  /**
   * Deletes all but the last checkpoints up to a round, and the best models that no checkpoint
   * names. Those of later rounds were left by a process that has been gone back over.
   *
   * @param round of the newest one, which was just written
   * @param keep how many stay
   * @throws IOException when the newest one cannot be read; nothing is deleted: neither what it may
   *     still be good for, nor those before it
   */
  public void prune(long round, int keep) throws IOException {
    CheckpointJson.State newest = newest(name(round));
    List<Long> all = rounds(CHECKPOINT, CheckpointFiles::name);
    Set<Long> stay = new TreeSet<>();
    Set<Long> named = new TreeSet<>();
    for (int i = all.size() - 1; i >= 0 && stay.size() < keep; i--) {
      long own = all.get(i);
      Optional<CheckpointJson.State> whole =
          own == round ? Optional.of(newest) : own < round ? readable(name(own)) : Optional.empty();
      if (whole.isPresent()) {
        stay.add(own);
        whole.get().best().ifPresent(named::add);
      }
    }
    for (long own : all) {
      if (!stay.contains(own)) {
        delete(own);
      }
    }
    for (long own : rounds(BEST, CheckpointFiles::bestName)) {
      if (!named.contains(own)) {
        ModelFiles.delete(storage, path(bestName(own)));
      }
    }
  }

  /** Deletes all checkpoints and best models; what else is in the folder stays. */
  public void deleteAll() throws IOException {
    for (long own : rounds(CHECKPOINT, CheckpointFiles::name)) {
      delete(own);
    }
    for (long own : rounds(BEST, CheckpointFiles::bestName)) {
      ModelFiles.delete(storage, path(bestName(own)));
    }
    storage.deleteEmpty(folder);
  }

  private void delete(long round) throws IOException {
    SummedFolder.delete(storage, path(name(round)), CheckpointFiles::isFile);
  }

  private CheckpointJson.State newest(String name) throws IOException {
    try {
      return read(name, open(name));
    } catch (InvalidInput e) {
      throw new IOException(
          "checkpoint %s must be readable once it is written, however: %s"
              .formatted(name, e.getMessage()),
          e);
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

  /**
   * The last checkpoint that is whole; {@code damaged} is told of later ones that are not.
   *
   * @throws InvalidInput when a later one is as its writer left it, which was another release:
   *     whoever went on from an earlier one would delete it in the end
   * @throws IOException when the files of a later one cannot be read, whatever they hold: this user
   *     may not ({@link NotReadable}), or a disk or store does not answer
   */
  public Optional<Found> last(Damaged damaged) throws IOException {
    for (String name : names()) {
      if (name.matches("round-\\p{Nd}{9,18}") && !CHECKPOINT.matcher(name).matches()) {
        damaged.checkpoint(name, "its name must have the digits 0 to 9 (rename it)");
      }
    }
    List<Long> rounds = rounds(CHECKPOINT, CheckpointFiles::name);
    for (int i = rounds.size() - 1; i >= 0; i--) {
      String name = name(rounds.get(i));
      if (!SummedFolder.isThere(storage, path(name))) {
        continue; // Its writer was interrupted: nothing is lost.
      }
      try {
        return Optional.of(found(name));
      } catch (InvalidInput | FileNotFoundException | NoSuchFileException e) {
        if (isOfAnotherRelease(name)) {
          throw new InvalidInput(
              "checkpoint %s must be readable by this release, however: it is whole, and %s (the release that wrote it can go on)"
                  .formatted(name, e.getMessage()),
              e);
        }
        if (SummedFolder.isTorn(storage, path(name))) {
          damaged.unfinished(name, e.getMessage());
        } else {
          damaged.checkpoint(name, e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  /** Of one that cannot be read: whether that is no damage. */
  private boolean isOfAnotherRelease(String name) throws IOException {
    Optional<byte[]> file = SummedFolder.intact(storage, path(name), STATE_FILE, LONGEST_TEXT);
    if (file.isEmpty()) {
      return false;
    }
    try {
      CheckpointJson.State state = CheckpointJson.read(STATE_FILE, file.get());
      open(name);
      return state.best().isPresent()
          && ModelFiles.isOfAnotherRelease(storage, path(bestName(state.best().getAsLong())));
    } catch (InvalidInput e) {
      return true;
    }
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

  /** Rounds of all folders that are named as a run names them, ascending. */
  private List<Long> rounds(Pattern kind, LongFunction<String> ownName) throws IOException {
    List<Long> rounds = new ArrayList<>();
    for (String name : names()) {
      Matcher matcher = kind.matcher(name);
      if (matcher.matches()) {
        long round = Long.parseLong(matcher.group(1));
        if (ownName.apply(round).equals(name)) {
          rounds.add(round);
        }
      }
    }
    return rounds.stream().sorted().toList();
  }

  private List<String> names() throws IOException {
    return storage.exists(folder) ? storage.list(folder) : List.of();
  }

  private String path(String name) {
    return folder + "/" + name;
  }
}
