package org.alignment4j.examples.sentiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.examples.sentiment.ReinforcementSettings.Algorithm;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reinforcement learning of happier stories, small and in full. */
class ReinforcementTuningTest {

  private static final double LARGEST_KL = 10;
  private static final double LARGEST_CHANGE = 0.15;

  @TempDir Path folder;

  private SentimentResult result(SentimentSettings settings) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new SentimentAlignment(
            SharedStories.model(), SharedStories.stories(), folder.resolve("run"), settings, out)
        .result();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void aSmallRunRaisesTheRewardAndResumes(Algorithm algorithm) throws Exception {
    int replies = algorithm == Algorithm.GRPO ? 6 : 1;
    ReinforcementSettings tuning =
        new ReinforcementSettings(algorithm, 60 / replies, replies, 0.1, 0.01, 3, 3e-4, 1e-3);
    SentimentSettings small = new SentimentSettings(1, 60, 20, 24, 4, 4, 1, 1e-3, tuning);
    SentimentResult result = result(small);

    assertThat(result.proxyGain().value()).as("the proxy on held-out prompts").isPositive();
    assertThat(result.base().klFromBase().value()).isZero();
    assertThat(result.tuned().klFromBase().value()).isPositive();
    List<Metrics> steps = result.account().metrics();
    assertThat(steps).hasSize(algorithm == Algorithm.GRPO ? 18 : 3);
    assertThat(steps).allSatisfy(m -> assertThat(m.values()).containsKeys("reward", "kl"));
    assertThat(steps.get(0).values().containsKey("value_loss"))
        .isEqualTo(algorithm == Algorithm.PPO);
    Path run = folder.resolve("run");
    String report = Files.readString(run.resolve("report.html"));
    assertThat(report)
        .contains(
            algorithm + " then learned from the score",
            algorithm + ": reward",
            algorithm + ": KL from base",
            algorithm + "&#39;s replies")
        .doesNotContain("DPO");
    assertThat(report.contains("variance that the critic explains"))
        .isEqualTo(algorithm == Algorithm.PPO);

    Files.delete(run.resolve("report.html"));
    result(small);
    assertThat(Files.readString(run.resolve("report.html")))
        .as("a second run on a finished folder trains nothing and finds the same")
        .isEqualTo(report);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aPenaltyThatHoldsNothingIsRefused(double penalty) {
    assertThatThrownBy(
            () -> new ReinforcementSettings(Algorithm.PPO, 1, 1, penalty, 0.01, 1, 1e-4, 1e-3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("penalty must be positive and finite but was " + penalty);
  }

  @Test
  void aGroupOfOneIsRefused() {
    assertThatThrownBy(
            () -> new ReinforcementSettings(Algorithm.GRPO, 1, 1, 0.1, 0.01, 1, 1e-4, 1e-3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("replies must be at least 2 but was 1");
  }

  /** The gold rises by a deviation, near the base, and replies stay as diverse. */
  @Tag("slow")
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void storiesBecomeHappierAndStayDiverse(Algorithm algorithm) {
    ReinforcementSettings tuning =
        algorithm == Algorithm.GRPO ? ReinforcementSettings.grpo() : ReinforcementSettings.ppo();
    SentimentResult result = result(SentimentSettings.defaults(1, tuning));
    Estimate gain = result.goldGain();
    assertThat(gain.ciLow()).as("%s", gain).isGreaterThan(1);
    assertThat(result.tuned().klFromBase().ciHigh()).isLessThanOrEqualTo(LARGEST_KL);
    assertThat(result.tuned().distinct2() / result.base().distinct2())
        .isBetween(1 - LARGEST_CHANGE, 1 + LARGEST_CHANGE);
  }
}
