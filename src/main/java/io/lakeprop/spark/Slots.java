package io.lakeprop.spark;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * Who holds the cluster's task slots between two calls: resident tasks do, and must leave before
 * any other job asks for slots, or that job would wait for ever.
 */
final class Slots {
  /** Tasks that can run at once, with the executors of now. */
  static int of(JavaSparkContext context) {
    return context
        .sc()
        .maxNumConcurrentTasks(context.sc().resourceProfileManager().defaultResourceProfile());
  }

  private Runnable leave = () -> {};

  /** Takes the slots; {@code leave} gives them back when somebody else needs them. */
  synchronized void take(Runnable nextLeave) {
    free();
    leave = nextLeave;
  }

  /** Has whoever holds the slots give them back, and waits for it. */
  synchronized void free() {
    Runnable last = leave;
    leave = () -> {};
    last.run();
  }
}
