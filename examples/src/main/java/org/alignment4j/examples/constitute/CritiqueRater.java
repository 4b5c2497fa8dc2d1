package org.alignment4j.examples.constitute;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.core.judge.SoftVerdict;
import org.alignment4j.oversight.constitution.Bounds;
import org.alignment4j.oversight.constitution.PairLabel;
import org.alignment4j.oversight.constitution.PairRater;

/**
 * Labels by the probabilities of critiques: {@code σ(logit f₁ − logit f₂)}, where f is the
 * probability that the critique of an answer finds it fine, of the critiques that there are. Each
 * answer is weighed alone, so that there is no order to be swayed by.
 *
 * @param judge weighs the critiques
 */
record CritiqueRater(SoftJudgeModel judge) implements PairRater {
  private static final double MIN_MASS = 0.5;

  /** Returns a rater that gives no label where the critiques have less than half of the mass. */
  static CritiqueRater of(ChoiceModel model) {
    return new CritiqueRater(SoftJudgeModel.of(model).withMinMass(MIN_MASS));
  }

  @Override
  public PairLabel rate(Comparison comparison, String principle, OversightContext context) {
    List<Judgement<SoftVerdict>> verdicts =
        judge.ask(
            List.of(
                SupervisorPrompts.critique(comparison.prompt(), comparison.first(), principle),
                SupervisorPrompts.critique(comparison.prompt(), comparison.second(), principle)),
            WorldPrinciple.CRITIQUES,
            context.cancellation());
    OptionalDouble label = label(fine(verdicts.get(0)), fine(verdicts.get(1)));
    return new PairLabel(
        label, label, Bounds.NONE, verdicts.get(0).usage().plus(verdicts.get(1).usage()));
  }

  private static OptionalDouble fine(Judgement<SoftVerdict> judgement) {
    return judgement instanceof Judgement.Given<SoftVerdict> verdict
        ? OptionalDouble.of(verdict.value().probability(WorldPrinciple.CRITIQUES.get(0)))
        : OptionalDouble.empty();
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
