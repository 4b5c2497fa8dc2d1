package org.alignment4j.interp.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.ThinSvd;

class FactoredMatrixProperties {

  static Matrix random(int rows, int columns, Random random) {
    return Matrix.generate(rows, columns, (i, j) -> random.nextGaussian());
  }

  static FactoredMatrix factored(int m, int e, int n, long seed) {
    Random random = new Random(seed);
    return new FactoredMatrix(random(m, e, random), random(e, n, random));
  }

  @Property(tries = 60)
  void operationsAreThoseOfTheDenseMatrix(
      @ForAll @IntRange(min = 1, max = 7) int m,
      @ForAll @IntRange(min = 1, max = 7) int e,
      @ForAll @IntRange(min = 1, max = 7) int n,
      @ForAll @IntRange(min = 1, max = 4) int f,
      @ForAll long seed) {
    FactoredMatrix a = factored(m, e, n, seed);
    FactoredMatrix b = factored(n, f, 5, seed + 1);
    Matrix dense = a.product();
    Matrix other = random(n, 3, new Random(seed + 2));
    Matrix before = random(2, m, new Random(seed + 3));
    same(a.transposed().product(), dense.transposed());
    same(a.scaled(-2.5).product(), dense.scaled(-2.5));
    same(a.times(other).product(), dense.times(other));
    same(a.timesFromLeft(before).product(), before.times(dense));
    same(a.times(b).product(), dense.times(b.product()));
    assertThat(a.times(b).inner()).isEqualTo(Math.min(e, f));
    same(a.madeEven().product(), dense);
    double squares = 0;
    for (double x : dense.toArray()) {
      squares += x * x;
    }
    assertThat(a.norm()).isCloseTo(Math.sqrt(squares), within(1e-10 * (1 + Math.sqrt(squares))));
    double[] of = ThinSvd.of(dense).values();
    double[] s = a.svd().values();
    for (int i = 0; i < Math.max(s.length, of.length); i++) {
      double one = i < s.length ? s[i] : 0;
      double two = i < of.length ? of[i] : 0;
      assertThat(one).isCloseTo(two, within(1e-9));
    }
  }

  @Property(tries = 60)
  void evenFactorsHaveTheSameNorms(
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @IntRange(min = 1, max = 6) int e,
      @ForAll long seed) {
    FactoredMatrix even = factored(m, e, 5, seed).madeEven();
    assertThat(even.left().norm()).isCloseTo(even.right().norm(), within(1e-9));
  }

  @Property(tries = 60)
  void eigenvaluesSumToTheTraceAndSolveTheCharacteristicEquation(
      @ForAll @IntRange(min = 1, max = 7) int m,
      @ForAll @IntRange(min = 1, max = 7) int e,
      @ForAll long seed) {
    FactoredMatrix a = factored(m, e, m, seed);
    List<Eigenvalue> eigenvalues = a.eigenvalues();
    assertThat(eigenvalues).hasSize(Math.min(m, e));
    double trace = 0;
    double ofSquares = 0;
    for (int i = 0; i < m; i++) {
      trace += a.product().get(i, i);
      ofSquares += a.product().times(a.product()).get(i, i);
    }
    double sum = 0;
    double imaginary = 0;
    double squares = 0;
    for (Eigenvalue z : eigenvalues) {
      sum += z.real();
      imaginary += z.imaginary();
      squares += z.real() * z.real() - z.imaginary() * z.imaginary();
    }
    double bound = 1e-8 * (1 + a.norm() * a.norm());
    assertThat(sum).isCloseTo(trace, within(bound));
    assertThat(a.trace()).isCloseTo(trace, within(1e-9));
    assertThat(imaginary).isCloseTo(0, within(bound));
    assertThat(squares).isCloseTo(ofSquares, within(bound));
    for (int i = 1; i < eigenvalues.size(); i++) {
      assertThat(eigenvalues.get(i).magnitude())
          .isLessThanOrEqualTo(eigenvalues.get(i - 1).magnitude());
    }
  }

  /** Whole numbers of one or two values: many of these matrices are singular or have no basis. */
  @Property(tries = 400)
  void degenerateMatricesHaveEigenvaluesToo(
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = 0, max = 2) int largest,
      @ForAll @IntRange(min = -200, max = 200) int exponent,
      @ForAll long seed) {
    Random random = new Random(seed);
    double unit = Math.pow(10, exponent);
    Matrix whole = Matrix.generate(n, n, (i, j) -> unit * random.nextInt(largest + 1));
    FactoredMatrix a = new FactoredMatrix(whole, Matrix.generate(n, n, (i, j) -> i == j ? 1 : 0));
    double sum = 0;
    for (Eigenvalue z : a.eigenvalues()) {
      sum += z.real() / unit;
    }
    assertThat(sum).isCloseTo(a.trace() / unit, within(1e-9));
  }

  @Example
  void aRotationHasImaginaryEigenvalues() {
    FactoredMatrix quarter =
        new FactoredMatrix(Matrix.of(2, 2, 0, -1, 1, 0), Matrix.of(2, 2, 1, 0, 0, 1));
    List<Eigenvalue> z = quarter.eigenvalues();
    assertThat(z.get(0).real()).isCloseTo(0, within(1e-12));
    assertThat(z.get(0).imaginary()).isCloseTo(1, within(1e-12));
    assertThat(z.get(1).imaginary()).isCloseTo(-1, within(1e-12));
    assertThat(z.get(0).magnitude()).isCloseTo(1, within(1e-12));
  }

  @Example
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new FactoredMatrix(Matrix.zeros(3, 2), Matrix.zeros(3, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("factors must be [m, e] and [e, n] but were [3, 2] and [3, 2]");
    FactoredMatrix wide = factored(2, 1, 3, 5);
    assertThatThrownBy(wide::eigenvalues)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a matrix must be square to have eigenvalues but was [2, 3] of rank 1 or less");
    assertThatThrownBy(wide::trace).hasMessageContaining("to have a trace");
    FactoredMatrix infinite =
        new FactoredMatrix(Matrix.row(Double.POSITIVE_INFINITY), Matrix.row(1));
    assertThatThrownBy(infinite::eigenvalues).hasMessageContaining("must be finite");
    assertThatThrownBy(infinite::norm).hasMessageContaining("must be finite");
  }

  private static void same(Matrix one, Matrix two) {
    assertThat(one.toString()).isEqualTo(two.toString());
    assertThat(one.toArray()).containsExactly(two.toArray(), within(1e-9));
  }
}
