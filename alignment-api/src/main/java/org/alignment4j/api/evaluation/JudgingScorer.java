package org.alignment4j.api.evaluation;

import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A scorer that asks models of its own, whose tokens and cost count: it tells a meter what each of
 * their calls costs. An evaluation that keeps what is finished keeps an answer before such a scorer
 * sees it, so that a judge that fails does not make the model be asked again. Safe for concurrent
 * calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface JudgingScorer extends Scorer {

  /** The role of a model that judges answers. */
  String JUDGE = "judge";

  @Override
  Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation);

  /**
   * Returns the identities of the models that judge answers: none of them may be asked to judge its
   * own.
   *
   * @return see {@link org.alignment4j.api.model.Model#id}; empty when none judges or they are not
   *     known
   */
  default Set<String> judges() {
    return Set.of();
  }

  /**
   * Returns this scorer with judges of its own, such as one that is a lambda.
   *
   * @param identities of the models that judge
   * @return the same scores
   */
  default JudgingScorer judgedBy(Set<String> identities) {
    JudgingScorer scorer = this;
    Set<String> known = Set.copyOf(identities);
    return new JudgingScorer() {
      @Override
      public Map<String, Score> score(
          Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
        return scorer.score(sample, answer, meter, cancellation);
      }

      @Override
      public Set<String> judges() {
        return known;
      }
    };
  }

  @Override
  default Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    return score(sample, answer, UsageMeter.none(), cancellation);
  }
}
