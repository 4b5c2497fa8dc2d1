package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/** Singular values and ranks. */
class SpectrumProperties {

  private static double[][] random(int rows, int columns, int rank, long seed) {
    Random random = new Random(seed);
    double[][] left = new double[rows][rank];
    double[][] right = new double[rank][columns];
    for (double[][] matrix : new double[][][] {left, right}) {
      for (double[] row : matrix) {
        for (int j = 0; j < row.length; j++) {
          row[j] = random.nextGaussian();
        }
      }
    }
    double[][] product = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < rank; k++) {
          product[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }

  @Property(tries = 60)
  void valuesAreThoseOfTheSingularValueDecomposition(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(min = 1, max = 5) int rank,
      @ForAll long seed) {
    double[][] matrix = random(rows, columns, rank, seed);
    double[] expected =
        new SingularValueDecomposition(new Array2DRowRealMatrix(matrix)).getSingularValues();
    Spectrum spectrum = Spectrum.of(matrix);
    assertThat(spectrum.values().length()).isEqualTo(Math.min(rows, columns));
    for (int i = 0; i < expected.length; i++) {
      assertThat(spectrum.values().get(i)).isCloseTo(expected[i], within(2e-7 * expected[0]));
    }
    int most = Math.min(rank, Math.min(rows, columns));
    assertThat(spectrum.effectiveRank()).isBetween(1 - 1e-9, most + 1e-9);
    assertThat(spectrum.stableRank()).isBetween(1 - 1e-9, spectrum.effectiveRank() + most);
    assertThat(spectrum.stableRank()).isLessThan(most + 1e-9);
  }

  @Example
  void equalValuesCountFullyAndOneValueCountsOnce() {
    double[][] turned = {{0, 3, 0}, {0, 0, -3}, {0, 0, 0}, {3, 0, 0}};
    assertThat(Spectrum.of(turned).effectiveRank()).isCloseTo(3, within(1e-12));
    assertThat(Spectrum.of(turned).stableRank()).isCloseTo(3, within(1e-12));
    Spectrum one = Spectrum.of(new double[][] {{1, 2}, {2, 4}, {-1, -2}});
    assertThat(one.effectiveRank()).isCloseTo(1, within(1e-6));
    assertThat(one.values().get(0)).isCloseTo(Math.sqrt(30), within(1e-12));
    assertThat(Spectrum.of(new double[2][3]).effectiveRank()).isZero();
    assertThat(Spectrum.of(new double[2][3]).stableRank()).isZero();
  }

  @Example
  void entropyIsOfTheValuesNotOfTheirSquares() {
    Spectrum spectrum = Spectrum.of(new double[][] {{3, 0}, {0, 1}});
    double expected = Math.exp(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25));
    assertThat(spectrum.effectiveRank()).isCloseTo(expected, within(1e-12));
    assertThat(spectrum.stableRank()).isCloseTo(10.0 / 9, within(1e-12));
  }

  @Example
  void matricesWithoutElementsOrWithInfiniteOnesAreRefused() {
    assertThatThrownBy(() -> Spectrum.of(new double[0][0]))
        .hasMessage("a matrix must have at least one row and column");
    assertThatThrownBy(() -> Spectrum.of(new double[][] {{1, Double.NaN}}))
        .hasMessageContaining("finite elements");
  }
}
