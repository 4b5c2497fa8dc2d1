package org.alignment4j.benchmarks;

/**
 * Tells when a thread first was in a method, by a look at its stack every few milliseconds: where
 * work goes on that offers no place to take the time from.
 */
final class EntryWatch {

  private static final long EVERY_MILLIS = 4;

  private final Thread watched;
  private final String type;
  private final String method;
  private final Thread watcher;
  private volatile boolean ended;
  private volatile long entered;

  private EntryWatch(Thread watched, Class<?> type, String method) {
    this.watched = watched;
    this.type = type.getName();
    this.method = method;
    this.watcher = new Thread(this::watch, "entry-watch");
    watcher.setDaemon(true);
  }

  /** Watches the present thread until it has entered the method. */
  static EntryWatch start(Class<?> type, String method) {
    EntryWatch watch = new EntryWatch(Thread.currentThread(), type, method);
    watch.watcher.start();
    return watch;
  }

  private void watch() {
    try {
      while (!ended) {
        for (StackTraceElement frame : watched.getStackTrace()) {
          if (frame.getClassName().equals(type) && frame.getMethodName().equals(method)) {
            entered = System.nanoTime();
            return;
          }
        }
        Thread.sleep(EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the watch.
   *
   * @return when the method was entered, as {@link System#nanoTime} tells
   * @throws IllegalStateException if it was not seen there
   */
  long end() {
    ended = true;
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (entered == 0) {
      throw new IllegalStateException(
          "the thread must be in "
              + type
              + "."
              + method
              + " for some milliseconds to be seen there but was not; measure a larger case");
    }
    return entered;
  }
}
