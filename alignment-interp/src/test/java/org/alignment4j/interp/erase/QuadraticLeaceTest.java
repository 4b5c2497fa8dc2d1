package org.alignment4j.interp.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.runtime.DecoderModel;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

/** Classes with one mean and covariance afterwards, at the least cost. */
class QuadraticLeaceTest {

  private static final int D = 5;
  private static final int CLASSES = 3;

  private record Data(Rows x, int[] z) {}

  private static Data data(int count, long seed) {
    Random random = new Random(seed);
    double[][][] mix = new double[CLASSES][D][D];
    for (double[][] one : mix) {
      for (double[] row : one) {
        for (int j = 0; j < D; j++) {
          row[j] = random.nextGaussian();
        }
      }
    }
    float[] rows = new float[count * D];
    int[] z = new int[count];
    for (int i = 0; i < count; i++) {
      z[i] = i % 4 == 3 ? 0 : i % 4;
      double[] noise = random.doubles(D).map(u -> 2 * u - 1).toArray();
      for (int j = 0; j < D; j++) {
        double sum = z[i] * (j - 1);
        for (int c = 0; c < D; c++) {
          sum += mix[z[i]][j][c] * noise[c];
        }
        rows[i * D + j] = (float) sum;
      }
    }
    return new Data(Rows.of(D, rows), z);
  }

  private static double[][] moments(Rows x, int[] z, int label) {
    double[][] moments = new double[D + 1][D];
    int count = 0;
    for (int i = 0; i < z.length; i++) {
      if (z[i] == label) {
        count++;
        for (int j = 0; j < D; j++) {
          moments[D][j] += x.get(i, j);
        }
      }
    }
    for (int j = 0; j < D; j++) {
      moments[D][j] /= count;
    }
    for (int i = 0; i < z.length; i++) {
      if (z[i] == label) {
        for (int j = 0; j < D; j++) {
          for (int c = 0; c < D; c++) {
            moments[j][c] += (x.get(i, j) - moments[D][j]) * (x.get(i, c) - moments[D][c]) / count;
          }
        }
      }
    }
    return moments;
  }

  private static QuadraticEraser fitted(Data data) {
    QuadraticLeaceFitter fitter = new QuadraticLeaceFitter(D, CLASSES);
    fitter.update(data.x, data.z);
    return fitter.eraser(false);
  }

  @Test
  void classesHaveOneMeanAndCovariance() {
    Data data = data(400, 1);
    double[][] first = moments(data.x, data.z, 0);
    double[][] second = moments(data.x, data.z, 1);
    assertThat(Math.abs(first[0][0] - second[0][0])).isGreaterThan(0.05);
    Rows erased = fitted(data).erase(data.x, data.z);
    double[][] expected = moments(erased, data.z, 0);
    for (int label = 1; label < CLASSES; label++) {
      double[][] own = moments(erased, data.z, label);
      for (int j = 0; j <= D; j++) {
        for (int c = 0; c < D; c++) {
          assertThat(own[j][c]).isCloseTo(expected[j][c], within(1e-5));
        }
      }
    }
    for (int j = 0; j < D; j++) {
      double before = 0;
      double after = 0;
      for (int i = 0; i < data.z.length; i++) {
        before += data.x.get(i, j) / 400.0;
        after += erased.get(i, j) / 400.0;
      }
      assertThat(after).as("the mean stays").isCloseTo(before, within(1e-5));
    }
  }

  private static RealMatrix diagonal(double... values) {
    RealMatrix matrix = new Array2DRowRealMatrix(values.length, values.length);
    for (int i = 0; i < values.length; i++) {
      matrix.setEntry(i, i, values[i]);
    }
    return matrix;
  }

  @Test
  void deviationsOfCommutingCovariancesAreAveraged() {
    RealMatrix target =
        GaussianTransport.barycenter(
            List.of(diagonal(1, 4, 9), diagonal(16, 4, 1)), new double[] {0.25, 0.75});
    RealMatrix expected = diagonal(Math.pow(0.25 + 3, 2), 4, Math.pow(0.75 + 0.75, 2));
    assertThat(target.subtract(expected).getFrobeniusNorm()).isLessThan(1e-9);
    RealMatrix map = GaussianTransport.map(diagonal(1, 4, 9), target);
    assertThat(map.subtract(diagonal(3.25, 1, 0.5)).getFrobeniusNorm()).isLessThan(1e-9);
  }

  /** Any other covariance costs more: {@code Σ λ_k (tr Σ_k + tr S − 2 tr (S^½ Σ_k S^½)^½)}. */
  @Test
  void theTargetCostsLeast() {
    Data data = data(300, 5);
    double[] shares = {0.5, 0.25, 0.25};
    List<RealMatrix> covariances =
        IntStream.range(0, CLASSES)
            .<RealMatrix>mapToObj(
                k ->
                    new Array2DRowRealMatrix(moments(data.x, data.z, k))
                        .getSubMatrix(0, D - 1, 0, D - 1))
            .toList();
    RealMatrix target = GaussianTransport.barycenter(covariances, shares);
    double least = cost(covariances, shares, target);
    Random random = new Random(9);
    for (int trial = 0; trial < 20; trial++) {
      RealMatrix change = new Array2DRowRealMatrix(D, D);
      for (int i = 0; i < D; i++) {
        for (int j = 0; j <= i; j++) {
          double value = 0.02 * random.nextGaussian();
          change.setEntry(i, j, value);
          change.setEntry(j, i, value);
        }
      }
      RealMatrix other = target.add(change.multiply(change)).add(change.scalarMultiply(0.1));
      assertThat(cost(covariances, shares, other)).isGreaterThan(least);
    }
  }

  private static double cost(List<RealMatrix> covariances, double[] shares, RealMatrix target) {
    double sum = 0;
    for (int k = 0; k < shares.length; k++) {
      RealMatrix map = GaussianTransport.map(covariances.get(k), target);
      RealMatrix moved = map.subtract(diagonal(1, 1, 1, 1, 1));
      sum += shares[k] * moved.multiply(covariances.get(k)).multiply(moved).getTrace();
    }
    return sum;
  }

  @Test
  void mergedIsStreamed() {
    Data data = data(200, 3);
    QuadraticLeaceFitter whole = new QuadraticLeaceFitter(D, CLASSES);
    whole.update(data.x, data.z);
    QuadraticLeaceFitter first = new QuadraticLeaceFitter(D, CLASSES);
    QuadraticLeaceFitter second = new QuadraticLeaceFitter(D, CLASSES);
    for (int i = 0; i < 200; i++) {
      float[] row = new float[D];
      for (int j = 0; j < D; j++) {
        row[j] = data.x.get(i, j);
      }
      (i < 70 ? first : second).update(Rows.of(D, row), new int[] {data.z[i]});
    }
    first.merge(second);
    assertThat(first.count()).isEqualTo(200);
    Rows a = whole.eraser().erase(data.x, data.z);
    Rows b = first.eraser().erase(data.x, data.z);
    for (int i = 0; i < 200; i++) {
      for (int j = 0; j < D; j++) {
        assertThat((double) a.get(i, j)).isCloseTo(b.get(i, j), within(1e-5));
      }
    }
  }

  @Test
  void theModelsActivationsAreTheErasedRows() {
    try (DecoderModel model = RandomModels.create("llama")) {
      List<TokenIds> sequences =
          IntStream.range(0, 40).mapToObj(i -> RandomModels.tokens(5, i)).toList();
      ActivationSite site = ActivationSite.of(HookPoints.residPost(1));
      Rows rows = last(model, site, sequences);
      int[] labels = new int[40];
      for (int i = 0; i < 40; i++) {
        labels[i] = i % 2;
      }
      QuadraticLeaceFitter fitter = new QuadraticLeaceFitter(32, 2);
      fitter.update(rows, labels);
      QuadraticEraser eraser = fitter.eraser();
      Rows expected = eraser.erase(rows, labels);
      for (int label = 0; label < 2; label++) {
        Rows own = last(model.with(eraser.at(label, HookPoints.residPost(1))), site, sequences);
        for (int i = label; i < 40; i += 2) {
          for (int j = 0; j < 32; j++) {
            assertThat((double) own.get(i, j)).isCloseTo(expected.get(i, j), within(1e-4));
          }
        }
      }
    }
  }

  private static Rows last(HookedModel model, ActivationSite site, List<TokenIds> sequences) {
    return ActivationCollector.of(model, site)
        .collect(sequences, TokenPositions.last(), CancellationToken.none())
        .get(0)
        .rows();
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new QuadraticLeaceFitter(4, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("classes at least 2 but they were 4 and 1");
    QuadraticLeaceFitter fitter = new QuadraticLeaceFitter(2, 2);
    Rows rows = Rows.of(2, new float[] {1, 2, 3, 4});
    assertThatThrownBy(() -> fitter.update(rows, new int[] {0, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("class must be in [0, 1] but row 1 has 2");
    assertThatThrownBy(() -> fitter.update(rows, new int[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 rows and 1 classes");
    fitter.update(rows, new int[] {0, 0});
    assertThatThrownBy(fitter::eraser)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("class 1 has 0");
    assertThatThrownBy(() -> fitter.merge(new QuadraticLeaceFitter(3, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one width");
    QuadraticEraser eraser = fitted(data(60, 1));
    assertThatThrownBy(() -> eraser.at(3, HookPoints.residPost(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 2] but was 3");
  }
}
