package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Weighted sums are the means they are named after, however an update is split. */
class TokenWeightsProperties {

  private static final List<TokenWeights> ALL =
      List.of(
          TokenWeights.sequenceMean(),
          TokenWeights.tokenMean(),
          TokenWeights.sequenceSum(),
          TokenWeights.constantLength(11));

  private static double weighted(TokenValues weights, TokenValues losses, CompletionMask mask) {
    double sum = 0;
    double[] w = weights.flat(mask);
    double[] l = losses.flat(mask);
    for (int i = 0; i < w.length; i++) {
      sum += w[i] * l[i];
    }
    return sum;
  }

  private static double naive(TokenWeights form, TokenValues losses, CompletionMask mask) {
    double total = 0;
    double tokens = 0;
    double sequences = 0;
    for (int s = 0; s < mask.sequences(); s++) {
      double sum = 0;
      double count = 0;
      for (int t = 0; t < mask.length(s); t++) {
        if (mask.scored(s, t)) {
          sum += losses.get(s, t);
          count++;
        }
      }
      if (count > 0) {
        sequences++;
        tokens += count;
        total += form instanceof SequenceMeanWeights ? sum / count : sum;
      }
    }
    if (form instanceof TokenMeanWeights) {
      return total / tokens;
    }
    return form instanceof ConstantLengthWeights ? total / (sequences * 11) : total / sequences;
  }

  @Property(tries = 60)
  void weightedSumsAreTheMeans(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(6, 9);
    CompletionMask mask =
        random.gapped(lengths).without(new boolean[] {false, true, false, false, true, false});
    TokenValues losses = random.values(lengths);
    for (TokenWeights form : ALL) {
      TokenValues weights = form.weights(mask);
      assertThat(weighted(weights, losses, mask))
          .as(form.toString())
          .isCloseTo(naive(form, losses, mask), within(1e-12));
      for (int s = 0; s < 6; s++) {
        for (int t = 0; t < lengths[s]; t++) {
          assertThat(weights.get(s, t) > 0).isEqualTo(mask.scored(s, t));
        }
      }
    }
  }

  @Property(tries = 60)
  void microBatchesAddUp(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(6, 9);
    CompletionMask mask = random.gapped(lengths);
    TokenValues losses = random.values(lengths);
    int[][] parts = {{3, 0}, {5}, {1, 4, 2}};
    for (TokenWeights form : ALL) {
      TokenValues weights = form.weights(mask);
      double sum = 0;
      for (int[] part : parts) {
        sum += weighted(weights.select(part), losses.select(part), mask.select(part));
      }
      assertThat(sum).isCloseTo(weighted(weights, losses, mask), within(1e-12));
    }
  }

  @Example
  void equalLengthsMakeTokenAndSequenceMeanOne() {
    CompletionMask mask = CompletionMask.ofLengths(4, 4, 4);
    assertThat(TokenWeights.sequenceMean().weights(mask).flat())
        .containsExactly(TokenWeights.tokenMean().weights(mask).flat(), within(1e-16));
  }

  @Example
  void constantLengthDoesNotDependOnOtherLengths() {
    TokenWeights form = TokenWeights.constantLength(50);
    List<Double> weights = new ArrayList<>();
    for (int other : new int[] {1, 7, 50}) {
      weights.add(form.weights(CompletionMask.ofLengths(3, other)).get(0, 0));
    }
    assertThat(weights).containsOnly(1.0 / 100);
  }

  @Example
  void nothingScoredWeighsNothing() {
    CompletionMask none = CompletionMask.ofLengths(2, 3).without(new boolean[] {true, true});
    for (TokenWeights form : ALL) {
      assertThat(form.weights(none).flat()).containsOnly(0);
    }
    assertThatThrownBy(() -> TokenWeights.constantLength(0))
        .hasMessage("length must be at least 1 but was 0");
  }
}
