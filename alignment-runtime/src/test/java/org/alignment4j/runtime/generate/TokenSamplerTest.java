package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.alignment4j.api.ModelExecutionException;
import org.junit.jupiter.api.Test;

class TokenSamplerTest {
  private static final double GONE = LogitsProcessor.REMOVED;

  @Test
  void greedyTakesTheLowestIdOfATie() {
    TokenChoice choice = TokenSampler.greedy(new double[] {1, 3, 3, GONE});
    assertThat(choice.token()).isEqualTo(1);
    assertThat(choice.logProb())
        .isCloseTo(3 - Math.log(Math.exp(1) + 2 * Math.exp(3)), within(1e-12));
  }

  @Test
  void drawSkipsRemovedTokensAtBothEnds() {
    double[] scores = {GONE, 0, GONE, 0, GONE};
    assertThat(TokenSampler.draw(scores, 0).token()).isEqualTo(1);
    assertThat(TokenSampler.draw(scores, 0.4999).token()).isEqualTo(1);
    assertThat(TokenSampler.draw(scores, 0.5).token()).isEqualTo(3);
    assertThat(TokenSampler.draw(scores, Math.nextDown(1.0)).token()).isEqualTo(3);
    assertThat(TokenSampler.draw(scores, 0.7).logProb()).isCloseTo(Math.log(0.5), within(1e-12));
  }

  @Test
  void drawsFollowTheDistribution() {
    double[] scores = {Math.log(0.1), Math.log(0.6), Math.log(0.3)};
    int[] counts = new int[3];
    int n = 20_000;
    for (int i = 0; i < n; i++) {
      counts[TokenSampler.draw(scores, new SequenceRandom(7, i).uniform(0)).token()]++;
    }
    double chiSquare = 0;
    for (int i = 0; i < 3; i++) {
      double expected = n * Math.exp(scores[i]);
      chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    assertThat(chiSquare).as("chi-square, 2 degrees of freedom").isLessThan(13.8);
  }

  @Test
  void topListsTheMostLikelyFirst() {
    double[] logits = {0, 2, 1, 2};
    assertThat(TokenSampler.top(logits, 3)).extracting(TokenChoice::token).containsExactly(1, 3, 2);
    assertThat(TokenSampler.top(logits, 9)).hasSize(4);
    assertThat(TokenSampler.top(logits, 0)).isEmpty();
    double mass =
        TokenSampler.top(logits, 4).stream().mapToDouble(c -> Math.exp(c.logProb())).sum();
    assertThat(mass).isCloseTo(1, within(1e-12));
  }

  @Test
  void unusableRowsAreNamed() {
    assertThatThrownBy(() -> TokenSampler.greedy(new double[] {1, Double.NaN}))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("token 1 has NaN");
    assertThatThrownBy(() -> TokenSampler.draw(new double[] {GONE, GONE}, 0.5))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("all 2 are removed");
    assertThatThrownBy(() -> TokenSampler.draw(new double[] {1}, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but was 1.0");
  }

  @Test
  void randomNumbersDependOnSeedSequenceAndStepOnly() {
    SequenceRandom random = new SequenceRandom(42, 3);
    double[] forward = {random.uniform(0), random.uniform(1), random.uniform(2)};
    assertThat(new SequenceRandom(42, 3).uniform(2)).isEqualTo(forward[2]);
    assertThat(random.uniform(0)).isEqualTo(forward[0]);
    Set<Double> distinct = new HashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      for (int sequence = 0; sequence < 10; sequence++) {
        for (int step = 0; step < 10; step++) {
          distinct.add(new SequenceRandom(seed, sequence).uniform(step));
        }
      }
    }
    assertThat(distinct).hasSize(1000).allMatch(u -> u >= 0 && u < 1);
  }

  @Test
  void randomNumbersAreUniformAndUncorrelatedAcrossStepsAndSequences() {
    int n = 20_000;
    double mean = 0;
    double alongSteps = 0;
    double alongSequences = 0;
    for (int i = 0; i < n; i++) {
      double u = new SequenceRandom(1, i).uniform(5) - 0.5;
      mean += u / n;
      alongSteps += u * (new SequenceRandom(1, i).uniform(6) - 0.5) * 12 / n;
      alongSequences += u * (new SequenceRandom(1, i + 1).uniform(5) - 0.5) * 12 / n;
    }
    assertThat(mean).isCloseTo(0, within(0.01));
    assertThat(alongSteps).isCloseTo(0, within(0.035));
    assertThat(alongSequences).isCloseTo(0, within(0.035));
  }
}
