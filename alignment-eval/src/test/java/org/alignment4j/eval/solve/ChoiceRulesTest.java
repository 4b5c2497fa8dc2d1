package org.alignment4j.eval.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.junit.jupiter.api.Test;

class ChoiceRulesTest {

  /** 1 character, 2 UTF-16 units, 4 bytes; and 3 of each. */
  private static final List<String> CHOICES = List.of("😀", "abc");

  private static Map<String, Score> scored(double first, double second) {
    Sample sample = Sample.choice("q", Prompt.text("p"), CHOICES, List.of("😀"));
    ScriptedLikelihoods model =
        new ScriptedLikelihoods((prompt, text) -> text.contains("a") ? second : first);
    Answer answer =
        ChoiceLikelihood.afterSpace()
            .solve(List.of(sample), model, CancellationToken.none())
            .get(0);
    return new ChoiceAccuracy().score(sample, answer, CancellationToken.none());
  }

  @Test
  void threeRulesThatDiffer() {
    // Sums −2.2 and −3; per character −2.2 and −1; per byte −0.55 and −1.
    assertThat(scored(-2.2, -3))
        .containsEntry(ChoiceAccuracy.ACC, new Score.Scored(1))
        .containsEntry(ChoiceAccuracy.ACC_NORM, new Score.Scored(0))
        .containsEntry(ChoiceAccuracy.ACC_BYTES, new Score.Scored(1));
    // Per UTF-16 unit it would be −1.1 against −1.3.
    assertThat(scored(-2.2, -3.9)).containsEntry(ChoiceAccuracy.ACC_NORM, new Score.Scored(0));
    assertThat(scored(-4.4, -3.1))
        .containsEntry(ChoiceAccuracy.ACC, new Score.Scored(0))
        .containsEntry(ChoiceAccuracy.ACC_BYTES, new Score.Scored(0));
  }

  @Test
  void aTieIsNotAWin() {
    assertThat(scored(-3, -3)).containsEntry(ChoiceAccuracy.ACC, new Score.Scored(0));
    assertThat(ChoiceRules.best(new double[] {-1, -2, -1})).isEmpty();
    assertThat(ChoiceRules.best(new double[] {-2, -1, -2})).hasValue(1);
    assertThat(ChoiceRules.best(new double[0])).isEmpty();
  }

  @Test
  void nothingPossibleHasNoVerdict() {
    double never = Double.NEGATIVE_INFINITY;
    assertThat(scored(never, never).values()).allMatch(Score.Unscored.class::isInstance);
    assertThat(scored(-900, never)).containsEntry(ChoiceAccuracy.ACC, new Score.Scored(1));
  }

  @Test
  void probabilitiesOfLongTextsDoNotUnderflow() {
    double[] shares = ChoiceRules.probabilities(new double[] {-2000, -2000 + Math.log(3)});
    assertThat(shares[0]).isCloseTo(0.25, within(1e-12));
    assertThat(shares[1]).isCloseTo(0.75, within(1e-12));
    double never = Double.NEGATIVE_INFINITY;
    assertThat(Arrays.stream(ChoiceRules.probabilities(new double[] {never, never})))
        .allMatch(value -> value.isNaN());
  }

  @Test
  void refusesTextsThatDoNotFit() {
    assertThatThrownBy(() -> ChoiceRules.perCharacter(new double[] {-1}, CHOICES))
        .hasMessage("sums must have one value per choice (2) but had 1");
    assertThatThrownBy(() -> ChoiceRules.perByte(new double[] {-1}, List.of("")))
        .hasMessage("choices must not be empty but choice 0 is");
  }
}
