package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.Scoring.answer;
import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.reward.Reward;
import org.junit.jupiter.api.Test;

/** Preference and rules together, against figures worked out by hand. */
class SparrowRewardTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private static final PropositionGrader RULES =
      new Grading(
          List.of("threat", "advice"),
          text -> new double[] {text.startsWith("9") ? 0.9 : 0.1, 0.5});

  @Test
  void aRewardIsThePreferenceLessTheRules() {
    SparrowReward reward = SparrowReward.of(Scoring.numbers("pr"), RULES).withWeight(2);
    List<Reward> rewards = reward.score(answers("9", "1"));
    assertThat(rewards.get(0).value()).isCloseTo(9 - 2 * (0.9 + 0.5), within(1e-12));
    assertThat(rewards.get(1).value()).isCloseTo(1 - 2 * (0.1 + 0.5), within(1e-12));
    assertThat(rewards.get(0).components())
        .containsExactly(
            Map.entry("preference", 9.0),
            Map.entry("rule/threat", 0.9),
            Map.entry("rule/advice", 0.5));
    assertThat(SparrowReward.of(Scoring.numbers("pr"), RULES).score(answers("9")).get(0).value())
        .isCloseTo(9 - 1.4, within(1e-12));
    assertThat(reward.score(List.of())).isEmpty();
    assertThat(reward.id()).contains("pr").contains("2.0");
  }

  @Test
  void candidatesOfOnePromptAreReranked() {
    SparrowReward reward = SparrowReward.of(Scoring.numbers("pr"), RULES);
    double[] scores = reward.rerank(answers("9", "1"), NONE);
    double kept = Math.sqrt(0.1 * 0.5);
    assertThat(scores[0])
        .isCloseTo(Math.exp(9) / (Math.exp(9) + Math.exp(5)) * kept, within(1e-12));
    assertThatThrownBy(() -> reward.rerank(List.of(answer("x", "1"), answer("y", "1")), NONE))
        .hasMessageContaining("candidates must answer one prompt");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> SparrowReward.of(Scoring.numbers("pr"), RULES).withWeight(-1))
        .hasMessage("perRule must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> SparrowReward.rerank(new double[] {1}, List.of()))
        .hasMessage("violations must be of 1 candidates but are of 0");
    assertThatThrownBy(
            () -> SparrowReward.rerank(new double[] {Double.NaN}, List.of(new double[0])))
        .hasMessage("preferences[0] must be finite but was NaN");
    assertThatThrownBy(
            () -> SparrowReward.rerank(new double[] {1}, List.of(new double[] {0.5, 1.5})))
        .hasMessage("violations[0][1] must be in [0, 1] but was 1.5");
  }

  @Test
  void gradesThatAreMissingOrNoProbabilityFailByName() {
    PropositionGrader missing =
        new Grading(List.of("threat", "advice"), text -> new double[] {0.5});
    assertThatThrownBy(() -> SparrowReward.of(Scoring.numbers("pr"), missing).score(answers("1")))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("answers[0] but graded 1; none may be missing");
  }

  @Test
  void aGradeThatIsNoProbabilityFailsByName() {
    PropositionGrader wrong = new Grading(List.of("threat"), text -> new double[] {Double.NaN});
    assertThatThrownBy(() -> SparrowReward.of(Scoring.numbers("pr"), wrong).score(answers("1")))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage(
            "the probability of proposition 'threat' of answers[0] must be in [0, 1] but was NaN");
  }
}
