package org.alignment4j.oversight.agent;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import org.apiguardian.api.API;

/**
 * Seeds of calls, from what a call is and never from the order in which calls happen. Pure
 * functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CallSeed {
  private CallSeed() {}

  /**
   * Returns the seed of a call.
   *
   * @param seed the protocol's seed for the question
   * @param role who calls
   * @param round when, from 0
   * @param attempt which attempt, from 0
   */
  public static long of(long seed, String role, int round, int attempt) {
    return Hashing.sha256()
        .newHasher()
        .putLong(seed)
        .putInt(round)
        .putInt(attempt)
        .putString(role, StandardCharsets.UTF_8)
        .hash()
        .asLong();
  }

  /** Returns the seed of a part of a run, such as a question by its id. */
  public static long part(long seed, String name) {
    return of(seed, name, -1, -1);
  }
}
