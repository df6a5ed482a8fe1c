package io.lakeprop.base;

import java.util.Collection;
import java.util.Optional;

/** How far a misspelt name is from the one that was meant. */
public final class EditDistance {
  private static final int FARTHEST_GUESS = 3;

  private EditDistance() {}

  /** The nearest of the names to a word, where one is so near that it may have been meant. */
  public static Optional<String> nearest(String word, Collection<String> names) {
    // Of a short word half may be wrong, and no more: "a" is not a misspelt "xyz".
    return nearest(word, names, (word.length() + 1) / 2);
  }

  /**
   * The same.
   *
   * @param farthest edits from the word to a name that may have been meant, at most 3
   */
  public static Optional<String> nearest(String word, Collection<String> names, int farthest) {
    String best = null;
    int distance = Math.min(FARTHEST_GUESS, farthest) + 1;
    for (String name : names) {
      // Words from files may be very long, and names of another length are not near.
      boolean possible = Math.abs(word.length() - name.length()) < distance;
      int own = name.equalsIgnoreCase(word) ? 0 : possible ? of(word, name) : distance;
      if (own < distance) {
        best = name;
        distance = own;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Insertions, deletions, replacements and swaps of neighbours from one word to the other. */
  public static int of(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + same, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
