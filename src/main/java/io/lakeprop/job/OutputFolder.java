package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder in which a run is to be, as it is before: new, a run's, or somebody's, of which nothing
 * is touched.
 *
 * <p>A folder is a run's by its {@link RunMark} and by nothing else: other programs have files of a
 * run's other names, empty ones, too. The mark is whole before anything else of a run is there.
 *
 * @param names of all that it holds, but for the lock
 * @param others names that no run gives
 */
record OutputFolder(Storage storage, String path, List<String> names, List<String> others) {
  /** What a run writes, besides its logs of rounds. */
  private static final Set<String> OURS =
      Set.of(
          RunMark.FILE,
          RunFolder.JOB,
          RunFolder.REPORT,
          RunFolder.DONE,
          RunFolder.MODEL,
          RunFolder.CHECKPOINTS);

  private static final int SHOWN = 3;

  /** Looks at a folder, which may not be there yet. */
  static OutputFolder of(Storage storage, String path) throws IOException {
    if (!storage.exists(path)) {
      return new OutputFolder(storage, path, List.of(), List.of());
    }
    List<String> all = storage.list(path);
    // To Hadoop, a file is a folder of itself.
    if (all.size() == 1
        && all.get(0).equals(HadoopStorage.path(path).getName())
        && !storage.exists(path + "/" + all.get(0))) {
      throw new InvalidInput("output %s must be a folder, however: it is a file".formatted(path));
    }
    List<String> names = all.stream().filter(name -> !name.equals(RunLock.FILE)).toList();
    return new OutputFolder(
        storage, path, names, names.stream().filter(name -> !isOurs(name)).toList());
  }

  /** Whether a name in a run's folder is one that a run gives, its lock's among them. */
  static boolean isOfRun(String name) {
    return isOurs(name) || name.equals(RunLock.FILE);
  }

  private static boolean isOurs(String name) {
    return OURS.contains(name) || RoundsLog.isOne(name);
  }

  /**
   * Refuses a folder that is not new and no run's, and one with a run that is not to be touched.
   */
  void check(RunFolder.Earlier earlier) throws IOException {
    Places.behindLink(HadoopStorage.path(path));
    checkNoLink(RunLock.FILE);
    boolean isNew = isAsNew();
    if (!isNew && RunMark.read(storage, path).isEmpty()) {
      throw notARun();
    }
    checkLinks(earlier);
    if (!isNew && earlier == RunFolder.Earlier.REFUSE) {
      throw new InvalidInput(
          "output %s must not exist, however: it holds a run (--resume goes on with it, --overwrite replaces it)"
              .formatted(path));
    }
  }

  /** No run made what a link in its folder leads to; only its checkpoints may be moved so. */
  private void checkLinks(RunFolder.Earlier earlier) {
    boolean goesOn = earlier != RunFolder.Earlier.REPLACE;
    for (String name : names) {
      if (isOurs(name) && !(goesOn && name.equals(RunFolder.CHECKPOINTS))) {
        checkNoLink(name);
      }
    }
  }

  private void checkNoLink(String name) {
    if (Places.isLink(HadoopStorage.path(path + "/" + name))) {
      throw new InvalidInput(
          "output %s must hold the files of a run themselves, however: %s is a link (name another folder)"
              .formatted(path, name));
    }
  }

  /** Whether nothing is there but what a process leaves that dies before its mark is whole. */
  private boolean isAsNew() throws IOException {
    boolean begun = names.equals(List.of(RunMark.FILE)) && RunMark.isTorn(storage, path);
    return (names.isEmpty() || begun)
        && (!storage.exists(path + "/" + RunLock.FILE) || RunLock.isOne(storage, path));
  }

  private InvalidInput notARun() {
    List<String> shown =
        !others.isEmpty() ? others : !names.isEmpty() ? names : List.of(RunLock.FILE);
    return new InvalidInput(
        "output %s must be a new folder or an earlier run, however: it holds %s%s, and no file RUN of a run (name another folder)"
            .formatted(
                path,
                String.join(", ", shown.subList(0, Math.min(SHOWN, shown.size()))),
                shown.size() > SHOWN ? ", ..." : ""));
  }

  /** Deletes an earlier run: what a run has written, by its names, and nothing else. */
  void deleteRun() throws IOException {
    for (String name : names) {
      switch (name) {
        case RunFolder.MODEL -> ModelFiles.delete(storage, path + "/" + name);
        case RunFolder.CHECKPOINTS -> new CheckpointFiles(storage, path + "/" + name).deleteAll();
        case RunFolder.REPORT, RunFolder.DONE -> storage.deleteFile(path + "/" + name);
        default -> {
          if (RoundsLog.isOne(name)) {
            storage.deleteFile(path + "/" + name);
          }
        }
      }
    }
    storage.deleteFile(path + "/" + RunFolder.JOB);
  }

  /** What stays beside the run, in words; empty when it is all the run's. */
  Optional<String> kept() {
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "left as it is in %s: %s"
                .formatted(
                    path, String.join(", ", others.subList(0, Math.min(SHOWN, others.size())))));
  }
}
