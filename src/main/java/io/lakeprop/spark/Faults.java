package io.lakeprop.spark;

import java.util.ArrayList;
import java.util.List;

/**
 * How often the cluster let a run down. None of it shows in the model.
 *
 * @param executorsLost that ended without being asked to
 * @param tasksFailed with an exception of their own; those of lost executors and those that were
 *     ended on purpose do not count
 * @param stagesRerun because results that they had left on an executor were gone
 * @param speculativeTasks copies of slow tasks that were done first
 */
public record Faults(int executorsLost, int tasksFailed, int stagesRerun, int speculativeTasks) {
  /** What happened, and nothing where nothing did. */
  public String words() {
    List<String> words = new ArrayList<>();
    add(words, executorsLost, "executor%s lost");
    add(words, tasksFailed, "failed task%s");
    add(words, stagesRerun, "stage%s run again");
    add(words, speculativeTasks, "faster cop%s of slow tasks");
    return String.join(", ", words);
  }

  private static void add(List<String> words, int count, String what) {
    if (count > 0) {
      boolean copies = what.contains("cop%s");
      words.add(
          count + " " + what.formatted(copies ? count == 1 ? "y" : "ies" : count == 1 ? "" : "s"));
    }
  }
}
