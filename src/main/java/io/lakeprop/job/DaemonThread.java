package io.lakeprop.job;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep the process alive. */
record DaemonThread(String name) implements ThreadFactory {
  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
