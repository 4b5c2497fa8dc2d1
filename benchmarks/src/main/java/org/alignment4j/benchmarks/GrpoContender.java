package org.alignment4j.benchmarks;

/**
 * One way to make iterations of GRPO; used by one thread. All contenders of a case begin with the
 * same weights and learn from the same completions, those that this library's training sampled:
 * what the others sample costs them its time and is forgotten.
 */
interface GrpoContender extends AutoCloseable {

  /** What tables call it. */
  String name();

  /**
   * Makes one iteration.
   *
   * @param given what is scored and learned from
   */
  GrpoIteration iterate(GrpoTokens given);

  @Override
  void close();
}
