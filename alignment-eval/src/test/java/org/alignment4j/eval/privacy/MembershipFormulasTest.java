package org.alignment4j.eval.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.alignment4j.api.model.LogProbs;
import org.junit.jupiter.api.Test;

class MembershipFormulasTest {

  private static final LogProbs TEXT = LogProbs.of(-1, -4, -0.5, -2.5, -3);

  @Test
  void perplexityIsTheMeanOverTokens() {
    assertThat(MembershipFormulas.logPerplexity(TEXT)).isCloseTo(2.2, within(1e-12));
  }

  @Test
  void aMemberIsLessPerplexingThanForTheReference() {
    assertThat(MembershipFormulas.referenceRatio(TEXT, LogProbs.of(-3, -4)))
        .isCloseTo(3.5 - 2.2, within(1e-12));
  }

  @Test
  void aMemberSuffersMoreInLowerCase() {
    assertThat(MembershipFormulas.lowerCaseRatio(TEXT, LogProbs.of(-4.4)))
        .isCloseTo(2, within(1e-12));
    assertThat(MembershipFormulas.lowerCaseRatio(LogProbs.of(0), LogProbs.of(-1))).isInfinite();
  }

  /** Lengths of CPython's zlib.compress at its default level. */
  @Test
  void compressedLengthsAreThoseOfZlib() {
    assertThat(MembershipFormulas.zlibBytes("a")).isEqualTo(9);
    assertThat(MembershipFormulas.zlibBytes("The quick brown fox jumps over the lazy dog."))
        .isEqualTo(51);
    assertThat(MembershipFormulas.zlibBytes("abc".repeat(50))).isEqualTo(14);
    assertThat(MembershipFormulas.zlibBytes("Grüße, 世界! ".repeat(7))).isEqualTo(29);
    assertThat(MembershipFormulas.zlibRatio(TEXT, "a")).isCloseTo(-2.2 / 9, within(1e-12));
  }

  @Test
  void theLeastLikelyTokensCount() {
    assertThat(MembershipFormulas.minK(TEXT, 0.4)).isCloseTo(-3.5, within(1e-12));
    assertThat(MembershipFormulas.minK(TEXT, 1)).isCloseTo(-2.2, within(1e-12));
  }

  @Test
  void ofAShortTextOneTokenCounts() {
    assertThat(MembershipFormulas.minK(LogProbs.of(-1, -2), 0.2)).isEqualTo(-2);
  }

  @Test
  void logProbabilitiesAreStandardisedByTheVocabulary() {
    double[] means = new double[3];
    double[] deviations = new double[3];
    VocabularyMoments.moments(new float[] {5, 5}, 0, means, deviations);
    VocabularyMoments.moments(
        new float[] {(float) Math.log(0.9) + 7, (float) Math.log(0.1) + 7}, 1, means, deviations);
    VocabularyMoments.moments(new float[] {0, Float.NEGATIVE_INFINITY}, 2, means, deviations);
    double mean = 0.9 * Math.log(0.9) + 0.1 * Math.log(0.1);
    double deviation =
        Math.sqrt(
            0.9 * Math.pow(Math.log(0.9), 2) + 0.1 * Math.pow(Math.log(0.1), 2) - mean * mean);
    assertThat(means[0]).isCloseTo(Math.log(0.5), within(1e-12));
    assertThat(deviations[0]).isCloseTo(0, within(1e-9));
    assertThat(means[1]).isCloseTo(mean, within(1e-6));
    assertThat(deviations[1]).isCloseTo(deviation, within(1e-6));
    assertThat(deviations[2]).isZero();
    LogProbs text = LogProbs.of(Math.log(0.5), Math.log(0.1), 0);
    deviations[0] = 0;
    assertThat(MembershipFormulas.minKPlusPlus(text, means, deviations, 0.34))
        .isCloseTo((Math.log(0.1) - mean) / deviation, within(1e-5));
    assertThat(MembershipFormulas.minKPlusPlus(text, means, deviations, 1))
        .isCloseTo((Math.log(0.1) - mean) / deviation / 3, within(1e-5));
  }

  @Test
  void momentsMustBeOneEach() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MembershipFormulas.minKPlusPlus(TEXT, new double[4], new double[5], 0.2))
        .withMessageContaining("each of 5 tokens");
  }

  @Test
  void truePositivesAtAFewFalseOnes() {
    double[] scores = new double[40];
    boolean[] member = new boolean[40];
    for (int i = 0; i < 20; i++) {
      scores[i] = i;
      scores[20 + i] = i + 0.5;
      member[20 + i] = true;
    }
    // One of twenty others may lie above: 19 does, so that members from 18.5 on are found.
    assertThat(MembershipFormulas.truePositiveRate(scores, member, 0.05)).isEqualTo(0.1);
    assertThat(MembershipFormulas.truePositiveRate(scores, member, 0.049)).isEqualTo(0.05);
    assertThat(MembershipFormulas.truePositiveRate(scores, member, 1)).isEqualTo(1);
    assertThat(MembershipFormulas.truePositiveRate(scores, new boolean[40], 0.05)).isNaN();
  }

  /** Every threshold tried in turn. */
  @Test
  void truePositivesAreThoseOfTheBestThreshold() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 300; round++) {
      int n = 2 + random.nextInt(60);
      double[] scores = new double[n];
      boolean[] member = new boolean[n];
      for (int i = 0; i < n; i++) {
        scores[i] = random.nextInt(12);
        member[i] = i == 0 || (i > 1 && random.nextBoolean());
      }
      double best = 0;
      for (double threshold = -1; threshold < 13; threshold++) {
        double at = threshold;
        double falsePositives = share(scores, member, false, at);
        best = falsePositives <= 0.05 ? Math.max(best, share(scores, member, true, at)) : best;
      }
      assertThat(MembershipFormulas.truePositiveRate(scores, member, 0.05)).isEqualTo(best);
    }
  }

  private static double share(double[] scores, boolean[] member, boolean of, double threshold) {
    double above = 0;
    double all = 0;
    for (int i = 0; i < scores.length; i++) {
      all += member[i] == of ? 1 : 0;
      above += member[i] == of && scores[i] > threshold ? 1 : 0;
    }
    return above / all;
  }

  @Test
  void sharesAreChecked() {
    for (double share : new double[] {0, -0.1, 1.1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new MembershipScore.MinK(share))
          .withMessageContaining("share must be in (0, 1]");
    }
    assertThat(
            Arrays.asList(
                new MembershipScore.MinK(0.2).name(),
                new MembershipScore.MinKPlusPlus(0.125).name()))
        .containsExactly("Min-20%", "Min-12.5%++");
  }
}
