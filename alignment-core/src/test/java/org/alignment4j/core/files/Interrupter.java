package org.alignment4j.core.files;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Interrupts the thread that creates it again and again until it is closed. */
final class Interrupter implements AutoCloseable {

  private static final long PAUSE_NANOS = 200_000;

  private final AtomicInteger interrupts = new AtomicInteger();
  private final Thread thread;
  private volatile boolean stopped;

  Interrupter() {
    Thread target = Thread.currentThread();
    thread =
        new Thread(
            () -> {
              while (!stopped) {
                target.interrupt();
                interrupts.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
              }
            },
            "interrupter");
    thread.start();
  }

  int interrupts() {
    return interrupts.get();
  }

  /** Stops it and clears the interrupt flag. */
  @Override
  public void close() {
    stopped = true;
    boolean joined = false;
    while (!joined) {
      try {
        thread.join();
        joined = true;
      } catch (InterruptedException e) {
        continue; // one of its own
      }
    }
    Thread.interrupted();
  }
}
