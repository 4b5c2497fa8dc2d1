package org.alignment4j.oversight.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.journal.RequestKey;
import org.jspecify.annotations.Nullable;

/** A model whose scores of continuations are kept and booked under a role. */
final class RecordedLikelihoods implements LikelihoodModel {
  private final RecordedCalls calls;
  private final String role;
  private final LikelihoodModel model;

  RecordedLikelihoods(RecordedCalls calls, String role, LikelihoodModel model) {
    this.calls = calls;
    this.role = role;
    this.model = Objects.requireNonNull(model, "model");
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    @Nullable ContinuationScore[] answers = new @Nullable ContinuationScore[continuations.size()];
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      answers[i] = recall(continuations.get(i)).orElse(null);
      if (answers[i] == null) {
        asked.add(i);
      } else {
        calls.countKnown();
      }
    }
    if (!asked.isEmpty()) {
      List<Continuation> missing = new ArrayList<>();
      asked.forEach(i -> missing.add(continuations.get(i)));
      List<ContinuationScore> fresh = ask(missing, cancellation);
      for (int i = 0; i < fresh.size(); i++) {
        answers[asked.get(i)] = keep(missing.get(i), fresh.get(i));
      }
    }
    return List.of(Arrays.copyOf(answers, answers.length));
  }

  private List<ContinuationScore> ask(List<Continuation> missing, CancellationToken cancellation) {
    Booking booking = new Booking(calls, role, missing.size());
    try {
      List<ContinuationScore> fresh = model.logProbabilities(missing, cancellation);
      fresh.forEach(score -> booking.answered(score.usage()));
      return fresh;
    } finally {
      booking.restFailed();
    }
  }

  private Optional<ContinuationScore> recall(Continuation continuation) {
    return calls
        .store()
        .get(key(continuation))
        .map(call -> ScoreFields.decode(CompletionMemory.part(call, "score")));
  }

  private ContinuationScore keep(Continuation continuation, ContinuationScore score) {
    Map<String, @Nullable Object> call = new LinkedHashMap<>();
    call.put("role", role);
    call.put("request", plain(continuation));
    call.put("score", ScoreFields.encode(score));
    call.put("seconds", CompletionMemory.seconds(score.usage()));
    call.put("cost", calls.price(role, score.usage()));
    return calls.store().put(key(continuation), call) ? score : recall(continuation).orElse(score);
  }

  private ContentHash key(Continuation continuation) {
    return PlainJson.key(Map.of("role", role, "likelihood", plain(continuation)));
  }

  private Map<String, Object> plain(Continuation continuation) {
    Object text =
        continuation instanceof Continuation.OfText given
            ? given.text()
            : ScoreFields.ids(((Continuation.OfTokens) continuation).tokens());
    return Map.of(
        "model", id(), "prompt", RequestKey.plain(continuation.prompt()), "continuation", text);
  }
}
