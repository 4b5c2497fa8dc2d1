package org.alignment4j.oversight;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;

/** A model that weighs choices by a rule and remembers what it was asked. */
public final class ScriptedChoices implements ChoiceModel {
  private final Rule rule;
  private final List<String> prompts = new CopyOnWriteArrayList<>();

  /** Gives each choice its probability among all replies. */
  @FunctionalInterface
  public interface Rule {
    double[] probabilities(String prompt, List<String> choices);
  }

  public ScriptedChoices(Rule rule) {
    this.rule = rule;
  }

  public List<String> prompts() {
    return prompts;
  }

  @Override
  public String id() {
    return "scripted choices";
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    List<ChoiceDistribution> distributions = new ArrayList<>();
    for (ChoiceRequest request : requests) {
      StringBuilder text = new StringBuilder();
      for (Message message : ((Prompt.Chat) request.prompt()).messages()) {
        text.append(message.content()).append('\n');
      }
      prompts.add(text.toString());
      double[] weights = rule.probabilities(text.toString(), request.choices());
      double mass = 0;
      for (double weight : weights) {
        mass += weight;
      }
      List<ChoiceProbability> choices = new ArrayList<>();
      for (int i = 0; i < weights.length; i++) {
        choices.add(
            new ChoiceProbability(
                request.choices().get(i),
                weights[i] / mass,
                Math.log(weights[i]),
                TokenIds.empty(),
                1));
      }
      distributions.add(
          new ChoiceDistribution(choices, 0, new Usage(1, 8, 0, 0, 1, 0, Duration.ZERO)));
    }
    return distributions;
  }
}
