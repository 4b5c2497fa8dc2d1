package org.alignment4j.api.oversight;

import org.apiguardian.api.API;

/**
 * A way to answer questions that a weak overseer could not answer alone: a question in, an outcome
 * with its transcript out. Immutable and safe for concurrent runs.
 *
 * @param <Q> the questions
 * @param <V> the results, such as {@link Verdict}
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface OversightProtocol<Q, V> {

  /**
   * Runs the protocol on one question.
   *
   * @param question what to answer
   * @param context seed, budget, progress and cancellation
   * @return the result and how it came about
   * @throws org.alignment4j.api.BudgetExceededException when the budget ends before there is any
   *     result
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  Outcome<V> run(Q question, OversightContext context);
}
