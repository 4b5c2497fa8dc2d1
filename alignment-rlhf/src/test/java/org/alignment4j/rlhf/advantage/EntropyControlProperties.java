package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

/** The weight of a bonus for entropy, and the tokens that a policy is least sure of. */
class EntropyControlProperties {

  /** The rule of TRL written out, over any course of entropies. */
  @Property(tries = 200)
  void movesByStepsTowardsTheTarget(
      @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = 0, max = 2) Double> entropies) {
    EntropyController controller = AdaptiveEntropyController.of(0.02, 0.01, 0.04, 0.005, 1);
    assertThat(controller.coefficient()).isZero();
    double level = 0.02;
    for (double entropy : entropies) {
      controller = controller.after(entropy);
      level = entropy <= 1 ? Math.min(level + 0.005, 0.04) : Math.max(level - 0.005, 0.01);
      assertThat(controller.coefficient()).isEqualTo(entropy <= 1 ? level : 0);
      EntropyController fresh = AdaptiveEntropyController.of(0.02, 0.01, 0.04, 0.005, 1);
      assertThat(fresh.restored(controller.state())).isEqualTo(controller);
    }
  }

  @Example
  void theStateBeforeTheFirstUpdateRoundTrips() {
    EntropyController fresh = EntropyController.adaptive(0.7);
    assertThat(fresh.restored(fresh.state())).isEqualTo(fresh);
    assertThat(fresh.after(0.6).coefficient()).isEqualTo(0.005);
    assertThat(fresh.after(0.8).coefficient()).isZero();
    assertThat(EntropyController.fixed(0.3).after(2).coefficient()).isEqualTo(0.3);
  }

  /** {@code torch.quantile}: the place among the sorted values, interpolated. */
  private static double quantile(double[] values, double q) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    double place = q * (sorted.length - 1);
    double low = sorted[(int) Math.floor(place)];
    double high = sorted[(int) Math.ceil(place)];
    return low + (high - low) * (place - Math.floor(place));
  }

  @Property(tries = 200)
  void selectsThoseAboveTheQuantile(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] lengths = {3, 1, 5, 2};
    CompletionMask mask =
        CompletionMask.ofLengths(lengths).without(new boolean[] {false, false, true, false});
    TokenValues entropies = TokenValues.ofFlat(random.doubles(11, 0, 3).toArray(), lengths);
    double threshold = quantile(entropies.flat(mask), 1 - share);
    TokenValues selected = new HighEntropyTokens(share).selected(entropies, mask);
    int count = 0;
    for (int s = 0; s < lengths.length; s++) {
      for (int t = 0; t < lengths[s]; t++) {
        boolean wanted = s != 2 && entropies.get(s, t) >= threshold - 1e-5;
        assertThat(selected.get(s, t)).isEqualTo(wanted ? 1 : 0);
        count += wanted ? 1 : 0;
      }
    }
    // Of n tokens at least one, and no more than the share asks for and one.
    assertThat((double) count).isBetween(1.0, Math.floor(share * 5) + 1);
    Advantages all = new Advantages(entropies, mask, Optional.empty());
    Advantages kept = HighEntropyTokens.keep(all, selected);
    assertThat(kept.mask()).isEqualTo(mask);
    assertThat(kept.advantages().get(0, 0))
        .isCloseTo(selected.get(0, 0) * entropies.get(0, 0), within(0.0));
  }

  @Example
  void allAreKeptWhereAllAreAskedFor() {
    CompletionMask mask = CompletionMask.ofLengths(2, 2);
    TokenValues entropies = TokenValues.ofFlat(new double[] {0, 1, 2, 0}, 2, 2);
    assertThat(new HighEntropyTokens(1).selected(entropies, mask).flat()).containsOnly(1);
    assertThat(new HighEntropyTokens(0.25).selected(entropies, mask).flat())
        .containsExactly(0, 0, 1, 0);
  }

  @Example
  void refusals() {
    assertThatThrownBy(() -> new HighEntropyTokens(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("share must be in (0, 1] but was 0.0");
    assertThatThrownBy(() -> EntropyController.adaptive(0)).hasMessageContaining("target");
    assertThatThrownBy(() -> AdaptiveEntropyController.of(2, 0, 1, 0.1, 1))
        .hasMessage("level must be in [least, most] = [0.0, 1.0] but was 2.0");
    assertThatThrownBy(() -> EntropyController.fixed(-1)).hasMessageContaining("coefficient");
    assertThatThrownBy(() -> EntropyController.fixed(1).after(Double.NaN))
        .hasMessageContaining("entropy");
  }
}
