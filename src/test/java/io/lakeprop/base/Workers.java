package io.lakeprop.base;

import java.util.concurrent.ForkJoinPool;

/** Runs work that shares itself out over a pool of so many threads, whatever the machine has. */
public final class Workers {
  private Workers() {}

  public static void run(int threads, Runnable work) {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      pool.submit(work).join();
    } finally {
      pool.shutdown();
    }
  }
}
