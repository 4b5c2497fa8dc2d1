package org.alignment4j.interp.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/** Closed forms of ROME and MEMIT, against what they promise and against other ways to solve. */
class InsertionProperties {

  private static final int KEYS = 7;
  private static final int VALUES = 4;

  private static double[] vector(Random random, int n) {
    return random.doubles(n, -1, 1).toArray();
  }

  private static KeyMoments moments(Random random) {
    KeyMomentsCollector collector = new KeyMomentsCollector("m", 0);
    List<double[]> keys = new ArrayList<>();
    for (int i = 0; i < 3 * KEYS; i++) {
      keys.add(vector(random, KEYS));
    }
    collector.addKeys(keys);
    return collector.result();
  }

  private static KeyMetric metric(Random random) {
    return KeyMetric.of(moments(random), 0);
  }

  private static double[] times(double[][] matrix, double[] vector) {
    return new Array2DRowRealMatrix(matrix).operate(vector);
  }

  @Property(tries = 50)
  void theKeyIsMappedExactlyAndTheChangeHasRankOne(@ForAll long seed) {
    Random random = new Random(seed);
    KeyMetric metric = metric(random);
    double[] direction = vector(random, KEYS);
    double[] key = direction.clone();
    key[0] += 0.1;
    double[] residual = vector(random, VALUES);
    double[][] delta = Insertion.single(metric, direction, key, residual);
    assertThat(times(delta, key)).containsExactly(residual, within(1e-9));
    double[] singular =
        new SingularValueDecomposition(new Array2DRowRealMatrix(delta)).getSingularValues();
    assertThat(singular[1]).isLessThan(1e-10 * singular[0]);
  }

  @Property(tries = 50)
  void keysThatAreOrthogonalInTheMetricStay(@ForAll long seed) {
    Random random = new Random(seed);
    KeyMetric metric = metric(random);
    double[] key = vector(random, KEYS);
    double[] u = metric.solve(key);
    double[] other = vector(random, KEYS);
    double part = Insertion.dot(other, u) / Insertion.dot(u, u);
    for (int i = 0; i < KEYS; i++) {
      other[i] -= part * u[i];
    }
    double[][] delta = Insertion.single(metric, key, key, vector(random, VALUES));
    assertThat(times(delta, other)).containsExactly(new double[VALUES], within(1e-9));
  }

  @Property(tries = 30)
  void withoutCorpusTheChangeIsTheOuterProduct(@ForAll long seed) {
    Random random = new Random(seed);
    double[] key = vector(random, KEYS);
    double[] residual = vector(random, VALUES);
    double[][] delta = Insertion.single(KeyMetric.identity(), key, key, residual);
    for (int i = 0; i < VALUES; i++) {
      for (int j = 0; j < KEYS; j++) {
        assertThat(delta[i][j])
            .isCloseTo(residual[i] * key[j] / Insertion.dot(key, key), within(1e-12));
      }
    }
  }

  @Property(tries = 50)
  void solvingIsTheInverseOfTheMomentsWithTheirRidge(@ForAll long seed) {
    Random random = new Random(seed);
    KeyMoments moments = moments(random);
    RealMatrix c = new Array2DRowRealMatrix(KEYS, KEYS);
    double mean = 0;
    for (int i = 0; i < KEYS; i++) {
      mean += moments.moment(i, i) / KEYS;
      for (int j = 0; j < KEYS; j++) {
        c.setEntry(i, j, moments.moment(i, j));
      }
    }
    for (int i = 0; i < KEYS; i++) {
      c.addToEntry(i, i, 0.3 * mean);
    }
    double[] key = vector(random, KEYS);
    assertThat(c.operate(KeyMetric.of(moments, 0.3).solve(key)))
        .containsExactly(key, within(1e-10));
  }

  @Property(tries = 50)
  void jointChangesAreThoseOfThePaperWhicheverFormIsSolved(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int facts) {
    Random random = new Random(seed);
    KeyMoments moments = moments(random);
    KeyMetric metric = KeyMetric.of(moments, 0);
    List<double[]> keys = new ArrayList<>();
    List<double[]> residuals = new ArrayList<>();
    for (int f = 0; f < facts; f++) {
      keys.add(vector(random, KEYS));
      residuals.add(vector(random, VALUES));
    }
    double lambda = 0.5 + random.nextDouble();
    RealMatrix k = new Array2DRowRealMatrix(keys.toArray(double[][]::new)).transpose();
    RealMatrix d = new Array2DRowRealMatrix(residuals.toArray(double[][]::new)).transpose();
    RealMatrix sum = k.multiply(k.transpose());
    for (int i = 0; i < KEYS; i++) {
      for (int j = 0; j < KEYS; j++) {
        sum.addToEntry(i, j, lambda * moments.moment(i, j));
      }
    }
    RealMatrix expected =
        d.multiply(k.transpose()).multiply(new LUDecomposition(sum).getSolver().getInverse());
    double[][] delta = Insertion.joint(metric, keys, residuals, lambda);
    for (int i = 0; i < VALUES; i++) {
      assertThat(delta[i]).containsExactly(expected.getRow(i), within(1e-9));
    }
  }

  @Property(tries = 30)
  void withoutWeightOfTheCorpusIndependentKeysAreMappedExactly(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int facts) {
    Random random = new Random(seed);
    KeyMetric metric = metric(random);
    List<double[]> keys = new ArrayList<>();
    List<double[]> residuals = new ArrayList<>();
    for (int f = 0; f < facts; f++) {
      double[] key = vector(random, KEYS);
      key[f] += 3;
      keys.add(key);
      residuals.add(vector(random, VALUES));
    }
    double[][] exact = Insertion.joint(metric, keys, residuals, 0);
    double[][] none = Insertion.joint(metric, keys, residuals, 1e12);
    for (int f = 0; f < facts; f++) {
      assertThat(times(exact, keys.get(f))).containsExactly(residuals.get(f), within(1e-8));
      assertThat(times(none, keys.get(f))).containsExactly(new double[VALUES], within(1e-8));
    }
    if (facts == 1) {
      double[][] single = Insertion.single(metric, keys.get(0), keys.get(0), residuals.get(0));
      for (int i = 0; i < VALUES; i++) {
        assertThat(exact[i]).containsExactly(single[i], within(1e-10));
      }
    }
  }

  @Property(tries = 5)
  void whatCannotBeSolvedIsRefused(@ForAll long seed) {
    Random random = new Random(seed);
    double[] key = vector(random, KEYS);
    KeyMomentsCollector few = new KeyMomentsCollector("m", 0);
    few.addKeys(List.of(key));
    assertThatThrownBy(() -> KeyMetric.of(few.result(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive definite")
        .hasMessageContaining("larger ridge");
    double[] value = vector(random, VALUES);
    assertThatThrownBy(
            () ->
                Insertion.joint(KeyMetric.identity(), List.of(key, key), List.of(value, value), 0))
        .hasMessageContaining("repeat each other");
    double[] orthogonal = new double[KEYS];
    orthogonal[0] = key[1];
    orthogonal[1] = -key[0];
    assertThatThrownBy(() -> Insertion.single(KeyMetric.identity(), key, orthogonal, value))
        .hasMessageContaining("must not be orthogonal");
    assertThatThrownBy(() -> metric(random).solve(new double[3]))
        .hasMessageContaining("keys must be as wide as the moments, 7, but were 3");
  }
}
