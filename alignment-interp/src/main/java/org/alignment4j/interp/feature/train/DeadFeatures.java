package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.List;
import org.alignment4j.runtime.train.StateTensor;

/** For how many updates each feature has been zero at every row. Mutable. */
final class DeadFeatures {
  /** Counts above it would not be exact in a float; far beyond any window. */
  private static final float MOST = 1 << 24;

  private final float[] silent;
  private final int window;

  DeadFeatures(int width, int window) {
    this.silent = new float[width];
    this.window = window;
  }

  boolean[] dead() {
    boolean[] dead = new boolean[silent.length];
    for (int j = 0; j < dead.length; j++) {
      dead[j] = silent[j] > window;
    }
    return dead;
  }

  void update(long[] firings) {
    for (int j = 0; j < silent.length; j++) {
      silent[j] = firings[j] > 0 ? 0 : Math.min(silent[j] + 1, MOST);
    }
  }

  /** Gives a feature time to become active. */
  void revive(int feature) {
    silent[feature] = 0;
  }

  StateTensor tensor() {
    return new StateTensor("silent", List.of(FloatBuffer.wrap(silent)));
  }
}
