package org.alignment4j.interp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReconstructionMetricsTest {
  private static final int N = 400;
  private static final int SIZE = 6;
  private static final int WIDTH = 9;

  private final Random random = new Random(1);
  private final float[] targets = new float[N * SIZE];
  private final float[] predictions = new float[N * SIZE];
  private final float[] features = new float[N * WIDTH];
  private final boolean[] included = new boolean[N];

  private void fill(double mean, double shrink) {
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) (mean + random.nextGaussian());
      predictions[i] = (float) (shrink * targets[i] + 0.3 * random.nextGaussian());
    }
    for (int i = 0; i < features.length; i++) {
      features[i] = i % WIDTH == 3 ? 0 : (float) Math.max(random.nextGaussian() - 0.5, 0);
    }
    for (int n = 0; n < N; n++) {
      included[n] = n % 5 != 2;
    }
  }

  private ReconstructionQuality measured(boolean... marks) {
    ReconstructionMetrics metrics = new ReconstructionMetrics(SIZE, WIDTH);
    for (int start = 0; start < N; start += 100) {
      metrics.add(
          Arrays.copyOfRange(targets, start * SIZE, (start + 100) * SIZE),
          Arrays.copyOfRange(features, start * WIDTH, (start + 100) * WIDTH),
          Arrays.copyOfRange(predictions, start * SIZE, (start + 100) * SIZE),
          Arrays.copyOfRange(marks, start, start + 100));
    }
    return metrics.result();
  }

  @Test
  void agreesWithTwoPassesInDouble() {
    fill(0.4, 0.8);
    double[] mean = new double[SIZE];
    int rows = 0;
    for (int n = 0; n < N; n++) {
      rows += included[n] ? 1 : 0;
      for (int i = 0; i < SIZE && included[n]; i++) {
        mean[i] += targets[n * SIZE + i];
      }
    }
    double errors = 0;
    double variance = 0;
    double squares = 0;
    double products = 0;
    double active = 0;
    double[] firings = new double[WIDTH];
    for (int n = 0; n < N; n++) {
      if (!included[n]) {
        continue;
      }
      for (int i = 0; i < SIZE; i++) {
        double x = targets[n * SIZE + i];
        double y = predictions[n * SIZE + i];
        errors += (x - y) * (x - y);
        variance += Math.pow(x - mean[i] / rows, 2);
        squares += y * y;
        products += x * y;
      }
      for (int j = 0; j < WIDTH; j++) {
        if (features[n * WIDTH + j] > 0) {
          active++;
          firings[j]++;
        }
      }
    }
    ReconstructionQuality quality = measured(included);
    assertThat(quality.rows()).isEqualTo(320).isEqualTo(rows);
    assertThat(quality.l0()).isCloseTo(active / rows, within(1e-12));
    assertThat(quality.meanSquaredError()).isCloseTo(errors / rows, within(1e-12));
    assertThat(quality.fractionVarianceUnexplained()).isCloseTo(errors / variance, within(1e-12));
    assertThat(quality.explainedVariance()).isCloseTo(1 - errors / variance, within(1e-12));
    assertThat(quality.relativeBias()).isCloseTo(squares / products, within(1e-12));
    for (int j = 0; j < WIDTH; j++) {
      assertThat(quality.density().get(j)).isCloseTo(firings[j] / rows, within(1e-12));
    }
    assertThat(quality.deadShare()).isCloseTo(1.0 / WIDTH, within(1e-12));
    assertThat(quality.values()).containsKeys("l0", "fvu", "explained_variance", "dead_share");
  }

  /** The formula of SAELens, E‖x‖² − (mean over dimensions of E x)², gives it far more than 0. */
  @Test
  void meanExplainsNothingHoweverLargeItIs() {
    fill(1000, 1);
    double[] mean = new double[SIZE];
    for (int i = 0; i < targets.length; i++) {
      mean[i % SIZE] += targets[i] / (double) N;
    }
    for (int i = 0; i < predictions.length; i++) {
      predictions[i] = (float) mean[i % SIZE];
    }
    boolean[] all = new boolean[N];
    Arrays.fill(all, true);
    assertThat(measured(all).explainedVariance()).isCloseTo(0, within(1e-6));
  }

  @Test
  void perfectPrediction() {
    fill(1000, 1);
    System.arraycopy(targets, 0, predictions, 0, targets.length);
    assertThat(measured(included).explainedVariance()).isEqualTo(1);
    assertThat(measured(included).relativeBias()).isCloseTo(1, within(1e-12));
  }

  @Test
  void badInput() {
    assertThatThrownBy(() -> new ReconstructionMetrics(2, 3).result())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at least one row but there was none");
    assertThatThrownBy(() -> new ReconstructionMetrics(0, 3))
        .hasMessageContaining("size and width must be positive but were 0 and 3");
    ReconstructionMetrics metrics = new ReconstructionMetrics(2, 3);
    boolean[] one = {true};
    assertThatThrownBy(() -> metrics.add(new float[2], new float[6], new float[2], one))
        .hasMessageContaining("must have 1 rows");
    assertThatThrownBy(
            () -> metrics.add(new float[] {1, Float.NaN}, new float[3], new float[2], one))
        .hasMessageContaining("must be finite but row 0 has NaN");
  }

  @Test
  void lossesAgreeWithTheirDefinition() {
    float[] clean = {1, 2, -1};
    float[] replaced = {0.5f, 2, 0};
    float[] ablated = {0, 0, 0};
    LossSums sums = new LossSums();
    sums.add(clean, replaced, ablated, 1);
    sums.add(clean, clean, ablated, 0);
    LossRecovered loss = sums.result();
    double[] p = softmax(clean);
    double[] q = softmax(replaced);
    double ce = -(Math.log(p[1]) + Math.log(p[0])) / 2;
    double ceReplaced = -(Math.log(q[1]) + Math.log(p[0])) / 2;
    double klReplaced = 0;
    double klAblated = 0;
    for (int i = 0; i < 3; i++) {
      klReplaced += p[i] * Math.log(p[i] / q[i]) / 2;
      klAblated += p[i] * Math.log(p[i] * 3);
    }
    assertThat(loss.crossEntropy()).isCloseTo(ce, within(1e-9));
    assertThat(loss.crossEntropyReplaced()).isCloseTo(ceReplaced, within(1e-9));
    assertThat(loss.crossEntropyAblated()).isCloseTo(Math.log(3), within(1e-9));
    assertThat(loss.divergenceReplaced()).isCloseTo(klReplaced, within(1e-9));
    assertThat(loss.divergenceAblated()).isCloseTo(klAblated, within(1e-9));
    assertThat(loss.crossEntropyScore())
        .isCloseTo((Math.log(3) - ceReplaced) / (Math.log(3) - ce), within(1e-9));
    assertThat(loss.divergenceScore())
        .isCloseTo((klAblated - klReplaced) / klAblated, within(1e-9));
    assertThatThrownBy(() -> new LossSums().result())
        .hasMessageContaining("at least one predicted token");
  }

  private static double[] softmax(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i]) / sum;
    }
    return p;
  }
}
