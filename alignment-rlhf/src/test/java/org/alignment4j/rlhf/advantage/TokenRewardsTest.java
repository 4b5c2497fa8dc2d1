package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TokenRewardsTest {

  private static final double NONE = Double.POSITIVE_INFINITY;
  private static final CompletionMask MASK =
      CompletionMask.of(new boolean[][] {{true, false, true, false}, {}, {true}, {false, false}});
  private static final TokenValues POLICY =
      TokenValues.of(new double[][] {{-1, -2, -3, -4}, {}, {-9}, {-1, -1}});
  private static final TokenValues REFERENCE =
      TokenValues.of(new double[][] {{-2, -7, -1, -9}, {}, {-40}, {-5, -5}});
  private static final double[] SCORES = {10, Double.NaN, 20, Double.NaN};

  private static TokenRewards form(ScorePlacement placement, int maxTokens) {
    return new TokenRewards(KlEstimator.K1, placement, maxTokens, NONE, NONE);
  }

  @Test
  void scoreOnTheLastScoredTokenAndNothingWhereNoneIs() {
    TokenRewards rewards = TokenRewards.standard();
    TokenValues kl = rewards.divergences(POLICY, REFERENCE, MASK);
    assertThat(kl).isEqualTo(TokenValues.of(new double[][] {{1, 0, -2, 0}, {}, {31}, {0, 0}}));
    assertThat(rewards.assemble(0.5, kl, SCORES, MASK))
        .isEqualTo(TokenValues.of(new double[][] {{-0.5, 0, 11, 0}, {}, {4.5}, {0, 0}}));
    assertThat(rewards.assembleCosts(0.5, kl, SCORES, MASK))
        .isEqualTo(TokenValues.of(new double[][] {{0.5, 0, 9, 0}, {}, {35.5}, {0, 0}}));
    assertThat(TokenRewards.penalty(0.5, kl, MASK).values())
        .containsExactly(0.5, -0.0, -15.5, -0.0);
  }

  @Test
  void scoreBehindTheEndWhereThereIsRoom() {
    TokenRewards rewards = form(ScorePlacement.AFTER_EOS, 4);
    TokenValues kl = rewards.divergences(POLICY, REFERENCE, MASK);
    TokenValues found = rewards.assemble(0.5, kl, SCORES, MASK);
    assertThat(found)
        .isEqualTo(TokenValues.of(new double[][] {{-0.5, 0, 11, 0}, {}, {-15.5, 20}, {0, 0, 0}}));
    assertThat(rewards.steps(0)).isZero();
    assertThat(rewards.steps(3)).isEqualTo(4);
    assertThat(rewards.steps(4)).isEqualTo(4);
  }

  @Test
  void limitsBoundDivergencesAndRewards() {
    TokenRewards rewards = new TokenRewards(KlEstimator.K1, ScorePlacement.LAST_TOKEN, 9, 10, 12);
    TokenValues kl = rewards.divergences(POLICY, REFERENCE, MASK);
    assertThat(kl.get(2, 0)).isEqualTo(10);
    TokenValues found = rewards.assemble(0.5, kl, SCORES, MASK);
    assertThat(found.get(2, 0)).isEqualTo(12);
    assertThat(found.get(0, 2)).isEqualTo(11);
    double[] negative = {-40, 0, 0, 0};
    assertThat(rewards.assemble(0.5, kl, negative, MASK).get(0, 2)).isEqualTo(-12);
  }

  @Test
  void otherEstimatorsAreSubtractedToo() {
    TokenRewards rewards =
        new TokenRewards(KlEstimator.K2, ScorePlacement.LAST_TOKEN, 9, NONE, NONE);
    TokenValues kl = rewards.divergences(POLICY, REFERENCE, MASK);
    assertThat(kl.row(0)).containsExactly(0.5, 0, 2, 0);
    assertThat(rewards.assemble(1, kl, SCORES, MASK).row(0)).containsExactly(-0.5, 0, 8, 0);
  }

  @Test
  void equalModelsHaveNoDivergence() {
    for (KlEstimator estimator : KlEstimator.values()) {
      TokenRewards rewards = new TokenRewards(estimator, ScorePlacement.LAST_TOKEN, 9, NONE, NONE);
      assertThat(rewards.divergences(POLICY, POLICY, MASK).flat()).containsOnly(0);
    }
  }

  @Test
  void refusals() {
    TokenRewards rewards = TokenRewards.standard();
    TokenValues kl = rewards.divergences(POLICY, REFERENCE, MASK);
    assertThatThrownBy(() -> rewards.assemble(1, kl, new double[] {1, 2, Double.NaN, 0}, MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scores[2] must be finite but was NaN");
    assertThatThrownBy(() -> rewards.assemble(-1, kl, SCORES, MASK))
        .hasMessage("coefficient must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> rewards.assemble(1, kl, new double[3], MASK))
        .hasMessage("scores must hold the mask's 4 sequences but hold 3");
    assertThatThrownBy(
            () -> rewards.divergences(POLICY, REFERENCE, CompletionMask.ofLengths(5, 0, 1, 2)))
        .hasMessage("policy of sequence 0 must cover its 5 tokens but are 4");
    assertThatThrownBy(() -> form(ScorePlacement.AFTER_EOS, 0))
        .hasMessage("maxTokens must be at least 1 but was 0");
    assertThatThrownBy(
            () -> new TokenRewards(KlEstimator.K1, ScorePlacement.LAST_TOKEN, 1, 0, NONE))
        .hasMessageContaining("klLimit must be positive, or infinite for no limit");
  }

  @Test
  void tokenValuesKeepTheirShape() {
    double[] flat = {1, 2, 3};
    TokenValues values = TokenValues.ofFlat(flat, 2, 0, 1);
    flat[0] = 99;
    values.row(0)[0] = 99;
    assertThat(values).isEqualTo(TokenValues.of(new double[][] {{1, 2}, {}, {3}}));
    assertThat(values.hashCode())
        .isEqualTo(TokenValues.of(new double[][] {{1, 2}, {}, {3}}).hashCode());
    assertThat(values.flat()).containsExactly(1, 2, 3);
    assertThat(values.select(2, 0)).isEqualTo(TokenValues.of(new double[][] {{3}, {1, 2}}));
    assertThat(values.sums(CompletionMask.of(new boolean[][] {{false, true}, {}, {true}})))
        .containsExactly(new double[] {2, 0, 3}, within(0.0));
    assertThatThrownBy(() -> TokenValues.ofFlat(flat, 2, 2))
        .hasMessage("lengths must add up to the 3 values but add up to 4");
    assertThatThrownBy(() -> CompletionMask.ofLengths(3, -1))
        .hasMessage("lengths[1] must not be negative but was -1");
  }
}
