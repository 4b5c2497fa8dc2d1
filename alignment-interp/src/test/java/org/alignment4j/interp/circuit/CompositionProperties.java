package org.alignment4j.interp.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.interp.weights.Matrix;

class CompositionProperties {

  @Property(tries = 60)
  void scoresAreThoseOfTheDenseMatrices(
      @ForAll @IntRange(min = 1, max = 8) int d,
      @ForAll @IntRange(min = 1, max = 5) int e,
      @ForAll long seed) {
    FactoredMatrix ov = FactoredMatrixProperties.factored(d, e, d, seed);
    FactoredMatrix reader = FactoredMatrixProperties.factored(d, e, d, seed + 1);
    double score = CompositionScore.of(ov, reader);
    double dense =
        ov.product().times(reader.product()).norm()
            / (ov.product().norm() * reader.product().norm());
    assertThat(score).isBetween(0.0, 1.0).isCloseTo(dense, within(1e-9));
    assertThat(CompositionScore.of(ov.scaled(-3e5), reader.scaled(1e-4)))
        .as("whatever the scales")
        .isCloseTo(score, within(1e-9));
  }

  @Example
  void whatIsWrittenWhereItIsReadScoresOneAndElsewhereZero() {
    FactoredMatrix first = new FactoredMatrix(Matrix.of(3, 1, 2, 1, 0), Matrix.row(0, 0, 4));
    FactoredMatrix same = new FactoredMatrix(Matrix.of(3, 1, 0, 0, 5), Matrix.row(1, 2, 3));
    FactoredMatrix other = new FactoredMatrix(Matrix.of(3, 1, 1, 7, 0), Matrix.row(1, 2, 3));
    FactoredMatrix nothing = new FactoredMatrix(Matrix.zeros(3, 1), Matrix.row(1, 2, 3));
    assertThat(CompositionScore.of(first, same)).isCloseTo(1, within(1e-12));
    assertThat(CompositionScore.of(first, other)).isCloseTo(0, within(1e-12));
    assertThat(CompositionScore.of(first, nothing)).isZero();
    assertThatThrownBy(() -> CompositionScore.of(first, same.timesFromLeft(Matrix.zeros(2, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reader must have as many rows as ov has columns");
  }

  @Example
  void randomMatricesScoreNearTheRootOfTheWidth() {
    Estimate baseline = CompositionScore.ofRandomMatrices(64, 8, 40, 3);
    assertThat(baseline.value()).isCloseTo(1 / Math.sqrt(64), within(0.01));
    assertThat(baseline.n()).isEqualTo(40);
    assertThat(CompositionScore.ofRandomMatrices(64, 8, 40, 3)).isEqualTo(baseline);
    assertThat(CompositionScore.ofRandomMatrices(64, 8, 40, 4)).isNotEqualTo(baseline);
    assertThatThrownBy(() -> CompositionScore.ofRandomMatrices(64, 8, 1, 3))
        .hasMessage("pairs must be at least 2 but was 1");
  }

  @Example
  void copyingScoresOfKnownEigenvalues() {
    assertThat(CopyingScore.of(diagonal(2, 1, 0.5))).isCloseTo(1, within(1e-12));
    assertThat(CopyingScore.of(diagonal(-2, -1, -3))).isCloseTo(-1, within(1e-12));
    assertThat(CopyingScore.of(diagonal(3, -1, 0))).isCloseTo(0.5, within(1e-12));
    assertThat(CopyingScore.of(diagonal(0, 0, 0))).isZero();
    FactoredMatrix quarter =
        new FactoredMatrix(Matrix.of(2, 2, 0, -1, 1, 0), Matrix.of(2, 2, 1, 0, 0, 1));
    assertThat(CopyingScore.of(quarter)).isCloseTo(0, within(1e-12));
    FactoredMatrix turnAndGrow =
        new FactoredMatrix(Matrix.of(2, 2, 1, -1, 1, 1), Matrix.of(2, 2, 1, 0, 0, 1));
    assertThat(CopyingScore.of(turnAndGrow)).isCloseTo(Math.sqrt(0.5), within(1e-12));
  }

  private static FactoredMatrix diagonal(double... values) {
    int n = values.length;
    return new FactoredMatrix(
        Matrix.generate(n, n, (i, j) -> i == j ? values[i] : 0),
        Matrix.generate(n, n, (i, j) -> i == j ? 1 : 0));
  }

  @Example
  void tablesRankSubtractAndRefuse() {
    CompositionTable table =
        new CompositionTable(
            CompositionKind.KEY,
            List.of(
                new CompositionTable.Pair(0, 0, 1, 0, 0.25),
                new CompositionTable.Pair(0, 1, 1, 0, 0.5)),
            java.util.Set.of());
    assertThat(table.ranked().get(0).writer()).isEqualTo(1);
    assertThat(table.score(0, 0, 1, 0)).isEqualTo(0.25);
    Estimate baseline = new Estimate(0.125, Double.NaN, Double.NaN, Double.NaN, 0.95, 2, 2, 0, 0);
    assertThat(table.above(baseline).score(0, 1, 1, 0)).isEqualTo(0.375);
    assertThatThrownBy(() -> table.score(1, 0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the first in an earlier layer")
        .hasMessageContaining("head 0 of layer 1 and head 0 of layer 1");
  }
}
