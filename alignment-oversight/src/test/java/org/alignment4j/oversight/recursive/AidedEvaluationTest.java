package org.alignment4j.oversight.recursive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.study.Arm;
import org.alignment4j.oversight.study.JudgementStudy;
import org.alignment4j.oversight.study.StudyFindings;
import org.junit.jupiter.api.Test;

class AidedEvaluationTest {
  private static final OversightContext CONTEXT = OversightContext.of(3);
  private static final int CHECKS = 6;

  private static double accuracy(StudyFindings findings, String arm) {
    return findings.result().estimate(arm, StudyFindings.ACCURACY).value();
  }

  @Test
  void helpFindsPlantedFlawsThatFewChecksMiss() {
    List<ChoiceQuestion> pairs = PlantedFlaws.pairs(400);
    AidedEvaluation unaided = AidedEvaluation.unaided(PlantedFlaws.evaluator(CHECKS));
    Aids aids = Aids.by(PlantedFlaws.helper(0.8), PlantedFlaws.FIND_FLAWS);
    StudyFindings findings =
        JudgementStudy.of(
                pairs,
                List.of(
                    Arm.of("unaided", unaided),
                    Arm.of("more time", AidedEvaluation.unaided(PlantedFlaws.evaluator(8))),
                    Arm.of(
                        "random item",
                        unaided.with(
                            aids.about(q -> pairs.get((pairs.indexOf(q) + 7) % pairs.size())))),
                    Arm.of(
                        "corrupted",
                        unaided.with(Aids.by(PlantedFlaws.helper(0), PlantedFlaws.FIND_FLAWS))),
                    Arm.of("aided", unaided.with(aids)),
                    Arm.of("expert", AidedEvaluation.unaided(PlantedFlaws.evaluator(24)))))
            .measure(CONTEXT);
    // Three of twelve parts are checked in both reports; else a guess.
    assertThat(accuracy(findings, "unaided")).isCloseTo(0.25 + 0.75 / 2, within(0.07));
    assertThat(accuracy(findings, "more time")).isCloseTo(4 / 12.0 + 8 / 24.0, within(0.07));
    // A wrong hint costs one of three parts; the other two are two of the other eleven.
    double misled = 2 / 11.0 + 9 / 22.0;
    assertThat(accuracy(findings, "corrupted")).isCloseTo(misled, within(0.07));
    assertThat(accuracy(findings, "aided")).isCloseTo(0.8 + 0.2 * misled, within(0.05));
    assertThat(accuracy(findings, "random item"))
        .as("quotes of another item are unverified and not followed")
        .isCloseTo(accuracy(findings, "unaided"), within(0.08));
    assertThat(accuracy(findings, "expert")).isEqualTo(1);
    Bootstrap.Result gap = GapClosed.of(findings, "unaided", "aided", "expert", 1).orElseThrow();
    assertThat(gap.estimate().value()).isCloseTo((0.918 - 0.625) / 0.375, within(0.12));
    assertThat(gap.estimate().ciLow()).isLessThan(gap.estimate().value()).isPositive();
    assertThat(GapClosed.of(findings, "expert", "aided", "unaided", 1)).isEmpty();
    assertThat(findings.result().usage().get("aided").calls()).isEqualTo(2 * 400);
    assertThatThrownBy(() -> GapClosed.of(findings, "unaided", "debate", "expert", 1))
        .hasMessageContaining("'debate'");
  }

  /** Remembers what it was shown. */
  private static Judge remembering(List<View> seen) {
    return (view, context) -> {
      seen.add(view);
      return new Verdict.Decided(view.options().get(0), 1, "", Usage.NONE);
    };
  }

  @Test
  void evaluatorSeesMarkedQuotesAndNoSources() {
    List<View> seen = new ArrayList<>();
    AidedEvaluation evaluation =
        AidedEvaluation.unaided(remembering(seen))
            .with(
                Aids.by(
                    (view, context) ->
                        PlantedFlaws.says(
                            view,
                            view.round() == 0
                                ? "<quote>Part 1 of machine 0 weighs 17 grams.</quote>"
                                : "<v_quote>Part 1 of machine 0 weighs 99 grams.</v_quote>"),
                    outputs -> List.of("first", "second")));
    ChoiceQuestion pair = PlantedFlaws.pairs(1).get(0);
    Outcome<Ruling> outcome = evaluation.run(pair, CONTEXT);
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).material()).isEmpty();
    assertThat(seen.get(0).turns()).hasSize(2);
    assertThat(seen.get(0).turns().get(0).visible()).contains("<v_quote>Part 1 of machine 0");
    assertThat(seen.get(0).turns().get(1).visible())
        .as("a helper cannot verify its own quotes")
        .doesNotContain("<v_quote>");
    assertThat(outcome.transcript().turns()).extracting(Turn::role).containsOnly("Helper");
    evaluation.readingSources().withoutAids().run(pair, CONTEXT);
    assertThat(seen.get(1).material()).isEqualTo(pair.material());
    assertThat(seen.get(1).turns()).isEmpty();
  }

  @Test
  void bothOrdersAskTheHelperAgain() {
    List<View> seen = new ArrayList<>();
    List<View> helped = new ArrayList<>();
    ChoiceQuestion pair = PlantedFlaws.pairs(1).get(0);
    Outcome<Ruling> outcome =
        AidedEvaluation.unaided(remembering(seen))
            .with(
                Aids.by(
                    (view, context) -> {
                      helped.add(view);
                      return new Turn(
                          view.role(), view.round(), "?", "", false, 3, PlantedFlaws.CALL);
                    },
                    outputs -> List.of("only")))
            .inBothOrders()
            .run(pair, CONTEXT);
    assertThat(helped).extracting(View::round).containsExactly(0, 1);
    assertThat(helped.get(1).options()).isEqualTo(pair.swapped().options());
    assertThat(seen).allMatch(view -> view.turns().isEmpty()).hasSize(2);
    assertThat(outcome.verdict().consistent()).as("the first option wins twice").isFalse();
    assertThat(outcome.transcript().turns()).hasSize(2).noneMatch(Turn::valid);
  }

  @Test
  void budgetEndsBeforeAVerdict() {
    Outcome<Ruling> outcome =
        AidedEvaluation.unaided(PlantedFlaws.evaluator(CHECKS))
            .with(Aids.by(PlantedFlaws.helper(1), PlantedFlaws.FIND_FLAWS))
            .run(PlantedFlaws.pairs(1).get(0), CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1)));
    assertThat(outcome.incomplete()).isEqualTo("budget: calls");
    assertThat(outcome.verdict().verdicts()).isEmpty();
    assertThat(outcome.transcript().turns()).hasSize(1);
  }
}
