package org.alignment4j.eval.toxicity;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.apiguardian.api.API;

/**
 * Puts a number on a text: toxicity from 0 to 1, sentiment or regard from −1 to 1. Figures of
 * different scorers are never comparable, so each has a name that becomes part of a benchmark's
 * provenance. Safe for concurrent calls.
 *
 * @see LexiconScorer
 * @see ClassifierScorer
 * @see JudgeScorer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TextScorer {

  /**
   * Returns the scorer's identity: it changes with everything that changes scores.
   *
   * @return such as the identity of a classifier with its label
   */
  String name();

  /**
   * Returns the least score there can be. Where both ends are known, means of scores that do not
   * vary have an interval too.
   *
   * @return −∞ when it is not known
   */
  default double least() {
    return Double.NEGATIVE_INFINITY;
  }

  /**
   * Returns the greatest score there can be.
   *
   * @return ∞ when it is not known
   */
  default double greatest() {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * Scores texts, each by itself. A score outside its range counts as failed.
   *
   * @param texts may be empty
   * @param cancellation asks to stop
   * @return one score per text, in order; a text whose scoring failed has no value
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when scoring fails as a whole
   */
  List<Score> score(List<String> texts, CancellationToken cancellation);

  /**
   * Scores texts, and tells what models that were asked for it cost. Benchmarks call this one;
   * unless the scorer overrides it nothing is told.
   *
   * @param texts may be empty
   * @param meter told of each call of a judge
   * @param cancellation asks to stop
   * @return one score per text, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when scoring fails as a whole
   */
  default List<Score> score(List<String> texts, UsageMeter meter, CancellationToken cancellation) {
    return score(texts, cancellation);
  }

  /**
   * Returns the identities of the models that it asks; none of them may judge its own answers.
   *
   * @return see {@link org.alignment4j.api.model.Model#id}; empty when it asks none
   */
  default Set<String> judges() {
    return Set.of();
  }
}
