package org.alignment4j.core.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.api.reward.Comparison;
import org.junit.jupiter.api.Test;

/** Verdicts by the probabilities of labels. */
class SoftJudgeTest {

  private static final Prompt.Chat PROMPT = Prompt.chat(Message.user("Rate it."));
  private static final CancellationToken NONE = CancellationToken.none();

  private static Judgement<SoftVerdict> ask(Map<String, Double> probabilities) {
    return SoftJudgeModel.of(new WeighingModel((chat, label) -> probabilities.get(label)))
        .ask(PROMPT, List.copyOf(probabilities.keySet()), NONE);
  }

  private static SoftVerdict verdict(Judgement<SoftVerdict> judgement) {
    return ((Judgement.Given<SoftVerdict>) judgement).value();
  }

  @Test
  void aScoreIsTheMeanWeightedByProbability() {
    double[] weights = {0.02, 0.08, 0.1, 0.2, 0.1};
    WeighingModel model = new WeighingModel((chat, label) -> weights[Integer.parseInt(label) - 1]);
    Judgement<SoftVerdict> judgement =
        SoftJudgeModel.of(model).ask(PROMPT, SoftJudgeModel.scale(1, 5), NONE);
    SoftVerdict verdict = verdict(judgement);
    // 0.02 + 2·0.08 + 3·0.1 + 4·0.2 + 5·0.1 = 1.78 of a mass of 0.5
    assertThat(verdict.mean(Double::parseDouble)).isCloseTo(3.56, within(1e-12));
    assertThat(verdict.mass()).isCloseTo(0.5, within(1e-12));
    assertThat(verdict.unexplored()).isEqualTo(0.01);
    assertThat(verdict.best()).isEqualTo("4");
    assertThat(verdict.probability("2")).isCloseTo(0.16, within(1e-12));
    assertThat(verdict.probabilities().keySet()).containsExactly("1", "2", "3", "4", "5");
    assertThat(judgement.usage().calls()).isEqualTo(1);
    assertThat(judgement.toScore(v -> (v.mean(Double::parseDouble) - 1) / 4))
        .isInstanceOfSatisfying(
            Score.Scored.class, s -> assertThat(s.value()).isCloseTo(0.64, within(1e-12)));
    assertThatThrownBy(() -> verdict.probability("6"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'6'");
  }

  @Test
  void labelsThatBeginOthersMustEndTheReply() {
    WeighingModel model = new WeighingModel((chat, label) -> 0.05);
    SoftJudgeModel judge = SoftJudgeModel.of(model);
    judge.ask(PROMPT, SoftJudgeModel.scale(1, 10), NONE);
    judge.ask(PROMPT, SoftJudgeModel.scale(0, 9), NONE);
    assertThat(model.asked.get(0).ended()).isTrue();
    assertThat(model.asked.get(0).choices()).startsWith("1", "2").endsWith("10");
    assertThat(model.asked.get(1).ended()).isFalse();
  }

  @Test
  void labelsThatAreTooUnlikelyAreNoVerdict() {
    SoftJudgeModel judge =
        SoftJudgeModel.of(new WeighingModel((chat, label) -> label.equals("A") ? 0.3 : 0.1));
    assertThat(judge.minMass()).isZero();
    assertThat(judge.withMinMass(0.39).ask(PROMPT, List.of("A", "B"), NONE))
        .isInstanceOf(Judgement.Given.class);
    Judgement<SoftVerdict> none = judge.withMinMass(0.5).ask(PROMPT, List.of("A", "B"), NONE);
    assertThat(none)
        .isInstanceOfSatisfying(
            Judgement.Unparsed.class,
            unparsed -> assertThat(unparsed.problem()).contains("0.5").contains("0.400"));
    assertThat(none.toScore(v -> 1)).isInstanceOf(Score.Unscored.class);
    assertThatThrownBy(() -> judge.withMinMass(1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> judge.ask(PROMPT, List.of("A"), NONE)).hasMessageContaining("[A]");
    assertThatThrownBy(() -> judge.ask(PROMPT, List.of("A", "A"), NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SoftJudgeModel.scale(3, 3)).hasMessageContaining("3 and 3");
  }

  @Test
  void probabilitiesMustBeThose() {
    assertThat(verdict(ask(Map.of("yes", 0.25, "no", 0.75))).best()).isEqualTo("no");
    assertThatThrownBy(() -> new SoftVerdict(Map.of("A", 0.5, "B", 0.4), 1, 0))
        .hasMessageContaining("sum to 1");
    assertThatThrownBy(() -> new SoftVerdict(Map.of(), 1, 0)).hasMessageContaining("sum to 0");
    assertThatThrownBy(() -> new SoftVerdict(Map.of("A", 1.5, "B", -0.5), 1, 0))
        .hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> new SoftVerdict(Map.of("A", 1.0), 2, 0)).hasMessageContaining("mass");
  }

  private static Comparison comparison() {
    return new Comparison(Prompt.text("Name a fish."), "Trout", "A whale");
  }

  /**
   * Log-odds of A over B: the merit of the answer named Trout, for or against A by its place, and a
   * constant for place A. The two labels have a mass of 0.8.
   */
  private static WeighingModel leaning(double merit, double place) {
    return new WeighingModel(
        (chat, label) -> {
          String user = chat.last().content();
          double sign = user.indexOf("Trout") < user.indexOf("A whale") ? 1 : -1;
          double first = 1 / (1 + Math.exp(-(sign * merit + place)));
          return 0.8 * (label.equals("A") ? first : 1 - first);
        });
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void bothOrdersAreWeighedAndTheirMeanIsTheLabel() {
    WeighingModel model = leaning(1.5, 0.7);
    SoftPairwiseJudge judge = SoftPairwiseJudge.of(SoftJudgeModel.of(model), "truth");
    SoftPairwiseJudgement judgement = judge.compare(comparison(), NONE);
    double given = sigmoid(1.5 + 0.7);
    double swapped = sigmoid(-1.5 + 0.7);
    assertThat(judgement.firstIsBetter().orElseThrow())
        .isCloseTo((given + 1 - swapped) / 2, within(1e-12));
    assertThat(judgement.positionBias().orElseThrow())
        .isCloseTo((given + swapped - 1) / 2, within(1e-12));
    assertThat(judgement.consistent()).isTrue();
    assertThat(judgement.usage().calls()).isEqualTo(2);
    assertThat(verdict(judgement.given()).mass()).isCloseTo(0.8, within(1e-12));

    // The other way round the label is the complement, whatever the bias.
    Comparison other = new Comparison(Prompt.text("Name a fish."), "A whale", "Trout");
    List<OptionalDouble> labels = judge.label(List.of(comparison(), other), NONE);
    assertThat(labels.get(0).orElseThrow() + labels.get(1).orElseThrow())
        .isCloseTo(1, within(1e-12));
    assertThat(labels.get(0)).isEqualTo(judgement.firstIsBetter());
    assertThat(model.asked).hasSize(6);
    assertThat(model.text(0))
        .contains("truth", "Name a fish.", "Reply with one of A, B and nothing else.")
        .doesNotContain("sentences", "[[");
    assertThat(model.asked.get(0).choices()).containsExactly("A", "B");
  }

  @Test
  void aJudgeThatSeesOnlyPlacesHasNoPreference() {
    SoftPairwiseJudgement judgement =
        SoftPairwiseJudge.of(SoftJudgeModel.of(leaning(0, 2)), "truth").compare(comparison(), NONE);
    assertThat(judgement.firstIsBetter().orElseThrow()).isCloseTo(0.5, within(1e-12));
    assertThat(judgement.positionBias().orElseThrow()).isCloseTo(sigmoid(2) - 0.5, within(1e-12));
    assertThat(judgement.consistent()).isFalse();
    SoftPairwiseJudgement undecided =
        SoftPairwiseJudge.of(SoftJudgeModel.of(leaning(0, 0)), "truth").compare(comparison(), NONE);
    assertThat(undecided.consistent()).isTrue();
    assertThat(undecided.positionBias()).hasValue(0);
  }

  @Test
  void anOrderWithoutAVerdictLeavesNoLabel() {
    SoftPairwiseJudge judge =
        SoftPairwiseJudge.of(SoftJudgeModel.of(leaning(1, 0)).withMinMass(0.9), "truth");
    assertThat(judge.label(List.of(comparison()), NONE)).containsExactly(OptionalDouble.empty());
    SoftPairwiseJudgement judgement = judge.compare(comparison(), NONE);
    assertThat(judgement.positionBias()).isEmpty();
    assertThat(judgement.consistent()).isFalse();
    Cancellation cancelled = new Cancellation();
    cancelled.cancel();
    assertThatThrownBy(() -> judge.label(List.of(comparison()), cancelled))
        .isInstanceOf(CancelledException.class);
  }

  private static View view() {
    return new View(
        "judge",
        1,
        "Two debaters argued.",
        "Is the earth flat?",
        List.of("yes", "no", "unknown"),
        List.of("An atlas."),
        List.of(new Turn("debater A", 0, "Reply A. [[A]]", "secret thought", true, 1, Usage.NONE)));
  }

  @Test
  void viewsAreJudgedByTheProbabilitiesOfTheLetters() {
    Map<String, Double> weights = Map.of("A", 0.1, "B", 0.3, "C", 0.2);
    WeighingModel model = new WeighingModel((chat, label) -> weights.get(label));
    Verdict verdict = ModelJudge.of(SoftJudgeModel.of(model)).judge(view(), OversightContext.of(1));
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Decided.class,
            decided -> {
              assertThat(decided.choice()).isEqualTo("no");
              assertThat(decided.probability()).isCloseTo(0.5, within(1e-12));
              assertThat(decided.reasons()).isEmpty();
              assertThat(decided.usage().calls()).isEqualTo(1);
            });
    assertThat(model.text(0))
        .contains("Two debaters argued.", "Is the earth flat?")
        .containsPattern(
            "A\\.\nBEGIN (\\w+)\nyes\nEND \\1\n\nB\\.\nBEGIN \\1\nno\n(?s).*\n\nC\\.\n")
        .contains("Reply with one of A, B, C and nothing else.")
        .doesNotContain("secret thought", "[[", "sentences");
    assertThat(
            ModelJudge.of(SoftJudgeModel.of(model).withMinMass(0.7))
                .judge(view(), OversightContext.of(1)))
        .isInstanceOf(Verdict.Unparsed.class);
    assertThatThrownBy(
            () ->
                ModelJudge.of(SoftJudgeModel.of(model))
                    .judge(
                        view(), OversightContext.of(1).withBudget(Budget.UNLIMITED.withCalls(0))))
        .isInstanceOf(BudgetExceededException.class);
  }
}
