package org.alignment4j.oversight.constitution;

import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.core.judge.SoftPairwiseJudge;
import org.alignment4j.core.judge.SoftPairwiseJudgement;
import org.alignment4j.core.judge.SoftVerdict;
import org.alignment4j.oversight.budget.Allowance;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Labels by the probabilities of the letters, {@code P(A) / (P(A) + P(B))} (Bai et al. 2022,
 * section 4.1; Lee et al. 2023, section 2.1): a soft target, calibrated far better than a hard one.
 * Two evaluations a pair, asked for together; none where the budget has no room for both.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LetterRater implements PairRater {
  private static final double MIN_MASS = 0.5;
  private static final int ORDERS = 2;

  private final SoftJudgeModel model;
  private final @Nullable PromptTemplate template;

  private LetterRater(SoftJudgeModel model, @Nullable PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.template = template;
  }

  /** Returns a rater that gives no label where the letters have less than half of the mass. */
  public static LetterRater of(ChoiceModel model) {
    return of(SoftJudgeModel.of(model).withMinMass(MIN_MASS));
  }

  /** Returns a rater with another least mass. */
  public static LetterRater of(SoftJudgeModel model) {
    return new LetterRater(model, null);
  }

  /**
   * Returns this rater with a template read with {@link SoftPairwiseJudge#PLAIN} and {@link
   * SoftPairwiseJudge#FENCED}, such as one with worked examples.
   */
  public LetterRater withTemplate(PromptTemplate other) {
    return new LetterRater(model, other);
  }

  @Override
  public PairLabel rate(Comparison comparison, String principle, OversightContext context) {
    Allowance allowance = Allowance.of("the label of a pair", context);
    if (allowance.room(ORDERS) < ORDERS) {
      return PairLabel.stopped(
          Bounds.NONE,
          Usage.NONE,
          new BudgetExceededException("calls", "both orders of a pair need two calls"));
    }
    SoftPairwiseJudge judge = SoftPairwiseJudge.of(model, principle);
    SoftPairwiseJudgement judged =
        (template == null ? judge : judge.withTemplate(template))
            .compare(comparison, allowance.next().cancellation());
    return new PairLabel(
        probability(judged.given(), LetterPrompts.FIRST),
        probability(judged.swapped(), LetterPrompts.SECOND),
        Bounds.NONE,
        judged.usage());
  }

  static OptionalDouble probability(Judgement<SoftVerdict> judgement, String letter) {
    return judgement instanceof Judgement.Given<SoftVerdict> verdict
        ? OptionalDouble.of(verdict.value().probability(letter))
        : OptionalDouble.empty();
  }
}
