package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;

class LogitsProcessorTest {
  private static final double GONE = Double.NEGATIVE_INFINITY;

  private static double[] apply(LogitsProcessor processor, double[] scores, int... tokens) {
    double[] row = scores.clone();
    processor.apply(row, tokens, tokens.length);
    return row;
  }

  @Test
  void repetitionPenaltyActsOncePerTokenAndBySign() {
    double[] row = apply(new RepetitionPenalty(2), new double[] {4, -4, 0, 1}, 0, 1, 0, 2);
    assertThat(row).containsExactly(2, -8, 0, 1);
  }

  /** Probabilities 1/2, 1/4, 1/8, 1/8: entropy 7/4 · log 2, distances 3/4, 1/4, 5/4, 5/4. */
  @Test
  void typicalKeepsTheTokensNearestTheEntropyAndTies() {
    double[] row = {Math.log(4), Math.log(2), 0, 0};
    assertThat(apply(new TypicalP(0.2), row)).containsExactly(GONE, row[1], GONE, GONE);
    assertThat(apply(new TypicalP(0.5), row)).containsExactly(row[0], row[1], GONE, GONE);
    assertThat(apply(new TypicalP(0.8), row)).containsExactly(row);
  }

  @Test
  void epsilonKeepsProbableTokensAndAlwaysTheMostProbable() {
    double[] row = {Math.log(4), Math.log(2), 0, 0};
    assertThat(apply(new EpsilonCutoff(0.2), row)).containsExactly(row[0], row[1], GONE, GONE);
    assertThat(apply(new EpsilonCutoff(0.9), row)).containsExactly(row[0], GONE, GONE, GONE);
    assertThat(apply(new EpsilonCutoff(0.9), new double[] {1, 1})).containsExactly(1, 1);
  }

  /** exp(-H) = 2^-1.75 = 0.2973: sqrt(0.25) · 0.2973 = 0.1487, below epsilon itself. */
  @Test
  void etaFallsWithTheEntropy() {
    double[] row = {Math.log(4), Math.log(2), 0, 0};
    assertThat(apply(new EtaCutoff(0.25), row)).containsExactly(row[0], row[1], GONE, GONE);
    assertThat(apply(new EtaCutoff(0.15), row)).containsExactly(row);
    assertThat(apply(new EtaCutoff(0.01), row)).containsExactly(row);
  }

  @Test
  void cutoffsOutsideTheirRangeAreNamed() {
    assertThatThrownBy(() -> new TypicalP(0)).hasMessage("p must be in (0, 1] but was 0.0");
    assertThatThrownBy(() -> new EpsilonCutoff(1))
        .hasMessage("epsilon must be in [0, 1) but was 1.0");
    assertThatThrownBy(() -> new EtaCutoff(Double.NaN))
        .hasMessage("epsilon must be in [0, 1) but was NaN");
  }

  @Test
  void repetitionPenaltyLeavesRemovedTokensRemoved() {
    assertThat(apply(new RepetitionPenalty(2), new double[] {GONE, 1}, 0)).containsExactly(GONE, 1);
  }

  @Test
  void tokenOutsideVocabularyIsNamed() {
    assertThatThrownBy(() -> apply(new RepetitionPenalty(2), new double[] {1, 2}, 0, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 2) but was 7 at position 1");
  }

  @Test
  void noRepeatNgramForbidsEveryContinuationSeen() {
    double[] row = apply(new NoRepeatNgram(2), new double[5], 1, 2, 1, 3, 1);
    assertThat(row).containsExactly(0, 0, GONE, GONE, 0);
  }

  @Test
  void noRepeatNgramCountsTheOverlappingOccurrence() {
    assertThat(apply(new NoRepeatNgram(3), new double[3], 1, 1, 1)).containsExactly(0, GONE, 0);
  }

  @Test
  void noRepeatNgramNeedsAFullNgram() {
    assertThat(apply(new NoRepeatNgram(3), new double[3], 1, 2)).containsExactly(0, 0, 0);
    assertThat(apply(new NoRepeatNgram(4), new double[3], 1)).containsExactly(0, 0, 0);
    assertThat(apply(new NoRepeatNgram(2), new double[3])).containsExactly(0, 0, 0);
  }

  @Test
  void noRepeatUnigramForbidsAllSeen() {
    assertThat(apply(new NoRepeatNgram(1), new double[3], 2, 0)).containsExactly(GONE, 0, GONE);
  }

  @Test
  void topKKeepsTiesOfTheLast() {
    assertThat(apply(new TopK(2), new double[] {3, 1, 2, 2, 2})).containsExactly(3, GONE, 2, 2, 2);
  }

  @Test
  void topPRemovesLowerIdsOfATieFirst() {
    assertThat(apply(new TopP(0.5), new double[] {1, 1, 1, 1}))
        .as("cumulative 0.25 and 0.5 are at most 0.5")
        .containsExactly(GONE, GONE, 1, 1);
  }

  @Test
  void topPTreatsSignedZerosAsEqual() {
    assertThat(apply(new TopP(0.5), new double[] {0.0, -0.0, 0.0, -0.0}))
        .containsExactly(GONE, GONE, 0.0, -0.0);
  }

  @Test
  void topPOfZeroKeepsTheHighestIdOfTheMost() {
    assertThat(apply(new TopP(0), new double[] {5, 1, 5})).containsExactly(GONE, GONE, 5);
  }

  @Test
  void minPComparesWithTheMostProbable() {
    double[] row = {Math.log(0.5), Math.log(0.3), Math.log(0.15), Math.log(0.05)};
    assertThat(apply(new MinP(0.25), row)).containsExactly(row[0], row[1], row[2], GONE);
    assertThat(apply(new MinP(1), new double[] {2, 2, 1})).containsExactly(2, 2, GONE);
  }

  @Test
  void pipelineFollowsOptionsInOrder() {
    SamplingOptions options =
        SamplingOptions.builder(5)
            .repetitionPenalty(1.1)
            .noRepeatNgramSize(3)
            .ignoreEos(true)
            .temperature(0.7)
            .topK(40)
            .topP(0.9)
            .minP(0.05)
            .build();
    assertThat(LogitsPipeline.of(options, Set.of(2)).processors())
        .containsExactly(
            new RepetitionPenalty(1.1),
            new NoRepeatNgram(3),
            new ForbiddenTokens(Set.of(2)),
            new Temperature(0.7),
            new TopK(40),
            new TopP(0.9),
            new MinP(0.05));
    assertThat(LogitsPipeline.of(options.toBuilder().temperature(0).build(), Set.of()).processors())
        .containsExactly(new RepetitionPenalty(1.1), new NoRepeatNgram(3));
    assertThat(LogitsPipeline.of(SamplingOptions.sampling(5, 1), Set.of(2)).processors()).isEmpty();
  }

  @Test
  void pipelineLeavesItsInputAlone() {
    LogitsPipeline pipeline = new LogitsPipeline(java.util.List.of(new Temperature(0.5)));
    float[] row = {1, 2};
    assertThat(pipeline.apply(row, new int[0], 0)).containsExactly(2, 4);
    assertThat(row).containsExactly(1, 2);
  }

  @Test
  void parametersAreChecked() {
    assertThatThrownBy(() -> new Temperature(0))
        .hasMessage("temperature must be positive and finite but was 0.0");
    assertThatThrownBy(() -> new TopP(1.5)).hasMessage("p must be in [0, 1] but was 1.5");
    assertThatThrownBy(() -> new TopK(0)).hasMessage("k must be at least 1 but was 0");
    assertThatThrownBy(() -> new RepetitionPenalty(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new NoRepeatNgram(0)).hasMessageContaining("but was 0");
    assertThatThrownBy(() -> new MinP(-0.1)).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> apply(new ForbiddenTokens(Set.of(9)), new double[3]))
        .hasMessage("forbidden token must be below the vocabulary size 3 but was 9");
  }

  @Test
  void theSmallestTemperaturesLeaveTheLargestScore() {
    for (double temperature : new double[] {1e-3, 1e-300, Double.MIN_VALUE}) {
      double[] scores = {30, -5, 29, Double.NEGATIVE_INFINITY};
      new Temperature(temperature).apply(scores, new int[0], 0);
      assertThat(TokenSampler.draw(scores, 0.999).token()).isZero();
      assertThat(scores[3]).isEqualTo(Double.NEGATIVE_INFINITY);
    }
  }
}
