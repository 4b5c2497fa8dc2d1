package org.alignment4j.interp.head;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * The loss of the second copy of random tokens, which only induction can make small (Olsson et al.
 * 2022). Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InductionLoss {

  private InductionLoss() {}

  /**
   * The mean over sequences of the cross-entropy, in nats a token, of the second copy but its first
   * token, which nothing announces. A model that cannot copy has about the logarithm of its
   * vocabulary's size or more.
   *
   * @param model any model that scores tokens, changed ones included
   * @param sequences what it reads; usually 384 tokens twice where its context allows
   * @param cancellation asks to stop
   * @return the mean with its interval over sequences
   * @throws IllegalArgumentException if the model cannot read a sequence
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static Estimate of(
      LikelihoodModel model, RepeatedSequences sequences, CancellationToken cancellation) {
    int known = sequences.prefix().size() + sequences.period() + 1;
    List<Continuation> continuations = new ArrayList<>();
    for (TokenIds tokens : sequences.sequences()) {
      continuations.add(
          Continuation.of(
              Prompt.tokens(tokens.slice(0, known)), tokens.slice(known, tokens.size())));
    }
    List<ContinuationScore> scores = model.logProbabilities(continuations, cancellation);
    return Estimates.mean(scores.stream().mapToDouble(s -> loss(s.logProbs())).toArray());
  }

  private static double loss(LogProbs logProbs) {
    return -logProbs.sum() / logProbs.size();
  }
}
