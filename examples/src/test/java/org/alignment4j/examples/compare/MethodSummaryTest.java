package org.alignment4j.examples.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.examples.align.JudgedReply.Kind;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.junit.jupiter.api.Test;

/** What is said of a method over its seeds. */
class MethodSummaryTest {

  private static final AlignmentMethod LOSS =
      new PairMethod("DPO", "a paper", PreferenceLoss.dpo(0.1), 1e-4);
  private static final AlignmentMethod REWARD = new BestOfMethod(2);

  private static MethodResult result(double[] before, double[] after, MeasuredReply... replies) {
    List<String> clusters = new ArrayList<>();
    for (int i = 0; i < before.length; i++) {
      clusters.add("prompt " + i);
    }
    return new MethodResult(
        MethodResult.FORMAT,
        MethodResult.VERSION,
        Map.of("learning rate", "1.0E-4"),
        "method",
        before,
        after,
        clusters,
        List.of(replies),
        1,
        2,
        3);
  }

  private static boolean improved(AlignmentMethod method, double... after) {
    return new MethodSummary(method, List.of(result(new double[after.length], after))).improved();
  }

  @Test
  void anImprovementIsAnIntervalOnTheBetterSideOfZero() {
    double[] lower = {-1, -1.1, -0.9, -1, -1.2};
    double[] higher = {1, 1.1, 0.9, 1, 1.2};

    assertThat(improved(LOSS, lower)).isTrue();
    assertThat(improved(LOSS, higher)).isFalse();
    assertThat(improved(REWARD, higher)).isTrue();
    assertThat(improved(REWARD, lower)).isFalse();
    assertThat(improved(LOSS, -3, 2, -2, 1, 0.5)).as("the mean alone is lower").isFalse();
    assertThat(improved(LOSS, 0, 0, 0)).as("nothing changed").isFalse();
  }

  @Test
  void seedsArePooledWithOneClusterForEachPrompt() {
    MethodResult first = result(new double[] {1, 1, 1}, new double[] {0, 1, 2});
    MethodResult second = result(new double[] {1, 1, 1}, new double[] {0, 1, 2.5});

    Estimate change = new MethodSummary(LOSS, List.of(first, second)).change();

    assertThat(change.value()).isCloseTo((-1 + 0 + 1 - 1 + 0 + 1.5) / 6, within(1e-12));
    assertThat(change.n()).isEqualTo(6);
    assertThat(change.clusters()).isEqualTo(3);
  }

  @Test
  void fluencyIsThePerplexityOfAllTokens() {
    MethodResult result =
        result(
            new double[0],
            new double[0],
            new MeasuredReply("a", Kind.QUESTION, "a", "x", true, 0, Double.NaN, 4, 2),
            new MeasuredReply("b", Kind.QUESTION, "b", "x", true, 0, 0.5, 6, 5),
            new MeasuredReply("c", Kind.QUESTION, "c", "x", true, 0, 1.5, 10, 3));
    MethodSummary summary = new MethodSummary(REWARD, List.of(result));

    assertThat(summary.fluency().value()).isCloseTo(Math.exp(0.5), within(1e-12));
    assertThat(summary.fluency().ciLow()).isLessThan(Math.exp(0.5));
    assertThat(summary.divergence().value()).as("of those known").isCloseTo(1, within(1e-12));
  }
}
