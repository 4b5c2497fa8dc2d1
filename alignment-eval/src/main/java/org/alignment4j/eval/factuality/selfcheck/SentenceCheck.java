package org.alignment4j.eval.factuality.selfcheck;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * Compares sentences with samples: {@link NgramCheck}, {@link EntailmentCheck}, {@link
 * PromptCheck}. Implementations are safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface SentenceCheck {

  /**
   * Returns the name of its metric.
   *
   * @return such as {@code unigram_max}
   */
  String name();

  /**
   * Returns what tells this check from others, by which results are filed: two that could score
   * differently never share it.
   *
   * @return the identity, never empty
   */
  String id();

  /**
   * Scores sentences.
   *
   * @param passages any number; may be empty
   * @param cancellation asks to stop at the next call
   * @return for each passage the scores of its sentences, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  List<List<SentenceScore>> check(List<SampledPassage> passages, CancellationToken cancellation);
}
