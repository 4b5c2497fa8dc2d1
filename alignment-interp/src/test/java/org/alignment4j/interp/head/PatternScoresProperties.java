package org.alignment4j.interp.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.weights.Matrix;

class PatternScoresProperties {

  private static final Set<Exclusion> NONE = Set.of();

  private static Matrix attention(int n, long seed) {
    Random random = new Random(seed);
    double[] data = new double[n * n];
    for (int q = 0; q < n; q++) {
      double sum = 0;
      for (int k = 0; k <= q; k++) {
        data[q * n + k] = Math.exp(2 * random.nextGaussian());
        sum += data[q * n + k];
      }
      for (int k = 0; k <= q; k++) {
        data[q * n + k] /= sum;
      }
    }
    return Matrix.of(n, n, data);
  }

  private static Matrix uniform(int n) {
    return Matrix.generate(n, n, (q, k) -> k <= q ? 1.0 / (q + 1) : 0);
  }

  /** All attention {@code distance} back; on the first token where there is none. */
  private static Matrix back(int n, int distance) {
    return Matrix.generate(n, n, (q, k) -> k == Math.max(0, q - distance) ? 1 : 0);
  }

  private static TokenIds tokens(int n, int vocabulary, long seed) {
    return TokenIds.of(new Random(seed).ints(n, 0, vocabulary).toArray());
  }

  @Property(tries = 80)
  void scoresAreSharesOfAttention(
      @ForAll @IntRange(min = 2, max = 9) int period,
      @ForAll @IntRange(min = 0, max = 2) int prefix,
      @ForAll long seed) {
    int n = prefix + 2 * period;
    Matrix pattern = attention(n, seed);
    double previous = 0;
    for (int q = 1; q < n; q++) {
      previous += pattern.get(q, q - 1) / (n - 1);
    }
    double duplicate = 0;
    double induction = 0;
    for (int i = 0; i < period; i++) {
      duplicate += pattern.get(prefix + period + i, prefix + i) / period;
      induction += pattern.get(prefix + period + i, prefix + i + 1) / period;
    }
    assertThat(DiagonalScore.previousToken(pattern))
        .isBetween(0.0, 1.0)
        .isCloseTo(previous, within(1e-12));
    assertThat(DiagonalScore.duplicateToken(pattern, prefix, period))
        .isBetween(0.0, 1.0)
        .isCloseTo(duplicate, within(1e-12));
    assertThat(DiagonalScore.induction(pattern, prefix, period))
        .isBetween(0.0, 1.0)
        .isCloseTo(induction, within(1e-12))
        .isEqualTo(DiagonalScore.induction(pattern, prefix, prefix + period, period));
  }

  @Property(tries = 40)
  void idealHeadsScoreOneAndUniformOnesTheirShare(
      @ForAll @IntRange(min = 2, max = 9) int period,
      @ForAll @IntRange(min = 0, max = 2) int prefix) {
    int n = prefix + 2 * period;
    assertThat(DiagonalScore.previousToken(back(n, 1))).isEqualTo(1);
    assertThat(DiagonalScore.duplicateToken(back(n, period), prefix, period)).isEqualTo(1);
    assertThat(DiagonalScore.induction(back(n, period - 1), prefix, period)).isEqualTo(1);
    double previous = 0;
    for (int q = 1; q < n; q++) {
      previous += 1.0 / (q + 1) / (n - 1);
    }
    double second = 0;
    for (int q = prefix + period; q < n; q++) {
      second += 1.0 / (q + 1) / period;
    }
    assertThat(DiagonalScore.previousToken(uniform(n))).isCloseTo(previous, within(1e-12));
    assertThat(DiagonalScore.duplicateToken(uniform(n), prefix, period))
        .isCloseTo(second, within(1e-12));
    assertThat(DiagonalScore.induction(uniform(n), prefix, period))
        .isCloseTo(second, within(1e-12));
  }

  @Property(tries = 80)
  void detectionIsTheWrittenFormulaOnCopies(
      @ForAll @IntRange(min = 2, max = 9) int n,
      @ForAll boolean first,
      @ForAll boolean current,
      @ForAll long seed) {
    Matrix pattern = attention(n, seed);
    Matrix kept = Matrix.of(n, n, pattern.toArray());
    DetectionPattern expected = DetectionPattern.induction(tokens(n, 3, seed));
    Set<Exclusion> exclusions = EnumSet.noneOf(Exclusion.class);
    if (first) {
      exclusions.add(Exclusion.FIRST_TOKEN);
    }
    if (current) {
      exclusions.add(Exclusion.CURRENT_TOKEN);
    }
    double[][] p = new double[n][n];
    double[][] d = new double[n][n];
    double products = 0;
    double sum = 0;
    double expectedSum = 0;
    double differences = 0;
    for (int q = 0; q < n; q++) {
      for (int k = 0; k < n; k++) {
        boolean out = (first && k == 0) || (current && k == q);
        p[q][k] = out ? 0 : pattern.get(q, k);
        d[q][k] = out ? 0 : expected.mask().get(q, k);
        products += p[q][k] * d[q][k];
        sum += p[q][k];
        expectedSum += d[q][k];
        differences += Math.abs(p[q][k] - d[q][k]) / (n * n);
      }
    }
    OptionalDouble mul = DetectionScore.of(pattern, expected, ErrorMeasure.MUL, exclusions);
    OptionalDouble abs = DetectionScore.of(pattern, expected, ErrorMeasure.ABS, exclusions);
    double none = expectedSum == 0 || sum == 0 ? 0 : Double.NaN;
    assertThat(mul.getAsDouble())
        .isBetween(0.0, 1.0)
        .isCloseTo(Double.isNaN(none) ? products / sum : none, within(1e-12));
    assertThat(abs.getAsDouble())
        .isCloseTo(Double.isNaN(none) ? 1 - differences * n : none, within(1e-12));
    assertThat(pattern).as("the pattern given").isEqualTo(kept);
  }

  @Example
  void masksAreThoseOfTransformerLens() {
    TokenIds tokens = TokenIds.of(5, 6, 5, 6, 6);
    assertThat(DetectionPattern.previousToken(3).mask())
        .isEqualTo(Matrix.of(3, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0));
    assertThat(DetectionPattern.duplicateToken(tokens).mask())
        .isEqualTo(
            Matrix.of(
                5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0));
    assertThat(DetectionPattern.induction(tokens).mask())
        .isEqualTo(
            Matrix.of(
                5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1));
  }

  @Example
  void anIdealPatternThatRestsOnTheFirstTokenScoresOne() {
    TokenIds tokens = TokenIds.of(1, 2, 3, 4, 2, 3, 4);
    Matrix mask = DetectionPattern.induction(tokens).mask();
    Matrix ideal =
        Matrix.generate(
            7,
            7,
            (q, k) -> {
              double sum = Arrays.stream(mask.rowValues(q)).sum();
              return sum > 0 ? mask.get(q, k) : k == 0 ? 1 : 0;
            });
    DetectionPattern expected = DetectionPattern.induction(tokens);
    Set<Exclusion> first = Set.of(Exclusion.FIRST_TOKEN);
    for (ErrorMeasure measure : ErrorMeasure.values()) {
      assertThat(DetectionScore.of(ideal, expected, measure, first)).hasValue(1);
      assertThat(DetectionScore.of(mask, expected, measure, NONE)).hasValue(1);
      assertThat(DetectionScore.of(ideal, expected, measure, NONE).getAsDouble()).isLessThan(1);
    }
  }

  @Example
  void edges() {
    Matrix one = Matrix.row(1);
    TokenIds token = TokenIds.of(3);
    for (ErrorMeasure measure : ErrorMeasure.values()) {
      assertThat(DetectionScore.of(one, DetectionPattern.previousToken(1), measure, NONE))
          .isEmpty();
      assertThat(
              DetectionScore.of(
                  back(4, 9),
                  DetectionPattern.duplicateToken(TokenIds.of(1, 2, 3, 4)),
                  measure,
                  Set.of(Exclusion.FIRST_TOKEN)))
          .as("nothing expected")
          .hasValue(0);
      assertThat(
              DetectionScore.of(
                  back(4, 9),
                  DetectionPattern.previousToken(4),
                  measure,
                  Set.of(Exclusion.FIRST_TOKEN)))
          .as("nothing attended to")
          .hasValue(0);
    }
    assertThat(PatternScores.previousToken().of(one, token)).isEmpty();
    assertThat(PatternScores.previousToken().of(back(3, 1), TokenIds.of(1, 2, 3))).hasValue(1);
    assertThat(
            PatternScores.detection(DetectionPattern::duplicateToken, ErrorMeasure.MUL, NONE)
                .of(one, token))
        .isEmpty();
  }

  /**
   * Attention of {@code 1/(q+1)} in the q-th row: the figures of TransformerLens' way to average.
   */
  @Example
  void aWholeDiagonalCountsQueriesBeforeTheSecondCopyToo() {
    assertThat(DiagonalScore.diagonal(uniform(101), 49)).isCloseTo(0.013809, within(5e-7));
    assertThat(DiagonalScore.diagonal(back(101, 49), 49)).isEqualTo(1);
    assertThat(DiagonalScore.diagonal(uniform(5), 1))
        .isEqualTo(DiagonalScore.previousToken(uniform(5)));
    assertThatThrownBy(() -> DiagonalScore.diagonal(uniform(5), 5))
        .hasMessage("distance must be in [0, 4] but was 5");
  }

  @Example
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> DiagonalScore.previousToken(Matrix.zeros(2, 3)))
        .hasMessage("pattern must be of at least 2 queries and as many keys but was [2, 3]");
    assertThatThrownBy(() -> DiagonalScore.induction(uniform(7), 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 + 2·3 tokens, but was [7, 7]");
    assertThatThrownBy(() -> DiagonalScore.duplicateToken(uniform(2), 0, 1))
        .hasMessageContaining("two copies of at least 2 tokens");
    assertThat(DiagonalScore.induction(back(9, 4), 1, 6, 3)).isEqualTo(1);
    assertThatThrownBy(() -> DiagonalScore.induction(uniform(9), 1, 6, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("within 9 tokens but were 1, 6 and 4");
    assertThatThrownBy(() -> DiagonalScore.induction(uniform(9), 6, 6, 1))
        .hasMessageContaining("one after the other");
    assertThatThrownBy(() -> new DetectionPattern(Matrix.zeros(2, 3)))
        .hasMessage("mask must be square, one row and one column a token, but was [2, 3]");
    assertThatThrownBy(() -> new DetectionPattern(Matrix.of(2, 2, 0, 0.5, 0, 0)))
        .hasMessageContaining("was 0.5 at query 0, key 1");
    assertThatThrownBy(() -> new DetectionPattern(Matrix.of(2, 2, 0, 0, 2, 0)))
        .hasMessageContaining("from 0 to 1 but was 2.0 at query 1, key 0");
    assertThatThrownBy(
            () ->
                DetectionScore.of(
                    uniform(3), DetectionPattern.previousToken(4), ErrorMeasure.MUL, NONE))
        .hasMessage("pattern must be of the detection pattern's size [4, 4] but was [3, 3]");
  }
}
