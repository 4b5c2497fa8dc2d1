package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.HarmComparison;
import org.alignment4j.rlhf.loss.CostLoss;
import org.alignment4j.rlhf.loss.CostLosses;
import org.alignment4j.rlhf.loss.RankingRewardLoss;
import org.alignment4j.rlhf.loss.RankingRewardLosses;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reward models of rankings and cost models of a real small model, from text to numbers. */
class RankingRewardTrainerTest extends PocketTraining {

  private static final double STILL = 1e-30;

  private static List<Ranking> rankings() {
    List<Ranking> rankings = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      List<String> answers = new ArrayList<>(List.of(pair.chosen(), pair.rejected()));
      if (rankings.size() % 2 == 0) {
        answers.add(1, " a small dog.");
      }
      rankings.add(Ranking.ordered(pair.prompt(), answers));
    }
    return rankings;
  }

  private static List<HarmComparison> comparisons() {
    List<HarmComparison> comparisons = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      comparisons.add(
          new HarmComparison(pair.prompt(), " a big bad wolf.", pair.chosen(), true, false));
    }
    return comparisons;
  }

  private static double score(RewardModel model, Prompt prompt, String answer) {
    return model.score(List.of(new PromptCompletion(prompt, answer))).get(0).value();
  }

  private static RankingRewardTrainer trainer() {
    return RankingRewardTrainer.of(base).learningRate(1e-3).batchSize(3).epochs(8).seed(3);
  }

  private static CostModelTrainer costs() {
    return CostModelTrainer.of(base).learningRate(1e-3).batchSize(3).epochs(8).seed(3);
  }

  /**
   * Rewards of packed rows are those of single sequences, and the loss is that of those rewards.
   */
  @Test
  void theLossIsThatOfTheRewards() {
    for (RankingRewardLoss loss :
        List.of(RankingRewardLoss.plackettLuce(), RankingRewardLoss.allPairs())) {
      RewardModelResult result =
          trainer().loss(loss).learningRate(STILL).batchSize(6).epochs(1).train(rankings());
      try (TrainedRewardModel model = result.model()) {
        double sum = 0;
        for (Ranking ranking : rankings()) {
          double[] rewards =
              ranking.responses().stream()
                  .mapToDouble(r -> score(model, ranking.prompt(), r))
                  .toArray();
          double[] scores = ranking.scores().stream().mapToDouble(s -> s).toArray();
          sum += RankingRewardLosses.evaluate(loss, rewards, scores).loss();
        }
        assertThat(value(result.metrics().get(0), "loss")).isCloseTo(sum / 6, within(1e-4));
      }
    }
    RewardModelResult result =
        costs().learningRate(STILL).batchSize(6).epochs(1).train(comparisons());
    try (TrainedRewardModel model = result.model()) {
      double sum = 0;
      for (HarmComparison c : comparisons()) {
        sum +=
            CostLosses.evaluate(
                    CostLoss.standard(),
                    new double[] {score(model, c.prompt(), c.moreHarmful())},
                    new double[] {score(model, c.prompt(), c.lessHarmful())},
                    new boolean[] {true},
                    new boolean[] {false})
                .loss();
      }
      assertThat(value(result.metrics().get(0), "loss")).isCloseTo(sum / 6, within(1e-4));
    }
  }

  @Test
  void rankingsAreLearnt() {
    RewardModelResult result = trainer().train(rankings());
    try (TrainedRewardModel model = result.model()) {
      Metrics last = result.metrics().get(15);
      assertThat(value(last, "rewards/accuracies")).isCloseTo(1, within(1e-6));
      assertThat(value(last, "rewards/margins")).isPositive();
      Ranking first = rankings().get(0);
      double before = Double.POSITIVE_INFINITY;
      for (String response : first.responses()) {
        double reward = score(model, first.prompt(), response);
        assertThat(reward).isLessThan(before);
        before = reward;
      }
    }
  }

  @Test
  void costsTellHarmAndSafety() {
    RewardModelResult result =
        costs().adapter(Lora.rank(4)).learningRate(1e-2).train(comparisons());
    try (TrainedRewardModel model = result.model()) {
      Metrics last = result.metrics().get(15);
      assertThat(value(last, "costs/accuracies")).isEqualTo(1);
      assertThat(value(last, "costs/safety_accuracies")).isEqualTo(1);
      HarmComparison first = comparisons().get(0);
      assertThat(score(model, first.prompt(), first.moreHarmful())).isPositive();
      assertThat(score(model, first.prompt(), first.lessHarmful())).isNegative();
    }
    assertThatThrownBy(() -> new HarmComparison(Prompt.text("x"), "a", "b", false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be safe but was unsafe: 'b'");
    assertThatThrownBy(() -> costs().headDeviation(-1))
        .hasMessage("deviation must be finite and not negative but was -1.0");
  }

  @Test
  void cancelledRunsResumeToTheSameBits(@TempDir Path folder) {
    AtomicInteger updates = new AtomicInteger();
    RankingRewardTrainer rewards = trainer().epochs(3).checkpointEvery(2);
    assertThatThrownBy(
            () ->
                rewards
                    .runFolder(folder.resolve("rewards"))
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 3)
                    .train(rankings()))
        .isInstanceOf(CancelledException.class);
    CostModelTrainer costs = costs().epochs(3).checkpointEvery(2);
    updates.set(0);
    assertThatThrownBy(
            () ->
                costs
                    .runFolder(folder.resolve("costs"))
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 3)
                    .train(comparisons()))
        .isInstanceOf(CancelledException.class);
    try (TrainedRewardModel resumed =
            rewards.runFolder(folder.resolve("rewards")).train(rankings()).model();
        TrainedRewardModel whole = rewards.train(rankings()).model();
        TrainedRewardModel resumedCosts =
            costs.runFolder(folder.resolve("costs")).train(comparisons()).model();
        TrainedRewardModel wholeCosts = costs.train(comparisons()).model()) {
      assertThat(resumed.id()).isEqualTo(whole.id());
      assertThat(resumedCosts.id()).isEqualTo(wholeCosts.id());
    }
  }

  @Test
  void learnersTakeTheSeed() {
    try (TrainedRewardModel one =
            (TrainedRewardModel)
                RankingRewardTrainer.learner(t -> t.learningRate(1e-3).batchSize(3).epochs(1))
                    .train(base, rankings(), TrainingContext.of(7));
        TrainedRewardModel same = trainer().epochs(1).seed(7).train(rankings()).model();
        TrainedRewardModel cost =
            (TrainedRewardModel)
                CostModelTrainer.learner(t -> t.learningRate(1e-3).batchSize(3).epochs(1))
                    .train(base, comparisons(), TrainingContext.of(7))) {
      assertThat(one.id()).isEqualTo(same.id()).isNotEqualTo(cost.id());
    }
  }
}
