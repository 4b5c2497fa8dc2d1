package org.alignment4j.oversight.call;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.core.journal.RequestKey;

/** A model whose scores of continuations are kept and booked under a role. */
final class RecordedLikelihoods implements LikelihoodModel {
  private final LikelihoodModel model;
  private final AnswerMemory<Continuation, ContinuationScore> memory;

  RecordedLikelihoods(RecordedCalls calls, String role, LikelihoodModel model) {
    this.model = Objects.requireNonNull(model, "model");
    this.memory =
        new AnswerMemory<>(
            calls,
            role,
            "likelihood",
            "score",
            continuation -> plain(model.id(), continuation),
            ScoreFields::encode,
            ScoreFields::decode,
            ContinuationScore::usage);
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    return memory.answers(continuations, missing -> model.logProbabilities(missing, cancellation));
  }

  private static Map<String, Object> plain(String model, Continuation continuation) {
    Object text =
        continuation instanceof Continuation.OfText given
            ? given.text()
            : ScoreFields.ids(((Continuation.OfTokens) continuation).tokens());
    return Map.of(
        "model", model, "prompt", RequestKey.plain(continuation.prompt()), "continuation", text);
  }
}
