package org.alignment4j.core.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.Comparison;
import org.junit.jupiter.api.Test;

class SampledPairwiseJudgeTest {
  private static final Comparison FISH =
      new Comparison(Prompt.text("Name a fish."), "Trout", "A whale");

  private static SampledPairwiseJudge asked(ScriptedModel model, int samples, long seed) {
    JudgeModel judge = JudgeModel.of(model).withOptions(SamplingOptions.builder(9).build());
    return SampledPairwiseJudge.of(PairwiseJudge.of(judge, "truth"), samples, seed);
  }

  @Test
  void verdictsAreAveragedWithinEachOrderFirst() {
    // Given and swapped by turns; the second sample's swapped order cannot be read.
    ScriptedModel model = ScriptedModel.of("[[A]]", "[[B]]", "[[A]]", "?", "?", "[[B]]", "[[C]]");
    SampledPreference judged = asked(model, 3, 5).compare(FISH, CancellationToken.none());
    assertThat(judged.firstIsBetter()).hasValue((2 / 3.0 + (1 + 0.5) / 2) / 2);
    assertThat(judged.preference()).contains(Preference.FIRST);
    assertThat(judged.unparsed()).isEqualTo(1);
    assertThat(judged.usage().calls()).isEqualTo(7);
    // About their means: 1/3, 1/3 and −2/3 of three, 1/4 and −1/4 of two.
    assertThat(judged.deviation().getAsDouble())
        .isCloseTo(Math.sqrt((6 / 9.0 + 2 / 16.0) / 3), within(1e-12));
    assertThat(judged.agreement()).hasValue(1 / 4.0);
  }

  @Test
  void plantedNoiseComesBack() {
    ScriptedModel[] model = new ScriptedModel[1];
    Set<Long> seeds = new HashSet<>();
    model[0] =
        new ScriptedModel(
            chat -> {
              long seed = model[0].options.seed().orElseThrow();
              seeds.add(seed);
              String user = chat.last().content();
              boolean given = user.indexOf("Trout") < user.indexOf("A whale");
              boolean first = new SplittableRandom(seed).nextDouble() < (given ? 0.8 : 0.6);
              return first == given ? "[[A]]" : "[[B]]";
            });
    SampledPreference judged = asked(model[0], 4000, 11).compare(FISH, CancellationToken.none());
    assertThat(seeds).hasSize(4000);
    assertThat(judged.firstIsBetter().getAsDouble()).isCloseTo(0.7, within(0.02));
    assertThat(judged.deviation().getAsDouble())
        .isCloseTo(Math.sqrt((0.8 * 0.2 + 0.6 * 0.4) / 2), within(0.02));
    assertThat(judged.agreement().getAsDouble()).isCloseTo((0.68 + 0.52) / 2, within(0.02));
    assertThat(asked(model[0], 20, 3).label(List.of(FISH, FISH), CancellationToken.none()))
        .hasSize(2)
        .isEqualTo(asked(model[0], 20, 3).label(List.of(FISH, FISH), CancellationToken.none()));
  }

  @Test
  void noiseIsReportedOverPairs() {
    SampledPreference steady =
        asked(ScriptedModel.of("[[A]]", "[[B]]", "[[A]]", "[[B]]"), 2, 1)
            .compare(FISH, CancellationToken.none());
    SampledPreference torn =
        asked(ScriptedModel.of("[[A]]", "[[B]]", "[[B]]", "[[A]]"), 2, 1)
            .compare(FISH, CancellationToken.none());
    SampledPreference mute =
        asked(new ScriptedModel(chat -> "?"), 2, 1).compare(FISH, CancellationToken.none());
    assertThat(steady.deviation()).hasValue(0);
    assertThat(torn.preference()).contains(Preference.TIE);
    assertThat(torn.agreement()).hasValue(0);
    assertThat(List.of(mute.firstIsBetter(), mute.deviation(), mute.agreement()))
        .containsOnly(OptionalDouble.empty());
    assertThat(mute.preference()).isEmpty();
    JudgeNoise noise = JudgeNoise.of(List.of(steady, torn, mute));
    assertThat(noise.agreement().value()).isEqualTo(0.5);
    assertThat(noise.deviation().value()).isCloseTo(Math.sqrt(0.5) / 2, within(1e-12));
    assertThat(noise.deviation().n()).isEqualTo(2);
    assertThat(noise.deviation().unscored()).isEqualTo(1);
  }

  @Test
  void badInputSaysWhatIsWrong() {
    PairwiseJudge greedy = PairwiseJudge.of(JudgeModel.of(ScriptedModel.of()), "truth");
    assertThatThrownBy(() -> SampledPairwiseJudge.of(greedy, 3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("greedy judge says the same 3 times");
    assertThatThrownBy(() -> SampledPairwiseJudge.of(greedy, 1, 1))
        .hasMessageContaining("at least 2 but were 1");
  }
}
