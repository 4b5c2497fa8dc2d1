package org.alignment4j.api.model;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A model that can say how likely a given continuation is. Chat endpoints rarely can, so this is a
 * type of its own. Implementations are immutable and safe for concurrent calls.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface LikelihoodModel extends Model {

  /**
   * Scores every continuation. Continuations that share a prompt may share its computation; the
   * result does not depend on the grouping beyond rounding (1e-5).
   *
   * @param continuations what to score; may be empty
   * @param cancellation asks to stop at the next batch
   * @return one score per continuation, in order
   * @throws IllegalArgumentException when a continuation does not fit this model's context or
   *     vocabulary
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation);

  /**
   * Scores every continuation.
   *
   * @param continuations what to score; may be empty
   * @return one score per continuation, in order
   * @throws IllegalArgumentException when a continuation does not fit this model's context or
   *     vocabulary
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default List<ContinuationScore> logProbabilities(List<? extends Continuation> continuations) {
    return logProbabilities(continuations, CancellationToken.none());
  }

  /**
   * Scores one continuation.
   *
   * @param prompt what comes before
   * @param continuation what follows, not empty
   * @return the score
   * @throws IllegalArgumentException when the continuation is empty or does not fit this model
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default ContinuationScore logProbabilities(Prompt prompt, String continuation) {
    return logProbabilities(List.of(Continuation.of(prompt, continuation))).get(0);
  }
}
