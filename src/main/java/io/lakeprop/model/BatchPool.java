package io.lakeprop.model;

import io.lakeprop.nn.Kernel;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Batches of one row that wait for the next thread.
 *
 * <p>Nobody waits for a batch: a thread that finds none makes its own. At most {@link #places} are
 * kept, four a processor: a prediction never blocks, so no more threads than processors are in one
 * at a time, virtual or not, but for those that the system has put aside.
 */
final class BatchPool {
  private final Model model;
  private final Kernel kernel;
  private final AtomicReferenceArray<Batch> waiting;

  BatchPool(Model model, Kernel kernel) {
    this.model = model;
    this.kernel = kernel;
    this.waiting = new AtomicReferenceArray<>(places());
  }

  private static int places() {
    return Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
  }

  /** A batch that no other thread has until it is given back. */
  Batch take() {
    int first = first();
    for (int i = 0; i < waiting.length(); i++) {
      int place = (first + i) % waiting.length();
      if (waiting.getPlain(place) != null) {
        Batch batch = waiting.getAndSet(place, null);
        if (batch != null) {
          return batch;
        }
      }
    }
    return new Batch(model, 1, kernel);
  }

  /** Keeps a batch, unless all places are taken. */
  void giveBack(Batch batch) {
    batch.release();
    int first = first();
    for (int i = 0; i < waiting.length(); i++) {
      int place = (first + i) % waiting.length();
      if (waiting.getPlain(place) == null && waiting.compareAndSet(place, null, batch)) {
        return;
      }
    }
  }

  /** Batches that wait. */
  int kept() {
    int kept = 0;
    for (int i = 0; i < waiting.length(); i++) {
      kept += waiting.get(i) == null ? 0 : 1;
    }
    return kept;
  }

  /**
   * A thread begins its search where it left its last batch, whose bytes its core may still have.
   */
  private int first() {
    return (int) (Thread.currentThread().getId() % waiting.length());
  }
}
