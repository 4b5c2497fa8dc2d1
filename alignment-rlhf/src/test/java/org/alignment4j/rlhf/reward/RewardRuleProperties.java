package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;

/** What rewards by rules promise for every input. */
class RewardRuleProperties {

  @Property
  void aBandIsOneInsideAndFallsEvenlyOutside(
      @ForAll @IntRange(max = 50) int min,
      @ForAll @IntRange(max = 50) int width,
      @ForAll @IntRange(max = 20) int slack,
      @ForAll @IntRange(max = 150) int length) {
    LengthBand band = new LengthBand(min, min + width, slack);
    int distance = length < min ? min - length : length > min + width ? length - min - width : 0;
    double expected =
        distance == 0 ? 1 : slack == 0 ? 0 : Math.max(0, 1 - distance / (double) slack);
    assertThat(band.reward(length)).isCloseTo(expected, within(1e-12));
  }

  @Example
  void bandsAreChecked() {
    for (int[] wrong : new int[][] {{-1, 2, 0}, {3, 2, 0}, {1, 2, -1}}) {
      assertThatThrownBy(() -> new LengthBand(wrong[0], wrong[1], wrong[2]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("min, max and slack were");
    }
  }

  @Property
  void aFractionIsEqualToItselfHoweverItIsWritten(
      @ForAll @IntRange(min = -10_000, max = 10_000) int numerator,
      @ForAll @IntRange(min = 1, max = 500) int denominator,
      @ForAll @IntRange(min = 1, max = 9) int factor) {
    NumberAnswer plain = NumberAnswer.gold(numerator + "/" + denominator).orElseThrow();
    String sign = numerator < 0 ? "-" : "";
    String latex =
        "so \\boxed{%s\\frac{%s}{%s}}."
            .formatted(sign, Math.abs(numerator) * factor, denominator * factor);
    NumberAnswer other = NumberAnswer.last(latex).orElseThrow();
    assertThat(other.matches(plain, 0)).isTrue();
    assertThat(plain.value()).isCloseTo(numerator / (double) denominator, within(1e-9));
    NumberAnswer more = NumberAnswer.gold((numerator + 1) + "/" + denominator).orElseThrow();
    assertThat(more.matches(plain, 0)).isFalse();
  }

  @Property
  void textsOfEverySortAreScored(@ForAll String text) {
    PromptCompletion answer = new PromptCompletion(Prompt.text("x"), text);
    for (RewardRule rule :
        List.of(
            RewardRules.number(p -> "4"),
            RewardRules.json(),
            RewardRules.tagged("think"),
            RewardRules.keywords(List.of("a")),
            RewardRules.length(TextLength.WORDS::of, new LengthBand(1, 2, 3)))) {
      assertThat(rule.reward(answer).getAsDouble()).isBetween(0.0, 1.0);
    }
  }
}
