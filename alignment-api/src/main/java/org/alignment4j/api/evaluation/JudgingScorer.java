package org.alignment4j.api.evaluation;

import java.util.Map;
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

  @Override
  default Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    return score(sample, answer, UsageMeter.none(), cancellation);
  }
}
