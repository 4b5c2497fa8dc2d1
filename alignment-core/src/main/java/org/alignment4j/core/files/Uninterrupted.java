package org.alignment4j.core.files;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import org.apiguardian.api.API;

/**
 * Lets work on a {@link FileChannel} end although its thread is interrupted. An interrupt closes a
 * channel in the middle of whatever it does; here the work is begun anew, and the thread is
 * interrupted again afterwards. Stateless and thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Uninterrupted {

  private Uninterrupted() {}

  /**
   * Work with files.
   *
   * @param <T> what it returns
   */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Does it from the beginning, in the same way each time it is called.
     *
     * @return the result
     * @throws IOException when it fails
     */
    T run() throws IOException;
  }

  /**
   * Does work until no interrupt comes in between.
   *
   * @param work what may be done repeatedly; it opens anew a channel that an interrupt closed
   * @param <T> what it returns
   * @return its result
   * @throws IOException when it fails for another reason than an interrupt
   */
  public static <T> T call(Work<T> work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return work.run();
        } catch (ClosedByInterruptException e) {
          Thread.interrupted(); // clears the flag, with which every channel would close again
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
