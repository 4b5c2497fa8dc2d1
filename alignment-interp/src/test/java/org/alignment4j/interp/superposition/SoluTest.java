package org.alignment4j.interp.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class SoluTest {
  private final Random random = new Random(1);

  private double[] normal(int n) {
    return random.doubles(n, -2, 3).toArray();
  }

  @Test
  void isTheProductWithTheSoftmax() {
    double[] x = normal(9);
    double sum = 0;
    for (double value : x) {
      sum += Math.exp(value);
    }
    double[] y = Solu.of(x);
    double softmax = 0;
    for (int i = 0; i < x.length; i++) {
      assertThat(y[i]).isCloseTo(x[i] * Math.exp(x[i]) / sum, within(1e-12));
      softmax += y[i] / x[i];
    }
    assertThat(softmax).isCloseTo(1, within(1e-12));
  }

  @Test
  void gradientIsThatOfDifferences() {
    double[] x = normal(7);
    double[] g = normal(7);
    double[] own = Solu.vjp(x, g);
    for (int i = 0; i < x.length; i++) {
      double[] above = x.clone();
      double[] below = x.clone();
      above[i] += 1e-6;
      below[i] -= 1e-6;
      double difference = 0;
      for (int j = 0; j < x.length; j++) {
        difference += g[j] * (Solu.of(above)[j] - Solu.of(below)[j]) / 2e-6;
      }
      assertThat(own[i]).isCloseTo(difference, within(1e-8));
    }
  }

  @Test
  void oneThatStandsOutPasses() {
    double[] y = Solu.of(new double[] {1, 30, 2});
    assertThat(y[1]).isCloseTo(30, within(1e-9));
    assertThat(y[0]).isCloseTo(0, within(1e-9));
  }

  @Test
  void equalOnesShare() {
    assertThat(Solu.of(new double[] {4, 4, 4, 4})).containsOnly(1);
  }

  @Test
  void largeNumbersDoNotOverflow() {
    assertThat(Solu.of(new double[] {1e4, 9.9e3})[0]).isCloseTo(1e4, within(1e-6));
  }

  @Test
  void lastAxisOfAnArray() {
    var x = Nd4j.createFromArray(new float[] {1, 2, 3, -1, 0, 5}).reshape(1, 2, 3);
    var y = Solu.of(x);
    assertThat(y.shape()).isEqualTo(new long[] {1, 2, 3});
    double[] second = Solu.of(new double[] {-1, 0, 5});
    for (int i = 0; i < 3; i++) {
      assertThat(y.getDouble(0, 1, i)).isCloseTo(second[i], within(1e-6));
    }
  }

  @Test
  void badInput() {
    assertThatThrownBy(() -> Solu.of(new double[0])).hasMessageContaining("at least one neuron");
    assertThatThrownBy(() -> Solu.of(new double[] {1, Double.NaN}))
        .hasMessageContaining("neuron 1 was NaN");
    assertThatThrownBy(() -> Solu.vjp(new double[2], new double[3]))
        .hasMessageContaining("g must have the 2 numbers of x but has 3");
  }
}
