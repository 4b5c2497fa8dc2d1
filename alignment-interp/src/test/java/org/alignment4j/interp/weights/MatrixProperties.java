package org.alignment4j.interp.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MatrixProperties {

  static Matrix random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    return Matrix.generate(rows, columns, (i, j) -> random.nextGaussian());
  }

  @Property(tries = 50)
  void productsAreSumsOfProducts(
      @ForAll @IntRange(min = 1, max = 7) int m,
      @ForAll @IntRange(min = 1, max = 7) int k,
      @ForAll @IntRange(min = 1, max = 7) int n,
      @ForAll long seed) {
    Matrix a = random(m, k, seed);
    Matrix b = random(k, n, seed + 1);
    Matrix product = a.times(b);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int x = 0; x < k; x++) {
          sum += a.get(i, x) * b.get(x, j);
        }
        assertThat(product.get(i, j)).isCloseTo(sum, within(1e-12));
      }
    }
    assertThat(a.timesTransposed(b.transposed())).isEqualTo(product);
    assertThat(b.transposed().times(a.transposed()).transposed().toArray())
        .containsExactly(product.toArray(), within(1e-12));
  }

  @Property(tries = 50)
  void singularVectorsMakeTheMatrixAgain(
      @ForAll @IntRange(min = 1, max = 8) int m,
      @ForAll @IntRange(min = 1, max = 8) int n,
      @ForAll long seed) {
    check(random(m, n, seed), ThinSvd.of(random(m, n, seed)));
  }

  @Property(tries = 50)
  void productsAreDecomposedAsTheirDenseForm(
      @ForAll @IntRange(min = 1, max = 8) int m,
      @ForAll @IntRange(min = 1, max = 8) int k,
      @ForAll @IntRange(min = 1, max = 8) int n,
      @ForAll long seed) {
    Matrix a = random(m, k, seed);
    Matrix b = random(k, n, seed + 1);
    ThinSvd svd = ThinSvd.ofProduct(a, b);
    assertThat(svd.values()).hasSize(Math.min(k, Math.min(m, n)));
    check(a.times(b), svd);
  }

  private static void check(Matrix matrix, ThinSvd svd) {
    double[] s = svd.values();
    Matrix again =
        Matrix.generate(svd.left().rows(), s.length, (i, j) -> svd.left().get(i, j) * s[j])
            .timesTransposed(svd.right());
    assertThat(again.toArray()).containsExactly(matrix.toArray(), within(1e-9));
    Matrix left = svd.left().transposed().times(svd.left());
    Matrix right = svd.right().transposed().times(svd.right());
    for (int i = 0; i < s.length; i++) {
      assertThat(s[i]).isNotNegative().isLessThanOrEqualTo(i == 0 ? s[0] : s[i - 1]);
      double greatest = 0;
      for (int r = 0; r < svd.right().rows(); r++) {
        double x = svd.right().get(r, i);
        greatest = Math.abs(x) > Math.abs(greatest) ? x : greatest;
      }
      assertThat(greatest).as("sign of vector %s", i).isPositive();
      for (int j = 0; j < s.length; j++) {
        assertThat(left.get(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-9));
        assertThat(right.get(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-9));
      }
    }
  }

  @Example
  void partsAndNorms() {
    Matrix m = Matrix.of(2, 3, 1, 2, 3, 4, 5, 6);
    assertThat(m.rows(1, 2)).isEqualTo(Matrix.row(4, 5, 6));
    assertThat(m.columns(1, 3)).isEqualTo(Matrix.of(2, 2, 2, 3, 5, 6));
    assertThat(m.over(Matrix.row(7, 8, 9)).rowValues(2)).containsExactly(7, 8, 9);
    assertThat(m.scaledRows(Matrix.row(2, 3))).isEqualTo(Matrix.of(2, 3, 2, 4, 6, 12, 15, 18));
    assertThat(m.norm()).isCloseTo(Math.sqrt(91), within(1e-14));
    assertThat(m.scaled(1e200).norm()).isCloseTo(Math.sqrt(91) * 1e200, within(1e190));
    assertThat(m.withCentredRows()).isEqualTo(Matrix.of(2, 3, -1, 0, 1, -1, 0, 1));
    assertThat(m.withCentredColumns()).isEqualTo(Matrix.of(2, 3, -1.5, -1.5, -1.5, 1.5, 1.5, 1.5));
    assertThat(m.equals(m.scaled(2))).isFalse();
    assertThat(m.hashCode()).isEqualTo(Matrix.of(2, 3, 1, 2, 3, 4, 5, 6).hashCode());
  }

  @Example
  void whatDoesNotFitIsRefused() {
    Matrix m = Matrix.of(2, 3, 1, 2, 3, 4, 5, 6);
    assertThatThrownBy(() -> m.times(m)).hasMessage("other must be [3, n] but was [2, 3]");
    assertThatThrownBy(() -> m.timesTransposed(m.transposed()))
        .hasMessage("other must be [n, 3] but was [3, 2]");
    assertThatThrownBy(() -> m.plus(Matrix.row(1, 2, 3)))
        .hasMessage("other must be [2, 3] but was [1, 3]");
    assertThatThrownBy(() -> Matrix.of(2, 2, 1))
        .hasMessage("rowMajor must have 4 elements for a matrix [2, 2] but had 1");
    assertThatThrownBy(() -> Matrix.zeros(0, 3)).hasMessageContaining("positive sizes");
    assertThatThrownBy(() -> Matrix.zeros(70_000, 70_000)).hasMessageContaining("2^31");
    assertThatThrownBy(() -> m.get(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ThinSvd.of(Matrix.row(1, Double.NaN)))
        .hasMessage("matrix must be finite but has NaN in row 0, column 1");
    assertThatThrownBy(() -> new Affine(m, Matrix.row(1, 2)))
        .hasMessage("bias must be [1, 3] beside a weight [2, 3] but was [1, 2]");
  }

  @Example
  void tokensAreRankedWithTiesByTheirIds() {
    double[] scores = {1, 3, -2, 3, 0};
    assertThat(TokenScore.greatest(scores, 3))
        .isEqualTo(List.of(new TokenScore(1, 3), new TokenScore(3, 3), new TokenScore(0, 1)));
    assertThat(TokenScore.least(scores, 2))
        .isEqualTo(List.of(new TokenScore(2, -2), new TokenScore(4, 0)));
    assertThat(TokenScore.greatest(scores, 9)).hasSize(5);
    assertThatThrownBy(() -> TokenScore.greatest(scores, -1))
        .hasMessage("count must not be negative but was -1");
    assertThatThrownBy(() -> TokenScore.least(new double[] {Double.NaN}, 1))
        .hasMessageContaining("NaN");
  }
}
