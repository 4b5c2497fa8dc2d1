package org.alignment4j.oversight.constitution;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.core.judge.SoftVerdict;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Labels after reasoning (Bai et al. 2022, section 4.1; Lee et al. 2023, section 2.1.2): the model
 * first reasons step by step, then the letters are weighed with its reasons in the prompt. Labels
 * become nearly 0 or 1 and are clamped. Two calls and two evaluations a pair. Immutable.
 *
 * @param reasoner who reasons
 * @param judge who weighs the letters
 * @param bounds what labels are clamped to
 * @param reasons asks for reasons: uses {{principle}}, and fenced {{request}}, {{first}},
 *     {{second}}
 * @param verdict asks for the letter: uses {{principle}}, {{form}}, and fenced {{request}},
 *     {{first}}, {{second}}, {{reasons}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReasonedRater(
    Respondent reasoner,
    SoftJudgeModel judge,
    Bounds bounds,
    PromptTemplate reasons,
    PromptTemplate verdict)
    implements PairRater {
  /** Placeholders of {@code reasons} that hold the user's own words. */
  public static final Set<String> REASONS_PLAIN = Set.of("principle");

  /** Placeholders of {@code reasons} that hold text of others. */
  public static final Set<String> REASONS_FENCED = Set.of("request", "first", "second");

  /** Placeholders of {@code verdict} that hold the user's own words. */
  public static final Set<String> VERDICT_PLAIN = Set.of("principle", "form");

  /** Placeholders of {@code verdict} that hold text of others. */
  public static final Set<String> VERDICT_FENCED = Set.of("request", "first", "second", "reasons");

  private static final String REASONER = "Reasoner";
  private static final double MIN_MASS = 0.5;

  /** Checks that nothing is missing. */
  public ReasonedRater {
    Objects.requireNonNull(reasoner, "reasoner");
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(bounds, "bounds");
    Objects.requireNonNull(reasons, "reasons");
    Objects.requireNonNull(verdict, "verdict");
  }

  /** Returns a rater with the bundled prompts and labels clamped to [0.4, 0.6]. */
  public static ReasonedRater of(Respondent reasoner, ChoiceModel judge) {
    Class<?> here = ReasonedRater.class;
    return new ReasonedRater(
        reasoner,
        SoftJudgeModel.of(judge).withMinMass(MIN_MASS),
        Bounds.REASONED,
        Prompts.bundled(here, "reasons.txt", REASONS_PLAIN, REASONS_FENCED),
        Prompts.bundled(here, "reasoned-label.txt", VERDICT_PLAIN, VERDICT_FENCED));
  }

  /** Returns this rater with other bounds; {@link Bounds#NONE} as in Lee et al. 2023. */
  public ReasonedRater withBounds(Bounds other) {
    return new ReasonedRater(reasoner, judge, other, reasons, verdict);
  }

  @Override
  public PairLabel rate(Comparison comparison, String principle, OversightContext context) {
    Proceedings proceedings = Proceedings.open("label", "", context, OptionalLong.of(4));
    try {
      OptionalDouble given = rate(comparison, principle, LetterPrompts.FIRST, 0, proceedings);
      OptionalDouble swapped =
          rate(LetterPrompts.swapped(comparison), principle, LetterPrompts.SECOND, 1, proceedings);
      return new PairLabel(given, swapped, bounds, proceedings.usage());
    } catch (BudgetExceededException limit) {
      return PairLabel.stopped(bounds, proceedings.usage(), limit);
    }
  }

  private OptionalDouble rate(
      Comparison shown, String principle, String letter, int order, Proceedings proceedings) {
    Draw<String> thought =
        reasoner.ask(
            reasons.render(LetterPrompts.values(shown, principle, Map.of())),
            SectionParser.critique(),
            REASONER,
            order,
            proceedings);
    if (thought.value().isEmpty()) {
      return OptionalDouble.empty();
    }
    Map<String, String> more =
        Map.of(
            "form",
            SoftJudgeModel.form(LetterPrompts.LETTERS),
            "reasons",
            thought.value().orElseThrow());
    Judgement<SoftVerdict> judged =
        judge.ask(
            verdict.render(LetterPrompts.values(shown, principle, more)),
            LetterPrompts.LETTERS,
            proceedings.next().cancellation());
    proceedings.spend(judged.usage());
    return LetterRater.probability(judged, letter);
  }
}
