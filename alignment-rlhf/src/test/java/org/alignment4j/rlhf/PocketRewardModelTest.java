package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.reward.RewardEvaluation;
import org.alignment4j.rlhf.reward.RewardEvaluator;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reward model of the pocket model on its world's preferences, against the length of answers. */
class PocketRewardModelTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketRewardModelTest.class);
  private static final int TRAINING = 600;
  private static final int HELD_OUT = 400;

  /** Pairs whose prompt none of the training pairs has. */
  private static List<PreferencePair> unseen(
      List<PreferencePair> training, List<PreferencePair> more) {
    Set<Prompt> prompts = new HashSet<>();
    training.forEach(p -> prompts.add(p.prompt()));
    List<PreferencePair> unseen = new ArrayList<>();
    for (PreferencePair pair : more) {
      if (!prompts.contains(pair.prompt())) {
        unseen.add(pair);
      }
    }
    return unseen;
  }

  private static String kind(PreferencePair pair) {
    Message last = ((Prompt.Chat) pair.prompt()).last();
    return last.content().endsWith("?") ? "question" : "request";
  }

  @Test
  void beatsPickingTheLongerAnswer(@TempDir Path folder) {
    PocketWorld world = PocketWorld.create(1);
    List<PreferencePair> training = world.preferences(1, TRAINING, 0);
    List<PreferencePair> heldOut =
        unseen(training, world.preferences(2, 2 * HELD_OUT, 0)).stream().limit(HELD_OUT).toList();
    try (DecoderModel base = DecoderModel.load(PocketModel.copyTo(folder))) {
      RewardModelTrainer trainer =
          RewardModelTrainer.of(base).adapter(Lora.rank(16)).learningRate(2e-3).seed(1);
      try (TrainedRewardModel model = trainer.train(training).model()) {
        RewardEvaluation e =
            RewardEvaluator.create()
                .lengths(model::answerTokens)
                .slice("kind", PocketRewardModelTest::kind)
                .evaluate(model, heldOut);
        LOG.info(
            "accuracy {}, longer {}, margin {}, reward {} sd {}, Pearson {}, Spearman {}, ECE {},"
                + " {}",
            e.accuracy(),
            e.longerBaseline(),
            e.margin(),
            e.reward(),
            e.rewardDeviation(),
            e.lengthPearson(),
            e.lengthSpearman(),
            e.reliability().expectedError(),
            e.slices());
        assertThat(heldOut.size()).isGreaterThan(200);
        double longer = Math.max(e.longerBaseline().ciHigh(), 1 - e.longerBaseline().ciLow());
        assertThat(e.accuracy().ciLow())
            .as("against the better of picking the longer and picking the shorter answer")
            .isGreaterThan(longer);
        assertThat(e.margin().ciLow()).isPositive();
      }
    }
  }
}
