package io.lakeprop.spark;

import io.lakeprop.nn.Workspace;
import io.lakeprop.train.Objective;

/** The buffers of each task thread, kept from one round to the next. */
final class Workspaces {
  private record Owned(Objective objective, Workspace workspace) {}

  private static final ThreadLocal<Owned> OWN = new ThreadLocal<>();

  private Workspaces() {}

  /** This thread's workspace for an objective. */
  static Workspace of(Objective objective) {
    Owned owned = OWN.get();
    if (owned == null || !owned.objective().equals(objective)) {
      owned = new Owned(objective, objective.workspace());
      OWN.set(owned);
    }
    return owned.workspace();
  }
}
