package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
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

  /** For each reply the mean over prompts; not finite where a model gives it no probability. */
  double[] means(List<Prompt> prompts, List<TokenIds> replies) {
    List<Continuation> continuations = new ArrayList<>();
    for (Prompt prompt : prompts) {
      for (TokenIds reply : replies) {
        continuations.add(Continuation.of(prompt, reply));
      }
    }
    double[] means = new double[replies.size()];
    for (int from = 0; from < continuations.size(); from += BATCH) {
      List<Continuation> batch =
          continuations.subList(from, Math.min(continuations.size(), from + BATCH));
      List<ContinuationScore> own = model.logProbabilities(batch, cancellation);
      List<ContinuationScore> other = reference.logProbabilities(batch, cancellation);
      for (int i = 0; i < batch.size(); i++) {
        means[(from + i) % means.length] +=
            (own.get(i).sum() - other.get(i).sum()) / prompts.size();
      }
    }
    return means;
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
