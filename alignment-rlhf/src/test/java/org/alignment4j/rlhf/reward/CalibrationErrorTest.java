package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Bootstrap;
import org.junit.jupiter.api.Test;

/**
 * The interval of the expected calibration error: prompts are drawn again, and errors reflected.
 */
class CalibrationErrorTest {

  private static final Bootstrap BOOTSTRAP = new Bootstrap(400, 9, 0.9);

  /** An answer that is a number has it as reward. */
  private static final RewardModel NUMBERS =
      new RewardModel() {
        @Override
        public String id() {
          return "numbers";
        }

        @Override
        public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
          return answers.stream().map(a -> Reward.of(Double.parseDouble(a.completion()))).toList();
        }
      };

  /** Labels drawn as Bradley and Terry say of the rewards' differences over a temperature. */
  private static List<PreferencePair> pairs(int count, int perPrompt, double temperature) {
    SplittableRandom random = new SplittableRandom(6);
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double difference = random.nextDouble(-4, 4);
      boolean better = random.nextDouble() < 1 / (1 + Math.exp(-difference / temperature));
      pairs.add(
          new PreferencePair(
              Prompt.text("q" + i / perPrompt),
              Double.toString(difference),
              "0",
              better ? 1 : 0,
              OptionalDouble.empty(),
              null));
    }
    return pairs;
  }

  private static Estimate error(List<PreferencePair> pairs, Bootstrap bootstrap) {
    RewardEvaluation e =
        RewardEvaluator.create().bins(5).bootstrap(bootstrap).evaluate(NUMBERS, pairs);
    assertThat(e.calibrationError().value()).isEqualTo(e.reliability().expectedError());
    return e.calibrationError();
  }

  private static double naive(List<PreferencePair> pairs) {
    double sum = 0;
    for (int b = 0; b < 5; b++) {
      double gap = 0;
      for (PreferencePair pair : pairs) {
        double difference = Double.parseDouble(pair.chosen());
        double confidence = 1 / (1 + Math.exp(-Math.abs(difference)));
        if (confidence > 0.5 + 0.1 * b && confidence <= 0.5 + 0.1 * (b + 1)) {
          gap += (difference > 0 ? pair.probability() : 1 - pair.probability()) - confidence;
        }
      }
      sum += Math.abs(gap) / pairs.size();
    }
    return sum;
  }

  /** Resamples are the same wherever prompts are equally many: their errors need not be. */
  @Test
  void theIntervalIsTheBasicOneOverPrompts() {
    int perPrompt = 4;
    List<PreferencePair> pairs = pairs(200, perPrompt, 3);
    int prompts = pairs.size() / perPrompt;
    SplittableRandom random = new SplittableRandom(BOOTSTRAP.seed());
    double[] resampled = new double[BOOTSTRAP.resamples()];
    for (int r = 0; r < resampled.length; r++) {
      List<PreferencePair> drawn = new ArrayList<>();
      for (int k = 0; k < prompts; k++) {
        int prompt = random.nextInt(prompts);
        drawn.addAll(pairs.subList(prompt * perPrompt, (prompt + 1) * perPrompt));
      }
      resampled[r] = naive(drawn);
    }
    Arrays.sort(resampled);
    Estimate error = error(pairs, BOOTSTRAP);
    assertThat(error.value()).isCloseTo(naive(pairs), within(1e-12));
    assertThat(error.clusters()).isEqualTo(prompts);
    assertThat(error.ciLow())
        .isCloseTo(2 * error.value() - quantile(resampled, 0.95), within(1e-12));
    assertThat(error.ciHigh())
        .isCloseTo(2 * error.value() - quantile(resampled, 0.05), within(1e-12));
    assertThat(error).isEqualTo(error(pairs, BOOTSTRAP));
    assertThat(error(pairs, new Bootstrap(400, 10, 0.9)).ciLow()).isNotEqualTo(error.ciLow());
  }

  private static double quantile(double[] sorted, double level) {
    double at = level * (sorted.length - 1);
    int below = (int) at;
    return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
  }

  @Test
  void calibratedRewardsReachZeroAndOverconfidentOnesDoNot() {
    Estimate calibrated = error(pairs(2000, 1, 1), BOOTSTRAP);
    assertThat(calibrated.value()).isPositive();
    assertThat(calibrated.ciLow()).isLessThan(0.01).isNotNegative();
    Estimate overconfident = error(pairs(2000, 1, 4), BOOTSTRAP);
    assertThat(overconfident.ciLow()).isGreaterThan(0.1);
    assertThat(overconfident.contains(overconfident.value())).isTrue();
  }

  @Test
  void onePromptShowsNoInterval() {
    Estimate error = error(pairs(8, 8, 1), BOOTSTRAP);
    assertThat(error.ciLow()).isNaN();
    assertThat(error.value()).isFinite();
  }
}
