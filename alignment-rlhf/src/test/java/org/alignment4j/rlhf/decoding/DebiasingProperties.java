package org.alignment4j.rlhf.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class DebiasingProperties {

  private static final int VOCAB = 7;

  private static double[] logits(Random random) {
    return random.doubles(VOCAB, -4, 4).toArray();
  }

  private static double[] softmax(double[] logits) {
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i]);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  @Property(tries = 300)
  void theFormulaOfThePaper(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 100) double decay,
      @ForAll @DoubleRange(min = 0, max = 1) double floor) {
    Random random = new Random(seed);
    double[] plain = logits(random);
    double[] first = logits(random);
    double[] second = logits(random);
    double[] p = softmax(plain);
    double[] a = softmax(first);
    double[] b = softmax(second);
    double[] scores = new Debiasing(decay, floor).scores(plain, List.of(first, second));
    for (int w = 0; w < VOCAB; w++) {
      double difference = Math.min(p[w] - a[w], p[w] - b[w]);
      double factor = difference >= 0 ? 1 : Math.max(floor, Math.exp(decay * difference));
      assertThat(Math.exp(scores[w])).isCloseTo(factor * p[w], within(1e-9));
    }
  }

  /** No token gains on one whose probability no attribute raises. */
  @Property(tries = 200)
  void tokensThatNoAttributeRaisesKeepTheirRatios(@ForAll long seed) {
    Random random = new Random(seed);
    double[] plain = logits(random);
    double[] biased = logits(random);
    double[] p = softmax(plain);
    double[] q = softmax(biased);
    double[] scores = Debiasing.standard().scores(plain, List.of(biased));
    for (int w = 0; w < VOCAB; w++) {
      if (q[w] <= p[w] - 1e-9) {
        assertThat(scores[w]).isCloseTo(Math.log(p[w]), within(1e-12));
      } else {
        assertThat(scores[w])
            .isLessThanOrEqualTo(Math.log(p[w]) + 1e-7)
            .isGreaterThanOrEqualTo(Math.log(p[w]) + Math.log(0.01) - 1e-12);
      }
    }
  }

  @Property(tries = 100)
  void noDecayChangesNothing(@ForAll long seed) {
    Random random = new Random(seed);
    double[] plain = logits(random);
    double[] scores = new Debiasing(0, 0).scores(plain, List.of(logits(random)));
    double[] p = softmax(plain);
    for (int w = 0; w < VOCAB; w++) {
      assertThat(Math.exp(scores[w])).isCloseTo(p[w], within(1e-12));
    }
  }

  @Example
  void badInputIsRefused() {
    assertThatThrownBy(() -> new Debiasing(-1, 0.01))
        .hasMessage("decay must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> new Debiasing(Double.NaN, 0.01)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Debiasing(50, 1.5))
        .hasMessage("floor must be in [0, 1] but was 1.5");
  }
}
