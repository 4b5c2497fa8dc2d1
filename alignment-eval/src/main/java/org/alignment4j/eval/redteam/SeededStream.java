package org.alignment4j.eval.redteam;

import java.util.SplittableRandom;
import org.apiguardian.api.API;

/**
 * Random numbers that depend on a seed, a name and a step only, so that an attack that was
 * interrupted goes on as if it had not been. Pure functions.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SeededStream {

  private SeededStream() {}

  /** Returns the seed of a stream, from FNV-1a over its name. */
  public static long seed(long seed, String name, long step) {
    long hash = 0xcbf29ce484222325L ^ (seed * 0x9e3779b97f4a7c15L);
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ ((step + 1) * 0xbf58476d1ce4e5b9L);
  }

  /** Returns a stream. */
  public static SplittableRandom of(long seed, String name, long step) {
    return new SplittableRandom(seed(seed, name, step));
  }
}
