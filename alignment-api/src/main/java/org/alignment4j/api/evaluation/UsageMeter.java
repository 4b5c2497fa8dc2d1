package org.alignment4j.api.evaluation;

import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * Is told what calls of models cost, when they cost it: what was paid before a later call fails is
 * paid all the same. Safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface UsageMeter {

  /**
   * Adds what a call cost.
   *
   * @param role what the called model is there for, such as {@link JudgingScorer#JUDGE}
   * @param usage what the call cost
   */
  void add(String role, Usage usage);

  /**
   * Returns whether scoring that fails for a passing reason is tried again as a whole. When it is
   * not, a scorer of several calls should give what the others came to, and a failed score for the
   * one that failed.
   *
   * @return true unless this is the last attempt
   */
  default boolean triesAgain() {
    return true;
  }

  /**
   * Returns a meter that forgets.
   *
   * @return the meter
   */
  static UsageMeter none() {
    return (role, usage) -> {};
  }
}
