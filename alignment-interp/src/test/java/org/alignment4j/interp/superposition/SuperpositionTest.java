package org.alignment4j.interp.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.CancelledException;
import org.alignment4j.core.report.Report;
import org.alignment4j.runtime.train.TrainingContext;
import org.junit.jupiter.api.Test;

class SuperpositionTest {
  private static final TrainingContext CONTEXT = TrainingContext.defaults();

  private static double[] polygon(int n) {
    double[] w = new double[2 * n];
    for (int i = 0; i < n; i++) {
      w[i] = Math.cos(2 * Math.PI * i / n);
      w[n + i] = Math.sin(2 * Math.PI * i / n);
    }
    return w;
  }

  @Test
  void polygonsShareTwoDimensions() {
    for (int n = 2; n <= 9; n++) {
      if (n == 2) {
        continue; // Two opposite directions lie in one dimension.
      }
      Superposition measures = Superposition.of(polygon(n), n);
      for (int i = 0; i < n; i++) {
        assertThat(measures.dimensionality().get(i)).isCloseTo(2.0 / n, within(1e-12));
      }
      assertThat(measures.dimensionsPerFeature()).isCloseTo(2.0 / n, within(1e-12));
      assertThat(measures.represented()).isEqualTo(n);
    }
  }

  @Test
  void antipodalPairHasHalfADimensionEach() {
    Superposition measures = Superposition.of(new double[] {1, -1}, 2);
    assertThat(measures.dimensionality().get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(measures.interference().get(0)).isCloseTo(1, within(1e-12));
  }

  @Test
  void simplexSharesItsDimensions() {
    for (int m = 1; m <= 6; m++) {
      int n = m + 1;
      // Coordinates of the corners in m dimensions by Gram and Schmidt from the centred basis.
      double[][] basis = new double[m][n];
      for (int k = 0; k < m; k++) {
        for (int i = 0; i < n; i++) {
          basis[k][i] = (i == k ? 1 : 0) - 1.0 / n;
        }
        for (int l = 0; l < k; l++) {
          double product = 0;
          for (int i = 0; i < n; i++) {
            product += basis[k][i] * basis[l][i];
          }
          for (int i = 0; i < n; i++) {
            basis[k][i] -= product * basis[l][i];
          }
        }
        double norm = Math.sqrt(Arrays.stream(basis[k]).map(v -> v * v).sum());
        for (int i = 0; i < n; i++) {
          basis[k][i] /= norm;
        }
      }
      double[] w = Arrays.stream(basis).flatMapToDouble(Arrays::stream).toArray();
      Superposition measures = Superposition.of(w, n);
      for (int i = 0; i < n; i++) {
        assertThat(measures.dimensionality().get(i)).isCloseTo((double) m / n, within(1e-9));
      }
    }
  }

  @Property(tries = 200)
  void sharesAreSharesOfTheDimensions(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int n,
      @ForAll @IntRange(min = 1, max = 6) int m) {
    Random random = new Random(seed);
    double[] w = new double[n * m];
    for (int i = 0; i < w.length; i++) {
      w[i] = random.nextInt(4) == 0 ? 0 : random.nextGaussian();
    }
    Superposition measures = Superposition.of(w, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double share = measures.dimensionality().get(i);
      assertThat(share).isBetween(0.0, 1 + 1e-12);
      sum += share;
    }
    assertThat(sum).isLessThanOrEqualTo(Math.min(m, n) + 1e-9);
  }

  @Test
  void featureOfNormZeroHasNoShare() {
    Superposition measures = Superposition.of(new double[] {1, 0}, 2);
    assertThat(measures.dimensionality().get(1)).isZero();
    assertThat(measures.interference().get(1)).isZero();
    assertThat(measures.represented()).isEqualTo(1);
  }

  @Test
  void gradientIsThatOfDifferences() {
    for (boolean relu : new boolean[] {true, false}) {
      Random random = new Random(2);
      int n = 5;
      int m = 2;
      double[] x = random.doubles(7 * n).map(v -> v < 0.5 ? 0 : v).toArray();
      double[] w = random.doubles(m * n, -1, 1).toArray();
      double[] b = random.doubles(n, -0.3, 0.3).toArray();
      double[] importance = {1, 0.9, 0.5, 0.2, 2};
      double[] byWeights = new double[m * n];
      double[] byBias = new double[n];
      double loss = ToyModelLoss.add(x, w, b, importance, relu, byWeights, byBias);
      assertThat(loss).isCloseTo(naive(x, w, b, importance, relu), within(1e-12));
      for (double[][] pair : List.of(new double[][] {w, byWeights}, new double[][] {b, byBias})) {
        for (int i = 0; i < pair[0].length; i++) {
          double before = pair[0][i];
          pair[0][i] = before + 1e-6;
          double above = naive(x, w, b, importance, relu);
          pair[0][i] = before - 1e-6;
          double below = naive(x, w, b, importance, relu);
          pair[0][i] = before;
          assertThat(pair[1][i]).isCloseTo((above - below) / 2e-6, within(1e-7));
        }
      }
    }
  }

  private static double naive(
      double[] x, double[] w, double[] b, double[] importance, boolean relu) {
    int n = b.length;
    ToyModel model =
        new ToyModel(
            n, w.length / n, relu, ImmutableDoubleArray.copyOf(w), ImmutableDoubleArray.copyOf(b));
    double loss = 0;
    for (int row = 0; row < x.length / n; row++) {
      double[] input = Arrays.copyOfRange(x, row * n, (row + 1) * n);
      double[] y = model.reconstruct(input);
      for (int i = 0; i < n; i++) {
        loss += importance[i] * Math.pow(input[i] - y[i], 2);
      }
    }
    return loss / (x.length / n);
  }

  private static ToyModelOptions quick() {
    return ToyModelOptions.twoDimensions().training(256, 2500, 5e-3);
  }

  /** Dense features: the two most important ones; sparse ones: all five, on a pentagon. */
  @Test
  void phaseChanges() {
    PhaseChange change = PhaseChange.of(quick().sparsities(0, 0.97), CONTEXT);
    Superposition dense = change.points().get(0).measures();
    Superposition sparse = change.points().get(1).measures();
    assertThat(dense.represented()).isEqualTo(2);
    assertThat(dense.norms().get(0)).isCloseTo(1, within(0.1));
    assertThat(dense.norms().get(1)).isCloseTo(1, within(0.1));
    assertThat(dense.superposed()).isZero();
    assertThat(sparse.represented()).isGreaterThanOrEqualTo(4);
    assertThat(sparse.superposed()).isGreaterThanOrEqualTo(4);
    String html =
        Report.builder("toy")
            .add(change.sections().get(0))
            .add(change.sections().get(1))
            .build()
            .html();
    assertThat(html).contains("Features represented against sparsity").contains("5 features in 2");
  }

  /** Without a relu the reconstruction is that of the principal subspace, sparse or not. */
  @Test
  void linearModelFindsThePrincipalSubspace() {
    ToyModelOptions options =
        quick()
            .model(FeatureDistribution.INDEPENDENT, false)
            .importance(1, 1, 1, 1e-3, 1e-3)
            .sparsities(0.9);
    Superposition measures = Superposition.of(new ToyModelTrainer(CONTEXT).train(options).get(0));
    assertThat(measures.superposed()).isLessThanOrEqualTo(3);
    assertThat(measures.norms().get(3)).isLessThan(0.3);
    assertThat(measures.norms().get(4)).isLessThan(0.3);
    double represented = 0;
    for (int i = 0; i < 3; i++) {
      represented += Math.pow(measures.norms().get(i), 2);
    }
    assertThat(represented).isCloseTo(2, within(0.15));
  }

  @Test
  void anticorrelatedPairsLieOpposite() {
    ToyModelOptions options =
        quick()
            .sparsities(0.8)
            .model(FeatureDistribution.ANTICORRELATED_PAIRS, true)
            .importance(1, 1, 1, 1, 0);
    ToyModel model = new ToyModelTrainer(CONTEXT).train(options).get(0);
    double product = 0;
    double first = 0;
    double second = 0;
    for (int k = 0; k < 2; k++) {
      product += model.weight(k, 0) * model.weight(k, 1);
      first += Math.pow(model.weight(k, 0), 2);
      second += Math.pow(model.weight(k, 1), 2);
    }
    assertThat(product / Math.sqrt(first * second)).isLessThan(-0.9);
  }

  @Test
  void seedDecidesAndThreadsDoNot() {
    ToyModelOptions few = quick().training(32, 20, 1e-2);
    List<ToyModel> first = new ToyModelTrainer(CONTEXT).train(few);
    assertThat(new ToyModelTrainer(CONTEXT.executor(Runnable::run, 1)).train(few)).isEqualTo(first);
    assertThat(new ToyModelTrainer(CONTEXT).train(few.seed(1))).isNotEqualTo(first);
  }

  @Test
  void pairsOccurAsTheyShould() {
    Random random = new Random(3);
    double[] x = new double[4];
    int[] seen = new int[3];
    for (int i = 0; i < 4000; i++) {
      FeatureDistribution.CORRELATED_PAIRS.draw(x, 0, 4, 0.3, random);
      assertThat(x[0] > 0).isEqualTo(x[1] > 0);
      seen[0] += x[2] > 0 ? 1 : 0;
      FeatureDistribution.ANTICORRELATED_PAIRS.draw(x, 0, 4, 0.3, random);
      assertThat(x[0] > 0 && x[1] > 0).isFalse();
      seen[1] += x[2] > 0 ? 1 : 0;
      seen[2] += x[3] > 0 ? 1 : 0;
    }
    for (int count : seen) {
      assertThat(count / 4000.0).isCloseTo(0.3, within(0.03));
    }
  }

  @Test
  void badInput() {
    assertThatThrownBy(() -> quick().sparsities(1.0))
        .hasMessageContaining("sparsities must be in [0.0, 1) but one was 1.0");
    assertThatThrownBy(() -> quick().importance(1, 2))
        .hasMessageContaining("importance must have 5 numbers but has 2");
    assertThatThrownBy(() -> quick().sparsities(new double[0]))
        .hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> Superposition.of(new double[5], 2))
        .hasMessageContaining("whole rows of 2 features but were 5 numbers");
    assertThatThrownBy(() -> new ToyModelTrainer(CONTEXT.cancellation(() -> true)).train(quick()))
        .isInstanceOf(CancelledException.class);
  }
}
