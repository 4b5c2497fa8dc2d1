package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SequenceLimits.LongCompletion;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on rankings of a real small model, from text to a new model. */
class RankingTrainerTest extends PocketTraining {

  private static final List<RankingLoss> LOSSES =
      List.of(
          RankingLoss.rrhf(),
          RankingLoss.pro(),
          RankingLoss.plackettLuce(0.1),
          RankingLoss.stableAlignment());

  /** Of three and of two answers, worst ones likely. */
  private static List<Ranking> rankings() {
    List<Ranking> rankings = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      List<String> answers = new ArrayList<>(List.of(pair.rejected(), " a big red ball."));
      if (rankings.size() % 2 == 0) {
        answers.add(1, " something.");
      }
      rankings.add(Ranking.ordered(pair.prompt(), answers));
    }
    return rankings;
  }

  private static RankingTrainer trainer(RankingLoss loss) {
    return RankingTrainer.of(base, loss).learningRate(1e-3).batchSize(3).epochs(8).seed(3);
  }

  @Test
  void everyLossTurnsTheModelsOrder() {
    String before = base.id();
    for (RankingLoss loss : LOSSES) {
      FineTuningResult result = trainer(loss).train(rankings());
      try (DecoderModel model = result.model()) {
        assertThat(result.metrics()).hasSize(16);
        Metrics first = result.metrics().get(0);
        Metrics last = result.metrics().get(15);
        assertThat(value(last, "loss")).as("%s", loss).isLessThan(value(first, "loss"));
        assertThat(value(last, "rewards/accuracies")).as("%s", loss).isGreaterThan(0.9);
        assertThat(value(last, "logps/best")).isNegative();
        assertThat(value(last, "nll")).isPositive();
        assertThat(model.id()).isNotEqualTo(before);
      }
    }
    assertThat(base.id()).isEqualTo(before);
  }

  @Test
  void listwisePreferencesStartWhereEveryOrderIsAsLikely() {
    FineTuningResult result =
        trainer(RankingLoss.plackettLuce(0.1))
            .batchSize(6)
            .epochs(1)
            .adapter(Lora.rank(4))
            .train(rankings());
    try (DecoderModel model = result.model()) {
      assertThat(value(result.metrics().get(0), "loss"))
          .isCloseTo((Math.log(6) + Math.log(2)) / 2, within(1e-4));
      assertThat(model.weights().contentHash()).isEqualTo(base.weights().contentHash());
    }
  }

  @Test
  void answersThatCannotBeUsedAreLeftOut() {
    Prompt prompt = Prompt.text("One day Tim saw");
    List<Ranking> rankings =
        List.of(
            Ranking.ordered(
                prompt, List.of(" a dog.", " a" + " big".repeat(40) + " dog.", " a cat.")),
            Ranking.ordered(prompt, List.of(" a dog.", " a dog.")));
    SequenceLimits limits = SequenceLimits.of(128).completions(20, LongCompletion.DROP);
    FineTuningResult result = trainer(RankingLoss.rrhf()).limits(limits).epochs(1).train(rankings);
    result.model().close();
    assertThat(result.report().kept()).isEqualTo(1);
    assertThat(result.report().reasons())
        .containsExactly(
            "rankings[1]: two or more answers must be usable but one has the same tokens as a better"
                + " one within the limit");
    assertThatThrownBy(
            () ->
                trainer(RankingLoss.rrhf())
                    .train(List.of(Ranking.ordered(prompt, List.of(" a dog.", "")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rankings[0]: responses[1] must not be empty; remove the response");
  }

  private static List<Double> losses(FineTuningResult result) {
    return result.metrics().stream().map(m -> value(m, "loss")).toList();
  }

  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    for (RankingLoss loss : LOSSES) {
      Path cut = folder.resolve(loss.getClass().getSimpleName());
      RankingTrainer trainer = trainer(loss).epochs(4).checkpointEvery(2);
      AtomicInteger updates = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  trainer
                      .runFolder(cut)
                      .onMetrics(m -> updates.incrementAndGet())
                      .cancellation(() -> updates.get() >= 3)
                      .train(rankings()))
          .isInstanceOf(CancelledException.class);
      if (loss.needsReference()) {
        assertThat(cut.resolve(ReferenceCache.FILE)).exists();
      } else {
        assertThat(cut.resolve(ReferenceCache.FILE)).doesNotExist();
      }
      FineTuningResult second = trainer.runFolder(cut).train(rankings());
      FineTuningResult uncut = trainer.train(rankings());
      try (DecoderModel resumed = second.model();
          DecoderModel whole = uncut.model()) {
        assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
        assertThat(losses(second)).hasSize(8).isEqualTo(losses(uncut));
      }
      List<Ranking> other = new ArrayList<>(rankings());
      other.set(0, Ranking.ordered(other.get(0).prompt(), List.of(" a.", " b.")));
      assertThatThrownBy(() -> trainer.runFolder(cut).train(other))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("data.data");
    }
  }

  @Test
  void theLearnerTakesSeedAndFolder(@TempDir Path folder) {
    try (DecoderModel trained =
            (DecoderModel)
                RankingTrainer.learner(
                        RankingLoss.rrhf(), t -> t.learningRate(1e-3).batchSize(3).epochs(1))
                    .train(base, rankings(), TrainingContext.of(5).withRunFolder(folder));
        DecoderModel same =
            trainer(RankingLoss.rrhf()).epochs(1).seed(5).train(rankings()).model()) {
      assertThat(trained.weights().contentHash()).isEqualTo(same.weights().contentHash());
      assertThat(folder.resolve("metrics.jsonl")).isNotEmptyFile();
    }
  }
}
