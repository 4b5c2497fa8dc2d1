package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.RunningMoments;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.Variance;
import org.junit.jupiter.api.Test;

/** Rewards on a common scale, and rewards of several rounds. */
class RewardNormaliserTest {

  private static SequenceRewards rewards(long step, Double... values) {
    return SequenceRewards.of(step, List.of(new RewardComponent("r", 2, Arrays.asList(values))));
  }

  /** After every step as by the moments of all rewards that there were. */
  @Test
  void scalesByAllThatWasSeen() {
    RewardNormaliser normaliser = new RewardNormaliser(Variance.BIASED, new RewardClip(1));
    List<SequenceRewards> steps =
        List.of(rewards(1, 3.0, 1.0, null), rewards(2, -4.0, null, 2.5), rewards(3, 10.0, 0.0));
    List<Double> seen = new ArrayList<>();
    RunningMoments moments = RunningMoments.empty();
    for (SequenceRewards step : steps) {
      for (int s = 0; s < step.sequences(); s++) {
        if (step.present(s)) {
          seen.add(step.totals()[s]);
        }
      }
      RewardNormaliser.Normalised result = RewardNormaliser.apply(normaliser, moments, step);
      moments = result.moments();
      double mean = seen.stream().mapToDouble(v -> v).average().orElseThrow();
      double squares = seen.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
      double deviation = Math.sqrt(squares / seen.size());
      for (int s = 0; s < step.sequences(); s++) {
        assertThat(result.rewards().present(s)).isEqualTo(step.present(s));
        double expected = (step.totals()[s] - mean) / deviation;
        assertThat(result.rewards().totals()[s])
            .isCloseTo(step.present(s) ? Math.max(-1, Math.min(1, expected)) : 0, within(1e-7));
      }
    }
    assertThat(moments.count()).isEqualTo(6);
    assertThat(RewardNormaliser.apply(null, moments, steps.get(0)))
        .isEqualTo(new RewardNormaliser.Normalised(steps.get(0), moments));
  }

  @Test
  void roundsFollowEachOther() {
    SequenceRewards both = rewards(4, 1.0, null).followedBy(rewards(4, 5.0));
    assertThat(both.totals()).containsExactly(2, 0, 10);
    assertThat(both.present(1)).isFalse();
    assertThat(both.step()).isEqualTo(4);
    assertThatThrownBy(() -> both.followedBy(SequenceRewards.of(4, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'r' x 2", "'reward' x 1");
    assertThatThrownBy(() -> both.followedBy(both.with(RewardComponent.of("more", 1, 1, 2, 3))))
        .hasMessageContaining("same components but have 1 and 2");
  }
}
