package org.alignment4j.rlhf;

import org.alignment4j.api.ModelExecutionException;
import org.jspecify.annotations.Nullable;

/** Closes several things though closing some of them fails. */
final class Closing {

  private Closing() {}

  /** Closes all, in order; the first failure is thrown at the end, with later ones in it. */
  static void all(AutoCloseable... parts) {
    @Nullable Throwable failure = null;
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception | Error e) {
        if (failure == null) {
          failure = e;
        } else if (failure != e) {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure != null) {
      throw new ModelExecutionException(
          "not all could be closed: " + failure.getMessage(), failure);
    }
  }
}
