package org.alignment4j.api.evaluation;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a model gave for one sample.
 *
 * @param completions texts it generated, in order; empty when likelihoods answer
 * @param choiceScores likelihoods, one per choice; empty when texts answer
 * @param usage what it cost
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Answer(
    List<Completion> completions, List<ContinuationScore> choiceScores, Usage usage) {

  /** Checks that nothing is missing, and copies. */
  public Answer {
    completions = List.copyOf(completions);
    choiceScores = List.copyOf(choiceScores);
    Objects.requireNonNull(usage, "usage");
  }
}
