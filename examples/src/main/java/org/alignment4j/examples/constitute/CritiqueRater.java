package org.alignment4j.examples.constitute;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.oversight.constitution.Bounds;
import org.alignment4j.oversight.constitution.PairLabel;
import org.alignment4j.oversight.constitution.PairRater;

/**
 * Labels by the log-probabilities of critiques: {@code σ(logit f₁ − logit f₂)}, where f is the
 * probability that the critique of an answer finds it fine, of the critiques that there are. Each
 * answer is weighed alone, so that there is no order to be swayed by. Nothing is sampled.
 *
 * @param supervisor weighs the critiques
 */
record CritiqueRater(LikelihoodModel supervisor) implements PairRater {
  private static final double MIN_MASS = 0.5;

  /** Compares; there is no label where the critiques have less than half of the mass. */
  @Override
  public PairLabel rate(Comparison comparison, String principle, OversightContext context) {
    List<Continuation> critiques = new ArrayList<>();
    for (String answer : List.of(comparison.first(), comparison.second())) {
      Prompt prompt = SupervisorPrompts.critique(comparison.prompt(), answer, principle);
      WorldPrinciple.CRITIQUES.forEach(begin -> critiques.add(Continuation.of(prompt, begin)));
    }
    List<ContinuationScore> scores = supervisor.logProbabilities(critiques, context.cancellation());
    int kinds = WorldPrinciple.CRITIQUES.size();
    OptionalDouble label =
        label(fine(scores.subList(0, kinds)), fine(scores.subList(kinds, 2 * kinds)));
    Usage usage = scores.stream().map(ContinuationScore::usage).reduce(Usage.NONE, Usage::plus);
    return new PairLabel(label, label, Bounds.NONE, usage);
  }

  private static OptionalDouble fine(List<ContinuationScore> critiques) {
    double fine = Math.exp(critiques.get(0).sum());
    double mass = critiques.stream().mapToDouble(score -> Math.exp(score.sum())).sum();
    return mass < MIN_MASS ? OptionalDouble.empty() : OptionalDouble.of(fine / mass);
  }

  /** The probability that the first answer is better; empty when one was not weighed. */
  static OptionalDouble label(OptionalDouble first, OptionalDouble second) {
    if (first.isEmpty() || second.isEmpty()) {
      return OptionalDouble.empty();
    }
    double better = first.getAsDouble() * (1 - second.getAsDouble());
    double worse = second.getAsDouble() * (1 - first.getAsDouble());
    return OptionalDouble.of(better + worse == 0 ? 0.5 : better / (better + worse));
  }
}
