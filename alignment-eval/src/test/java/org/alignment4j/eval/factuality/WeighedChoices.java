package org.alignment4j.eval.factuality;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;

/** A model that gives the first choice the probability that a function of the prompt says. */
public final class WeighedChoices implements ChoiceModel {

  private final ToDoubleFunction<String> first;
  private final List<ChoiceRequest> asked = new ArrayList<>();

  /** Creates a model. */
  public WeighedChoices(ToDoubleFunction<String> first) {
    this.first = first;
  }

  /** What it was asked. */
  public List<ChoiceRequest> asked() {
    return asked;
  }

  @Override
  public String id() {
    return "choices";
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    asked.addAll(requests);
    List<ChoiceDistribution> distributions = new ArrayList<>();
    for (ChoiceRequest request : requests) {
      double p = first.applyAsDouble(TextModel.text(request.prompt()));
      double rest = (1 - p) / Math.max(1, request.choices().size() - 1);
      List<ChoiceProbability> choices = new ArrayList<>();
      for (String choice : request.choices()) {
        double own = choices.isEmpty() ? p : rest;
        choices.add(
            new ChoiceProbability(choice, own, Math.log(own), TokenIds.of(choices.size()), 1));
      }
      distributions.add(
          new ChoiceDistribution(choices, 0, Usage.ofScoring(20, 1, Duration.ofMillis(1))));
    }
    return distributions;
  }
}
