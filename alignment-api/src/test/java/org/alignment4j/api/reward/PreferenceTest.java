package org.alignment4j.api.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Prompt;
import org.junit.jupiter.api.Test;

class PreferenceTest {
  private static final Prompt PROMPT = Prompt.text("Q: ");

  @Test
  void swappingTwiceGivesTheSamePair() {
    PreferencePair pair =
        new PreferencePair(PROMPT, "good", "bad", 0.75, OptionalDouble.of(2), "a1");

    assertThat(pair.swapped())
        .isEqualTo(new PreferencePair(PROMPT, "bad", "good", 0.25, OptionalDouble.of(-2), "a1"));
    assertThat(pair.swapped().swapped()).isEqualTo(pair);
  }

  @Test
  void probabilityAndMarginAreChecked() {
    assertThatThrownBy(
            () -> new PreferencePair(PROMPT, "a", "b", 1.5, OptionalDouble.empty(), null))
        .hasMessage("probability must be in [0, 1] but was 1.5");
    assertThatThrownBy(
            () -> new PreferencePair(PROMPT, "a", "b", 1, OptionalDouble.of(Double.NaN), null))
        .hasMessage("margin must be finite but was NaN");
    assertThat(new PreferencePair(PROMPT, "a", "b").probability()).isEqualTo(1);
  }

  @Test
  void rankingGivesAllPairsThatAreNotTied() {
    assertThat(Ranking.ordered(PROMPT, List.of("a", "b", "c", "d")).pairs()).hasSize(6);
    assertThat(new Ranking(PROMPT, List.of("a", "b", "c"), List.of(2.0, 1.0, 1.0)).pairs())
        .containsExactly(
            new PreferencePair(PROMPT, "a", "b"), new PreferencePair(PROMPT, "a", "c"));
    assertThatThrownBy(() -> new Ranking(PROMPT, List.of("a", "b"), List.of(1.0, 2.0)))
        .hasMessage("scores must be finite and never rise but were [1.0, 2.0]");
    assertThatThrownBy(() -> Ranking.ordered(PROMPT, List.of("a")))
        .hasMessageContaining("had 1 responses");
  }

  @Test
  void brokenRewardsNameTheirComponent() {
    assertThatThrownBy(() -> Reward.of(Double.NaN))
        .hasMessage("reward value must be finite but was NaN");
    assertThatThrownBy(
            () -> new Reward(1, Map.of("length", Double.POSITIVE_INFINITY), OptionalDouble.empty()))
        .hasMessage("reward component 'length' must be finite but was Infinity");
    assertThatThrownBy(() -> new Reward(1, Map.of(), OptionalDouble.of(-1)))
        .hasMessageContaining("standardDeviation must not be negative");
  }

  @Test
  void stepLabelsMatchTheSteps() {
    StepwiseSolution solution = new StepwiseSolution(PROMPT, List.of("one", "two"));

    assertThatThrownBy(() -> new StepLabels(solution, List.of(OptionalDouble.of(1))))
        .hasMessage("correctness must have one label per step (2) but had 1");
    assertThatThrownBy(
            () -> new StepLabels(solution, List.of(OptionalDouble.of(1), OptionalDouble.of(-1))))
        .hasMessage("correctness must be in [0, 1] but was -1.0");
    assertThatThrownBy(() -> new StepwiseSolution(PROMPT, List.of("one", "")))
        .hasMessageContaining("none empty");
  }
}
