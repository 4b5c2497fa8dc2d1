package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;

/** By how much one model finds replies likelier than another, in nats. */
final class LikelihoodRatio {
  private static final int BATCH = 512;

  private final LikelihoodModel model;
  private final LikelihoodModel reference;
  private final CancellationToken cancellation;

  LikelihoodRatio(
      LikelihoodModel model, LikelihoodModel reference, CancellationToken cancellation) {
    this.model = model;
    this.reference = reference;
    this.cancellation = cancellation;
  }

  /**
   * What two models say of a reply, as means over prompts.
   *
   * @param ratio of the whole reply
   * @param restRatio of the reply without its first token
   * @param restLogProb its log-probability under the first model, without its first token
   */
  record Means(double ratio, double restRatio, double restLogProb) {
    Means plus(ContinuationScore own, ContinuationScore other, int prompts) {
      double rest = own.sum() - own.logProbs().get(0);
      double otherRest = other.sum() - other.logProbs().get(0);
      return new Means(
          ratio + (own.sum() - other.sum()) / prompts,
          restRatio + (rest - otherRest) / prompts,
          restLogProb + rest / prompts);
    }
  }

  /** For each reply; not finite where a model gives it no probability. */
  List<Means> means(List<Prompt> prompts, List<TokenIds> replies) {
    List<Continuation> continuations = new ArrayList<>();
    for (Prompt prompt : prompts) {
      for (TokenIds reply : replies) {
        continuations.add(Continuation.of(prompt, reply));
      }
    }
    Means[] means = new Means[replies.size()];
    Arrays.fill(means, new Means(0, 0, 0));
    for (int from = 0; from < continuations.size(); from += BATCH) {
      List<Continuation> batch =
          continuations.subList(from, Math.min(continuations.size(), from + BATCH));
      List<ContinuationScore> own = model.logProbabilities(batch, cancellation);
      List<ContinuationScore> other = reference.logProbabilities(batch, cancellation);
      for (int i = 0; i < batch.size(); i++) {
        int reply = (from + i) % means.length;
        means[reply] = means[reply].plus(own.get(i), other.get(i), prompts.size());
      }
    }
    return List.of(means);
  }

  /** The mean over prompts of a reply's log-probability per token under the first model. */
  double perToken(List<Prompt> prompts, TokenIds reply) {
    return model
        .logProbabilities(
            prompts.stream().map(prompt -> Continuation.of(prompt, reply)).toList(), cancellation)
        .stream()
        .mapToDouble(score -> score.sum() / reply.size())
        .average()
        .orElse(Double.NaN);
  }
}
