package org.alignment4j.examples.conformance;

import java.util.List;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;

/** Log-probabilities of given tokens. */
final class Scores {

  private final LikelihoodModel model;

  Scores(LikelihoodModel model) {
    this.model = model;
  }

  /** Log-probability of each token but the first given all before it. */
  double[] ofTail(int[] tokens) {
    TokenIds ids = TokenIds.of(tokens);
    Continuation tail = Continuation.of(Prompt.tokens(ids.slice(0, 1)), ids.slice(1, ids.size()));
    List<ContinuationScore> scores = model.logProbabilities(List.of(tail));
    return scores.get(0).logProbs().toArray();
  }
}
