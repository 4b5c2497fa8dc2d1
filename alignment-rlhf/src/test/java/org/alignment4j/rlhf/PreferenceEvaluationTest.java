package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.loss.PairValues;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.SftTermLoss;
import org.junit.jupiter.api.Test;

/** Figures of given log-probabilities, computed by hand. */
class PreferenceEvaluationTest {

  private static final double[] PROBABILITIES = {1, 0.2, 0.7, 0.5, 0.9};
  private static final double[] CHOSEN = {-1, -2, -3, -4, -5};
  private static final double[] REJECTED = {-2, -1, -6, -4.5, -5.5};
  private static final double[] FROZEN_CHOSEN = {-1.5, -1.5, -3.25, -3, -5};
  private static final double[] FROZEN_REJECTED = {-2, -1.25, -5, -4, -5.5};

  /** Differences of log ratios: 0.5, −0.75, 1.25, −0.5, 0. Lengths: 2-1, 1-3, 2-2, 3-1, 1-2. */
  private static final double[] D = {0.5, -0.75, 1.25, -0.5, 0};

  private static final int[][] LENGTHS = {{2, 1}, {1, 3}, {2, 2}, {3, 1}, {1, 2}};

  private static TokenIds tokens(int first, int size) {
    int[] ids = new int[size];
    for (int i = 0; i < size; i++) {
      ids[i] = first + i;
    }
    return TokenIds.of(ids);
  }

  private static PreferenceEvaluation evaluate(PreferenceLoss loss, boolean swapped) {
    return evaluate(loss, swapped, new int[] {1, 2, 3, 4, 5});
  }

  private static PreferenceEvaluation evaluate(
      PreferenceLoss loss, boolean swapped, int[] prompts) {
    List<PreferenceExample> examples = new ArrayList<>();
    for (int i = 0; i < D.length; i++) {
      TokenIds chosen = tokens(10, LENGTHS[i][0]);
      TokenIds rejected = tokens(20, LENGTHS[i][1]);
      examples.add(
          swapped
              ? new PreferenceExample(
                  i, TokenIds.of(prompts[i]), rejected, chosen, 1 - PROBABILITIES[i])
              : new PreferenceExample(
                  i, TokenIds.of(prompts[i]), chosen, rejected, PROBABILITIES[i]));
    }
    PairValues pairs =
        PairValues.of(CHOSEN, REJECTED)
            .reference(FROZEN_CHOSEN, FROZEN_REJECTED)
            .lengths(lengths(0), lengths(1));
    return PreferenceEvaluation.of(
        examples,
        swapped ? pairs.swapped() : pairs,
        loss,
        new EncodingReport(5, 5, 0, 0, 0, List.of()));
  }

  private static double[] lengths(int side) {
    return Arrays.stream(LENGTHS).mapToDouble(pair -> pair[side]).toArray();
  }

  private static void close(Estimate actual, Estimate expected) {
    assertThat(actual.value()).isCloseTo(expected.value(), within(1e-12));
    assertThat(actual.ciLow()).isCloseTo(expected.ciLow(), within(1e-12));
    assertThat(actual.ciHigh()).isCloseTo(expected.ciHigh(), within(1e-12));
    assertThat(actual.n()).isEqualTo(expected.n());
    assertThat(actual.unscored()).isEqualTo(expected.unscored());
  }

  @Test
  void anUncertainPairIsEvidenceForBothAnswers() {
    double beta = 0.5;
    PreferenceEvaluation evaluation = evaluate(PreferenceLoss.dpo(beta), false);

    // agreements 1, 1 − 0.2, 0.7, 1 − 0.5; the fifth is a tie, one half
    assertThat(evaluation.accuracy().value()).isCloseTo(3.5 / 5, within(1e-12));
    assertThat(evaluation.accuracy().n()).isEqualTo(5);
    assertThat(evaluation.accuracy().unscored()).isZero();
    assertThat(evaluation.ties()).isEqualTo(1);
    assertThat(evaluation.accuracyCeiling())
        .isCloseTo((1 + 0.8 + 0.7 + 0.5 + 0.9) / 5, within(1e-12));
    // the longer is better: 1, 1 − 0.2, tie, 0.5, 1 − 0.9
    assertThat(evaluation.longerBaseline().value()).isCloseTo(2.9 / 5, within(1e-12));
    assertThat(evaluation.longerBaseline().unscored()).isZero();
    double margin = 0;
    double loss = 0;
    for (int i = 0; i < D.length; i++) {
      double p = PROBABILITIES[i];
      margin += (2 * p - 1) * beta * D[i] / D.length;
      loss += p * Math.log1p(Math.exp(-beta * D[i])) / D.length;
      loss += (1 - p) * Math.log1p(Math.exp(beta * D[i])) / D.length;
    }
    assertThat(evaluation.margin().value()).isCloseTo(margin, within(1e-12));
    assertThat(evaluation.loss()).isCloseTo(loss, within(1e-12));
  }

  /** All pairs are one update, each label so much of a pair and so much of the swapped one. */
  @Test
  void aMeanOverTokensIsOverThoseOfAllPairs() {
    PreferenceLoss dpo = PreferenceLoss.dpo(0.5);
    PreferenceLoss mixed = dpo.withSft(2, SftTermLoss.Normalisation.BATCH_TOKEN_MEAN);
    double sum = 0;
    double tokens = 0;
    for (int i = 0; i < D.length; i++) {
      double p = PROBABILITIES[i];
      sum -= p * CHOSEN[i] + (1 - p) * REJECTED[i];
      tokens += p * LENGTHS[i][0] + (1 - p) * LENGTHS[i][1];
    }
    for (boolean swapped : new boolean[] {false, true}) {
      double term = evaluate(mixed, swapped).loss() - evaluate(dpo, swapped).loss();
      assertThat(term).isCloseTo(2 * sum / tokens, within(1e-9));
    }
  }

  @Test
  void wilsonsIntervalOfAShareThatIsNoCount() {
    Estimate share = evaluate(PreferenceLoss.dpo(1), false).longerBaseline();
    // ends solve (p̂ − q)² = z²·q(1 − q)/n with p̂ = 0.58, n = 5
    for (double end : new double[] {share.ciLow(), share.ciHigh()}) {
      assertThat((0.58 - end) * (0.58 - end))
          .isCloseTo(1.959963984540054 * 1.959963984540054 * end * (1 - end) / 5, within(1e-12));
    }
    assertThat(share.ciLow()).isLessThan(0.58);
    assertThat(share.ciHigh()).isGreaterThan(0.58).isLessThan(1);
  }

  @Test
  void pairsOfOnePromptCountTogether() {
    PreferenceLoss loss = PreferenceLoss.dpo(1);
    PreferenceEvaluation apart = evaluate(loss, false);
    PreferenceEvaluation together = evaluate(loss, false, new int[] {7, 8, 7, 9, 8});
    assertThat(apart.accuracy().clusters()).isEqualTo(5);
    assertThat(together.accuracy().clusters()).isEqualTo(3);
    assertThat(together.longerBaseline().clusters()).isEqualTo(3);
    assertThat(together.margin().clusters()).isEqualTo(3);
    assertThat(together.accuracy().value()).isCloseTo(apart.accuracy().value(), within(1e-12));
    assertThat(together.accuracy().ciLow()).isLessThan(apart.accuracy().ciLow());
    assertThat(together.accuracy().ciHigh()).isGreaterThan(apart.accuracy().ciHigh());
    assertThat(evaluate(loss, false, new int[5]).accuracy().ciLow()).isNaN();
  }

  @Test
  void swappingPairsChangesNothing() {
    for (PreferenceLoss loss :
        List.of(
            PreferenceLoss.dpo(0.5),
            PreferenceLoss.conservativeDpo(0.3, 0.1),
            PreferenceLoss.hinge(0.5),
            PreferenceLoss.ipo(0.1))) {
      PreferenceEvaluation one = evaluate(loss, false);
      PreferenceEvaluation other = evaluate(loss, true);
      close(other.accuracy(), one.accuracy());
      close(other.longerBaseline(), one.longerBaseline());
      close(other.margin(), one.margin());
      assertThat(other.loss()).isCloseTo(one.loss(), within(1e-12));
    }
  }
}
