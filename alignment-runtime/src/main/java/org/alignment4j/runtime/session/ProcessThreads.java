package org.alignment4j.runtime.session;

import java.util.Optional;

/**
 * How many threads the process's ONNX Runtime has, and the one warning for who wants another
 * number. Thread-safe.
 */
final class ProcessThreads {

  private static final int UNKNOWN = 0;

  private int threads = UNKNOWN;
  private boolean warned;

  /** Remembers the number the environment was created with. */
  synchronized void created(int number) {
    threads = number;
  }

  /** What to log when a runtime asks for a number the environment does not have; once. */
  synchronized Optional<String> warningFor(int wanted) {
    if (wanted == threads || warned) {
      return Optional.empty();
    }
    warned = true;
    return Optional.of(
        "runtimes of a process share their threads: "
            + wanted
            + " were asked for but the first runtime has "
            + (threads == UNKNOWN ? "a number chosen outside this library" : threads)
            + "; ask for the same number everywhere, or for yours first");
  }
}
