package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.junit.jupiter.api.Test;

class SmoothedSftLossTest {

  private static double loss(double smoothing, double[] labels, double[] means, double[] weights) {
    Graph graph = new Graph(ElementType.DOUBLE);
    Shape rows = Shape.of(Dim.symbol("rows"));
    Value label = graph.parameter("labels", rows, false);
    Value mean = graph.parameter("means", rows, false);
    Value weight = graph.parameter("weights", rows, false);
    graph.output(
        "loss", new SmoothedSftLoss(smoothing).weightedSum(new Ops(graph), label, mean, weight));
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put("labels", labels);
    inputs.put("means", means);
    inputs.put("weights", weights);
    return DoubleGraph.output(DoubleGraph.run(graph, inputs), "loss")[0];
  }

  /** Of logits 1, 2, 3 and label 2; log-sum-exp is 3.4076059644443806. */
  @Test
  void matchesHandComputedValues() {
    double lse = 3.4076059644443806;
    double label = 3 - lse;
    double mean = 2 - lse;
    // 0.9·0.40760596 + 0.1/3·(2.40760596 + 1.40760596 + 0.40760596)
    assertThat(loss(0.1, new double[] {label}, new double[] {mean}, new double[] {1}))
        .isCloseTo(0.5076059644443806, within(1e-12));
    assertThat(loss(0, new double[] {label}, new double[] {mean}, new double[] {1}))
        .isCloseTo(0.4076059644443806, within(1e-12));
  }

  /** The definition of torch: targets of (1−ε)·[k = y] + ε/K in a cross-entropy. */
  @Test
  void isCrossEntropyAgainstSmoothedTargets() {
    SplittableRandom random = new SplittableRandom(8);
    int n = 5;
    int vocab = 7;
    double smoothing = 0.23;
    double[] labels = new double[n];
    double[] means = new double[n];
    double[] weights = random.doubles(n, 0, 1).toArray();
    double expected = 0;
    for (int i = 0; i < n; i++) {
      double[] logits = random.doubles(vocab, -3, 3).toArray();
      double sum = 0;
      for (double z : logits) {
        sum += Math.exp(z);
      }
      int y = random.nextInt(vocab);
      for (int k = 0; k < vocab; k++) {
        double logProb = logits[k] - Math.log(sum);
        double target = (k == y ? 1 - smoothing : 0) + smoothing / vocab;
        expected -= weights[i] * target * logProb;
        means[i] += logProb / vocab;
        labels[i] += k == y ? logProb : 0;
      }
    }
    assertThat(loss(smoothing, labels, means, weights)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new SmoothedSftLoss(1))
        .hasMessage("smoothing must be in [0, 1) but was 1.0");
    assertThatThrownBy(() -> new SmoothedSftLoss(Double.NaN)).hasMessageContaining("NaN");
  }
}
