package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Rewards of length, repetition and ending, and what bounds rewards. */
class ShapedRewardsTest {

  @Test
  void missingEndTokenCostsOrReplaces() {
    double[] scores = {2, -3, 5};
    boolean[] ended = {true, false, false};
    assertThat(MissingEos.subtract(1).apply(scores, ended)).containsExactly(2, -4, 4);
    assertThat(MissingEos.replace(-1).apply(scores, ended)).containsExactly(2, -1, -1);
    assertThat(scores).containsExactly(2, -3, 5);
    assertThatThrownBy(() -> MissingEos.subtract(-1))
        .hasMessage("value must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> MissingEos.replace(Double.NaN)).hasMessageContaining("finite");
    assertThatThrownBy(() -> MissingEos.subtract(1).apply(scores, new boolean[2]))
        .hasMessage("ended must be of 3 completions but is of 2");
  }

  @Test
  void clipTellsHowMuchItCuts() {
    RewardClip clip = new RewardClip(2);
    double[] rewards = {-5, -2, 0.5, 3};
    assertThat(clip.apply(rewards)).containsExactly(-2, -2, 0.5, 2);
    assertThat(clip.clippedShare(rewards)).isEqualTo(0.5);
    assertThat(clip.clippedShare(new double[0])).isZero();
    assertThatThrownBy(() -> new RewardClip(0)).hasMessageContaining("limit must be positive");
  }

  @Test
  void softOverlongFallsInTheBuffer() {
    SoftOverlong soft = new SoftOverlong(20, 5);
    assertThat(soft.reward(15)).isZero();
    assertThat(soft.reward(16)).isCloseTo(-0.2, within(1e-15));
    assertThat(soft.reward(19)).isCloseTo(-0.8, within(1e-15));
    assertThat(soft.reward(20)).isEqualTo(-1);
    assertThat(soft.reward(999)).isEqualTo(-1);
    for (int tokens = 0; tokens < 30; tokens++) {
      double step = soft.reward(tokens) - soft.reward(tokens + 1);
      assertThat(step).isBetween(0.0, 0.2 + 1e-12);
    }
    SoftOverlong step = new SoftOverlong(20, 0);
    assertThat(step.reward(20)).isZero();
    assertThat(step.reward(21)).isEqualTo(-1);
    assertThatThrownBy(() -> new SoftOverlong(4, 5)).hasMessageContaining("[0, maxTokens]");
  }

  @Test
  void repetitionCountsNgramsOfIds() {
    RepetitionPenalty penalty = new RepetitionPenalty(3, -1);
    assertThat(penalty.reward(1, 2)).isZero();
    assertThat(penalty.reward(1, 2, 3, 4)).isZero();
    assertThat(penalty.reward(7, 7, 7, 7, 7)).isCloseTo(-2.0 / 3, within(1e-15));
    assertThat(penalty.reward(1, 2, 1, 2, 1, 2)).isCloseTo(-0.5, within(1e-15));
    assertThat(new RepetitionPenalty(1, -2).reward(5, 5)).isEqualTo(-1);
    assertThatThrownBy(() -> new RepetitionPenalty(0, -1)).hasMessageContaining("n must be");
    assertThatThrownBy(() -> new RepetitionPenalty(2, 1))
        .hasMessage("maxPenalty must be finite and not positive but was 1.0");
  }

  @Test
  void cosineGoesFromShortToLong() {
    CosineLength cosine = CosineLength.standard(100);
    assertThat(cosine.reward(0, true)).isEqualTo(1);
    assertThat(cosine.reward(50, true)).isCloseTo(0.75, within(1e-12));
    assertThat(cosine.reward(100, true)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.reward(0, false)).isEqualTo(-1);
    assertThat(cosine.reward(25, false))
        .isCloseTo(-0.5 - 0.25 * (1 + Math.sqrt(0.5)), within(1e-12));
    assertThat(cosine.reward(300, false)).isCloseTo(-0.5, within(1e-12));
    for (int tokens = 0; tokens < 100; tokens++) {
      assertThat(cosine.reward(tokens, true)).isGreaterThan(cosine.reward(tokens + 1, true));
      assertThat(cosine.reward(tokens, false)).isLessThan(cosine.reward(tokens + 1, false));
    }
    assertThatThrownBy(() -> CosineLength.standard(0)).hasMessageContaining("maxTokens");
  }
}
