package org.alignment4j.rlhf.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SelectionProperties {

  /** Rewards in few steps, so that many tie. */
  private static List<Candidate> candidates(long seed, int prompts, int samples) {
    Random random = new Random(seed);
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < prompts * samples; i++) {
      candidates.add(new Candidate(i / samples, random.nextInt(4), random.nextGaussian()));
    }
    return candidates;
  }

  @Property(tries = 200)
  void everyPromptGivesItsFirstBestAnswer(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int prompts,
      @ForAll @IntRange(min = 1, max = 6) int samples) {
    List<Candidate> all = candidates(seed, prompts, samples);
    List<Integer> selected = Selection.bestPerPrompt().select(all);
    assertThat(selected).hasSize(prompts).isSorted();
    for (int p = 0; p < prompts; p++) {
      int expected = p * samples;
      for (int i = p * samples; i < (p + 1) * samples; i++) {
        expected = all.get(i).reward() > all.get(expected).reward() ? i : expected;
      }
      assertThat(selected.get(p)).isEqualTo(expected);
    }
    if (samples == 1) {
      assertThat(selected).hasSize(all.size());
    }
  }

  @Property(tries = 200)
  void theShareHasTheHighestRewardsAndTheFirstOfEqualOnes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int count,
      @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
    List<Candidate> all = candidates(seed, count, 1);
    List<Integer> selected = Selection.topShare(share).select(all);
    assertThat(selected.size()).isBetween((int) Math.floor(share * count), count).isPositive();
    List<Integer> order =
        IntStream.range(0, count)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -all.get(i).reward())
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    assertThat(selected)
        .isSorted()
        .containsExactlyInAnyOrderElementsOf(order.subList(0, selected.size()));
    assertThat(Selection.topShare(1).select(all)).hasSize(count);
  }

  @Property(tries = 200)
  void theDivergenceIsTakenOffTheReward(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 3) double beta) {
    List<Candidate> all = candidates(seed, 4, 4);
    List<Candidate> penalised =
        all.stream()
            .map(c -> new Candidate(c.prompt(), c.reward() - beta * c.logRatio(), 0))
            .toList();
    for (Selection selection : List.of(Selection.bestPerPrompt(), Selection.topShare(0.3))) {
      assertThat(selection.klAware(beta).select(all)).isEqualTo(selection.select(penalised));
      assertThat(selection.klAware(beta).usesLogRatios()).isTrue();
      assertThat(selection.usesLogRatios()).isFalse();
    }
  }

  @Example
  void tenPercentOfAHundredAreTenAndNothingGivesNothing() {
    assertThat(Selection.topShare(0.1).select(candidates(1, 100, 1))).hasSize(10);
    assertThat(Selection.topShare(0.07).select(candidates(1, 100, 1))).hasSize(7);
    assertThat(Selection.topShare(0.5).select(List.of())).isEmpty();
    assertThat(Selection.bestPerPrompt().select(List.of())).isEmpty();
  }

  @Example
  void badInputIsRefused() {
    assertThatThrownBy(() -> Selection.topShare(0))
        .hasMessage("share must be in (0, 1] but was 0.0");
    assertThatThrownBy(() -> Selection.topShare(1.1)).hasMessageContaining("1.1");
    assertThatThrownBy(() -> Selection.bestPerPrompt().klAware(-1))
        .hasMessage("beta must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> new Candidate(3, Double.NaN, 0))
        .hasMessageContainingAll("prompt 3", "must be finite but were NaN");
  }
}
