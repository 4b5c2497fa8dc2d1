package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Weighted sums are the means they are named after, however an update is split. */
class TokenWeightsProperties {

  private static final List<TokenWeights> ALL =
      List.of(
          TokenWeights.sequenceMean(),
          TokenWeights.tokenMean(),
          TokenWeights.promptMean(),
          TokenWeights.sequenceSum(),
          TokenWeights.constantLength(11));

  /** Members of a group lie apart; with the second and fifth sequence all of prompt 1 is left. */
  private static final int[] PROMPT_OF = {0, 1, 0, 2, 1, 2};

  private static double weighted(TokenValues weights, TokenValues losses, CompletionMask mask) {
    double sum = 0;
    double[] w = weights.flat(mask);
    double[] l = losses.flat(mask);
    for (int i = 0; i < w.length; i++) {
      sum += w[i] * l[i];
    }
    return sum;
  }

  private static double naive(
      TokenWeights form, TokenValues losses, CompletionMask mask, int[] promptOf) {
    if (form instanceof PromptMeanWeights) {
      return ofPrompts(losses, mask, promptOf);
    }
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

  /** The mean over prompts that have a token of the mean over the tokens of each. */
  private static double ofPrompts(TokenValues losses, CompletionMask mask, int[] promptOf) {
    List<Double> means = new ArrayList<>();
    for (int prompt : IntStream.of(promptOf).distinct().toArray()) {
      List<Double> tokens = new ArrayList<>();
      for (int s = 0; s < promptOf.length; s++) {
        for (int t = 0; t < mask.length(s) && promptOf[s] == prompt; t++) {
          if (mask.scored(s, t)) {
            tokens.add(losses.get(s, t));
          }
        }
      }
      tokens.stream().mapToDouble(l -> l).average().ifPresent(means::add);
    }
    return means.stream().mapToDouble(m -> m).average().orElseThrow();
  }

  @Property(tries = 60)
  void weightedSumsAreTheMeans(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(6, 9);
    CompletionMask mask =
        random.gapped(lengths).without(new boolean[] {false, true, false, false, true, false});
    TokenValues losses = random.values(lengths);
    Groups groups = Groups.ofIndices(PROMPT_OF);
    for (TokenWeights form : ALL) {
      TokenValues weights = form.weights(mask, groups);
      assertThat(weighted(weights, losses, mask))
          .as(form.toString())
          .isCloseTo(naive(form, losses, mask, PROMPT_OF), within(1e-12));
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
      TokenValues weights = form.weights(mask, Groups.ofIndices(PROMPT_OF));
      double sum = 0;
      for (int[] part : parts) {
        sum += weighted(weights.select(part), losses.select(part), mask.select(part));
      }
      assertThat(sum).isCloseTo(weighted(weights, losses, mask), within(1e-12));
    }
  }

  @Property(tries = 60)
  void promptsWeighTheSameAndTheirTokensToo(@ForAll long seed) {
    CompletionMask mask = CompletionMask.ofLengths(new RandomRollouts(seed).lengths(6, 9));
    Groups groups = Groups.ofIndices(PROMPT_OF);
    TokenValues weights = TokenWeights.promptMean().weights(mask, groups);
    for (int g = 0; g < groups.count(); g++) {
      int[] members = groups.members(g);
      double[] own = weights.select(members).flat(mask.select(members));
      assertThat(Arrays.stream(own).sum()).isCloseTo(1.0 / groups.count(), within(1e-12));
      assertThat(Arrays.stream(own).distinct()).hasSize(1);
    }
  }

  @Property(tries = 60)
  void promptMeanDoesNotDependOnTheOrderOfSequences(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(6, 9);
    CompletionMask mask = random.gapped(lengths);
    int[] order = {4, 2, 0, 5, 1, 3};
    Groups groups = Groups.ofIndices(PROMPT_OF);
    TokenValues weights = TokenWeights.promptMean().weights(mask, groups);
    TokenValues moved = TokenWeights.promptMean().weights(mask.select(order), groups.select(order));
    assertThat(moved.flat()).containsExactly(weights.select(order).flat(), within(1e-16));
  }

  @Property(tries = 60)
  void aPromptMeanIsTheTokenMeanOfOnePromptAndTheSequenceMeanOfGroupsOfOne(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    CompletionMask mask = random.gapped(random.lengths(6, 9));
    assertThat(TokenWeights.promptMean().weights(mask, Groups.consecutive(1, 6)).flat())
        .containsExactly(TokenWeights.tokenMean().weights(mask).flat(), within(1e-16));
    assertThat(TokenWeights.promptMean().weights(mask).flat())
        .containsExactly(TokenWeights.sequenceMean().weights(mask).flat(), within(1e-16));
  }

  @Example
  void aLongAnswerWeighsLessToOtherPromptsButNotToItsOwn() {
    Groups groups = Groups.consecutive(2, 2);
    TokenValues weights =
        TokenWeights.promptMean().weights(CompletionMask.ofLengths(1, 7, 2, 2), groups);
    assertThat(weights.get(0, 0)).isEqualTo(1.0 / 2 / 8);
    assertThat(weights.get(1, 6)).isEqualTo(1.0 / 2 / 8);
    assertThat(weights.get(2, 0)).isEqualTo(1.0 / 2 / 4);
    assertThatThrownBy(
            () -> TokenWeights.promptMean().weights(CompletionMask.ofLengths(1, 7), groups))
        .hasMessage("groups must hold the mask's 2 sequences but hold 4");
  }

  @Example
  void selectedGroupsAreNumberedAnew() {
    Groups groups = Groups.ofIndices(PROMPT_OF);
    assertThat(groups.select(3, 0, 5, 2)).isEqualTo(Groups.ofIndices(0, 1, 0, 1));
    assertThat(groups.select()).isEqualTo(Groups.consecutive(0, 1));
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
