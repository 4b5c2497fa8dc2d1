package org.alignment4j.runtime.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frees several things though freeing some of them fails. */
final class Releases {

  private Releases() {}

  /** Takes every step, in order; the first failure is thrown at the end, with later ones in it. */
  static void all(List<Runnable> steps) {
    @Nullable RuntimeException failure = null;
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
