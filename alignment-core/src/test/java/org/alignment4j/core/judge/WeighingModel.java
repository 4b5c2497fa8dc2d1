package org.alignment4j.core.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;

/** Gives each choice the probability, among all replies, that a function says. */
final class WeighingModel implements ChoiceModel {
  private final ToDoubleBiFunction<Prompt.Chat, String> probability;
  final List<ChoiceRequest> asked = new ArrayList<>();

  WeighingModel(ToDoubleBiFunction<Prompt.Chat, String> probability) {
    this.probability = probability;
  }

  String text(int request) {
    StringBuilder text = new StringBuilder();
    ((Prompt.Chat) asked.get(request).prompt())
        .messages()
        .forEach(message -> text.append(message.content()).append('\n'));
    return text.toString();
  }

  @Override
  public String id() {
    return "weighing";
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    List<ChoiceDistribution> distributions = new ArrayList<>();
    for (ChoiceRequest request : requests) {
      asked.add(request);
      Prompt.Chat chat = (Prompt.Chat) request.prompt();
      double mass =
          request.choices().stream().mapToDouble(c -> probability.applyAsDouble(chat, c)).sum();
      List<ChoiceProbability> choices = new ArrayList<>();
      for (String choice : request.choices()) {
        double own = probability.applyAsDouble(chat, choice);
        choices.add(new ChoiceProbability(choice, own / mass, Math.log(own), TokenIds.of(1), 1));
      }
      distributions.add(
          new ChoiceDistribution(choices, 0.01, Usage.ofScoring(10, 2, Duration.ZERO)));
    }
    return distributions;
  }
}
