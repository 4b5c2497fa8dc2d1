package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trainers have in common. */
class TrainerTest extends PocketTraining {

  @Test
  void supervisedTrainingOverfitsAFewAnswers() {
    FineTuningResult result =
        SftTrainer.of(base).learningRate(5e-3).epochs(25).batchSize(6).train(answers());
    try (DecoderModel model = result.model()) {
      List<Metrics> metrics = result.metrics();
      assertThat(value(metrics.get(0), "loss")).isGreaterThan(1);
      assertThat(value(metrics.get(24), "loss")).isLessThan(0.2);
    }
  }

  /** What is lost is said in one line, loudly where it is more than a tenth. */
  @Test
  void lostExamplesAreLogged() {
    PromptCompletion whole = answers().get(0);
    PromptCompletion cut = new PromptCompletion(whole.prompt(), " ran and ran".repeat(40));
    List<PromptCompletion> few = new ArrayList<>(Collections.nCopies(9, whole));
    few.add(cut);
    List<PromptCompletion> fewer = new ArrayList<>(Collections.nCopies(5, whole));
    fewer.add(cut);
    String counts = "left out, 0 lost the beginning of their prompt (0 turns in all) and 1 answers";
    assertThat(lines(few)).singleElement().asString().contains("INFO", "sft: of 10 ", counts);
    assertThat(lines(fewer)).singleElement().asString().contains("WARN", "sft: of 6 ", counts);
    assertThat(lines(answers())).isEmpty();
    PreferencePair pair = pairs().get(0);
    PreferencePair longer =
        new PreferencePair(pair.prompt(), " ran and ran".repeat(40), pair.rejected());
    RewardModelTrainer rewards =
        RewardModelTrainer.of(base).limits(SequenceLimits.of(64)).learningRate(1e-4).batchSize(6);
    assertThat(lost(() -> rewards.train(List.of(pair, longer)).model().close()))
        .singleElement()
        .asString()
        .contains("WARN", ": of 2 examples");
  }

  private static List<String> lines(List<PromptCompletion> examples) {
    SftTrainer trainer =
        SftTrainer.of(base).limits(SequenceLimits.of(64)).learningRate(1e-4).batchSize(10);
    return lost(() -> trainer.train(examples).model().close());
  }

  private static List<String> lost(Runnable training) {
    return Logged.lines(training).stream().filter(line -> line.contains("left out")).toList();
  }

  private static final class RemoteModel implements LanguageModel {
    @Override
    public String id() {
      return "remote";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      return List.of();
    }
  }

  @Test
  void learnersTrainDecoderModelsOnly() {
    Learner<PreferencePair> learner =
        PreferenceTrainer.learner(PreferenceLoss.dpo(0.1), t -> t.learningRate(1e-3).batchSize(6));
    try (DecoderModel model = (DecoderModel) learner.train(base, pairs(), TrainingContext.of(1))) {
      assertThat(model.id()).isNotEqualTo(base.id());
    }
    Learner<PromptCompletion> supervised = SftTrainer.learner(t -> t.batchSize(6));
    LanguageModel other = new RemoteModel();
    assertThatThrownBy(() -> supervised.train(other, answers(), TrainingContext.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a DecoderModel");
  }

  @Test
  void closedModelsAreRefusedAsSuch(@TempDir Path folder) {
    DecoderModel closed = TestModels.pocket(folder);
    closed.close();
    assertThatThrownBy(() -> SftTrainer.of(closed).train(answers()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the model must be open but is closed");
    assertThatThrownBy(() -> RewardModelTrainer.of(closed).train(pairs()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the model must be open but is closed");
  }

  @Test
  void limitsBeyondTheContextAreRefused() {
    assertThatThrownBy(() -> preferences().limits(SequenceLimits.of(1024)).train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "maxLength must be at most the model's context, %s tokens, but was 1024",
            base.architecture().config().maxPositions());
    assertThatThrownBy(() -> preferences().epochs(0))
        .hasMessageContaining("epochs must be positive");
  }
}
