package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.rlhf.advantage.CappedImportance.Beyond;
import org.alignment4j.rlhf.advantage.CappedImportance.Level;
import org.junit.jupiter.api.Test;

/** Corrections for samples of another engine. */
class OffPolicyTest {

  private static final double LN2 = Math.log(2);
  private static final CompletionMask MASK =
      CompletionMask.of(new boolean[][] {{true, true, false}, {true}, {true, true}});
  private static final TokenValues SAMPLER =
      TokenValues.of(new double[][] {{-3, -3, -3}, {-3}, {-3, -3}});

  /** Weights 2 and 8 (product 16, geometric mean 4), 1/4, and 1/2 and 2 (product 1). */
  private static final TokenValues TRAINER =
      TokenValues.of(
          new double[][] {{-3 + LN2, -3 + 3 * LN2, -1}, {-3 - 2 * LN2}, {-3 - LN2, -3 + LN2}});

  private static double[] weights(OffPolicyCorrection correction) {
    return correction.weights(TRAINER, SAMPLER, MASK).flat();
  }

  @Test
  void everyFormByHand() {
    assertThat(weights(OffPolicyCorrection.truncated(3)))
        .containsExactly(new double[] {2, 3, 0, 0.25, 0.5, 2}, within(1e-12));
    assertThat(weights(OffPolicyCorrection.masked(3)))
        .containsExactly(new double[] {2, 0, 0, 0.25, 0.5, 2}, within(1e-12));
    assertThat(weights(new CappedImportance(3, Level.SEQUENCE, Beyond.TRUNCATE)))
        .containsExactly(new double[] {3, 3, 0, 0.25, 1, 1}, within(1e-12));
    assertThat(weights(new CappedImportance(3, Level.SEQUENCE, Beyond.MASK)))
        .containsExactly(new double[] {0, 0, 0, 0.25, 1, 1}, within(1e-12));
    assertThat(weights(new IcePop(0.4, 5)))
        .containsExactly(new double[] {2, 0, 0, 0, 0.5, 2}, within(1e-12));
    assertThat(weights(new SequenceFilteredImportance(0.2, 3)))
        .containsExactly(new double[] {0, 0, 0, 0.25, 0.5, 2}, within(1e-12));
  }

  @Test
  void equalEnginesGiveExactlyOne() {
    for (OffPolicyCorrection correction :
        List.of(
            OffPolicyCorrection.truncated(1),
            OffPolicyCorrection.masked(1),
            new CappedImportance(1, Level.SEQUENCE, Beyond.MASK),
            new IcePop(1, 1),
            new SequenceFilteredImportance(1, 1))) {
      assertThat(correction.weights(SAMPLER, SAMPLER, MASK).flat(MASK)).containsOnly(1);
    }
    assertThat(LogProbMismatch.of(SAMPLER, SAMPLER, MASK))
        .isEqualTo(new LogProbMismatch(0, 0, 0, 1, 1, 1, 1))
        .isEqualTo(
            LogProbMismatch.of(SAMPLER, SAMPLER, MASK.without(new boolean[] {true, true, true})));
  }

  @Test
  void mismatchByHand() {
    LogProbMismatch found = LogProbMismatch.of(TRAINER, SAMPLER, MASK);
    assertThat(found.meanDifference()).isCloseTo((1 + 3 + 2 + 1 + 1) * LN2 / 5, within(1e-12));
    assertThat(found.maxDifference()).isCloseTo(3 * LN2, within(1e-12));
    double sum = 2 + 8 + 0.25 + 0.5 + 2;
    assertThat(found.meanRatio()).isCloseTo(sum / 5, within(1e-12));
    assertThat(found.kl()).isCloseTo(sum / 5 - 1 - 2 * LN2 / 5, within(1e-12));
    assertThat(found.minRatio()).isCloseTo(0.25, within(1e-12));
    assertThat(found.maxRatio()).isCloseTo(8, within(1e-12));
    double squares = 4 + 64 + 0.0625 + 0.25 + 4;
    assertThat(found.effectiveShare()).isCloseTo(sum * sum / (5 * squares), within(1e-12));
  }

  @Test
  void sequencesFromWhichThePolicyMovedAreDropped() {
    OffPolicySequenceMask mask = new OffPolicySequenceMask(LN2);
    assertThat(mask.dropped(TRAINER, SAMPLER, new double[] {-1, -1, -1}, MASK))
        .containsExactly(true, false, false);
    assertThat(mask.dropped(TRAINER, SAMPLER, new double[] {1, -1, 0}, MASK)).containsOnly(false);
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> OffPolicyCorrection.truncated(0.9))
        .hasMessage("cap must be finite and at least 1 but was 0.9");
    assertThatThrownBy(() -> new IcePop(1.1, 5)).hasMessage("low must be in [0, 1] but was 1.1");
    assertThatThrownBy(() -> new SequenceFilteredImportance(0.5, 0.9))
        .hasMessage("high must be finite and at least 1 but was 0.9");
    assertThatThrownBy(() -> new OffPolicySequenceMask(-1)).hasMessageContaining("threshold");
  }
}
