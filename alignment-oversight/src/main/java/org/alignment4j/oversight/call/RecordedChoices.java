package org.alignment4j.oversight.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.journal.RequestKey;
import org.jspecify.annotations.Nullable;

/** A model held to given replies whose verdicts are kept and booked under a role. */
final class RecordedChoices implements ChoiceModel {
  private final RecordedCalls calls;
  private final String role;
  private final ChoiceModel model;

  RecordedChoices(RecordedCalls calls, String role, ChoiceModel model) {
    this.calls = calls;
    this.role = role;
    this.model = Objects.requireNonNull(model, "model");
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    @Nullable ChoiceDistribution[] answers = new @Nullable ChoiceDistribution[requests.size()];
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      answers[i] = recall(requests.get(i)).orElse(null);
      if (answers[i] == null) {
        asked.add(i);
      } else {
        calls.countKnown();
      }
    }
    if (!asked.isEmpty()) {
      List<ChoiceRequest> missing = asked.stream().map(requests::get).toList();
      List<ChoiceDistribution> fresh = ask(missing, cancellation);
      for (int i = 0; i < fresh.size(); i++) {
        answers[asked.get(i)] = keep(missing.get(i), fresh.get(i));
      }
    }
    return List.of(Arrays.copyOf(answers, answers.length));
  }

  private List<ChoiceDistribution> ask(
      List<ChoiceRequest> missing, CancellationToken cancellation) {
    Booking booking = new Booking(calls, role, missing.size());
    try {
      List<ChoiceDistribution> fresh = model.choose(missing, cancellation);
      fresh.forEach(answer -> booking.answered(answer.usage()));
      return fresh;
    } finally {
      booking.restFailed();
    }
  }

  private Optional<ChoiceDistribution> recall(ChoiceRequest request) {
    return calls
        .store()
        .get(key(request))
        .map(call -> ChoiceFields.decode(CompletionMemory.part(call, "distribution")));
  }

  private ChoiceDistribution keep(ChoiceRequest request, ChoiceDistribution answer) {
    Map<String, @Nullable Object> call = new LinkedHashMap<>();
    call.put("role", role);
    call.put("request", plain(request));
    call.put("distribution", ChoiceFields.encode(answer));
    call.put("seconds", CompletionMemory.seconds(answer.usage()));
    call.put("cost", calls.price(role, answer.usage()));
    return calls.store().put(key(request), call) ? answer : recall(request).orElse(answer);
  }

  private ContentHash key(ChoiceRequest request) {
    return PlainJson.key(Map.of("role", role, "choice", plain(request)));
  }

  private Map<String, Object> plain(ChoiceRequest request) {
    return Map.of(
        "model", id(),
        "prompt", RequestKey.plain(request.prompt()),
        "choices", request.choices(),
        "ended", request.ended());
  }
}
