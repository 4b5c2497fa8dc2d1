package org.alignment4j.oversight.call;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.core.journal.RequestKey;

/** A model held to given replies whose verdicts are kept and booked under a role. */
final class RecordedChoices implements ChoiceModel {
  private final ChoiceModel model;
  private final AnswerMemory<ChoiceRequest, ChoiceDistribution> memory;

  RecordedChoices(RecordedCalls calls, String role, ChoiceModel model) {
    this.model = Objects.requireNonNull(model, "model");
    this.memory =
        new AnswerMemory<>(
            calls,
            role,
            "choice",
            "distribution",
            request -> plain(model.id(), request),
            ChoiceFields::encode,
            ChoiceFields::decode,
            ChoiceDistribution::usage);
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    return memory.answers(requests, missing -> model.choose(missing, cancellation));
  }

  private static Map<String, Object> plain(String model, ChoiceRequest request) {
    return Map.of(
        "model", model,
        "prompt", RequestKey.plain(request.prompt()),
        "choices", request.choices(),
        "ended", request.ended());
  }
}
