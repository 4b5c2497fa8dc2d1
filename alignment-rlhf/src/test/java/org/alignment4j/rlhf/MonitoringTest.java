package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.StepLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Evaluations, samples and early ends of every kind of trainer. */
class MonitoringTest extends PocketTraining {
  static final List<Prompt> PROMPTS =
      List.of(Prompt.text("One day Tim"), Prompt.text("One \"big\"\nday"));

  static Map<String, Double> preference(DecoderModel model) {
    PreferenceEvaluation evaluation =
        PreferenceEvaluation.of(
            model, base, pairs(), PreferenceLoss.dpo(0.1), SequenceLimits.of(128));
    return Map.of("loss", evaluation.loss(), "accuracy", evaluation.accuracy().value());
  }

  private static double margin(TrainedRewardModel rewards) {
    List<Double> chosen =
        rewards
            .score(
                pairs().stream().map(PreferencePair::chosenCompletion).toList(),
                CancellationToken.none())
            .stream()
            .map(r -> r.value())
            .toList();
    return chosen.stream().mapToDouble(v -> v).sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void evaluationsSeeTheModelAsItIsAndChangeNothing(boolean adapter) {
    PreferenceTrainer plain = adapter ? preferences().adapter(Lora.rank(4)) : preferences();
    PreferenceTrainer trainer = plain.learningRate(5e-3);
    Evaluation evaluation = Evaluation.ofModel("held-out", 3, MonitoringTest::preference).atStart();
    FineTuningResult result = trainer.evaluate(evaluation).train(pairs());
    FineTuningResult without = trainer.train(pairs());
    try (DecoderModel model = result.model();
        DecoderModel same = without.model()) {
      assertThat(model.id()).isEqualTo(same.id());
      List<Metrics> evaluated =
          result.metrics().stream()
              .filter(m -> m.values().containsKey("eval/held-out/loss"))
              .toList();
      assertThat(evaluated).extracting(Metrics::step).containsExactly(0L, 3L, 6L, 8L);
      assertThat(value(evaluated.get(0), "eval/held-out/loss"))
          .isEqualTo(preference(base).get("loss"));
      assertThat(value(evaluated.get(3), "eval/held-out/loss"))
          .isEqualTo(preference(model).get("loss"))
          .isLessThan(value(evaluated.get(1), "eval/held-out/loss"));
      assertThat(result.end()).isEqualTo(RunEnd.afterAll(8));
    }
  }

  @Test
  void rewardModelsAreEvaluatedAsSuch() {
    RewardModelTrainer trainer =
        RewardModelTrainer.of(base).adapter(Lora.rank(4)).learningRate(1e-3).batchSize(3);
    RewardModelResult result =
        trainer
            .evaluate(Evaluation.ofRewards("chosen", 1, rewards -> Map.of("sum", margin(rewards))))
            .train(pairs());
    try (TrainedRewardModel model = result.model()) {
      assertThat(result.metrics()).hasSize(2);
      assertThat(value(result.metrics().get(1), "eval/chosen/sum"))
          .isEqualTo(margin(model))
          .isNotEqualTo(value(result.metrics().get(0), "eval/chosen/sum"));
    }
    Evaluation language = Evaluation.ofModel("held-out", 1, model -> Map.of());
    assertThatThrownBy(() -> trainer.evaluate(language).train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use Evaluation.ofRewards");
    assertThatThrownBy(
            () ->
                preferences()
                    .evaluate(Evaluation.ofRewards("r", 1, model -> Map.of()))
                    .train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use Evaluation.ofModel");
    assertThatThrownBy(() -> preferences().evaluate(language).evaluate(language))
        .hasMessageContaining("must differ but were [held-out, held-out]");
    assertThatThrownBy(
            () ->
                PolicyTrainer.of(base, PolicyMethod.grpo())
                    .reward(RewardFunction.each("length", r -> r.tokens().size()))
                    .rollouts(RolloutOptions.of(1))
                    .evaluate(Evaluation.ofRewards("r", 1, model -> Map.of()))
                    .train(List.of(Prompt.text("One"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use Evaluation.ofModel");
    assertThatThrownBy(() -> Evaluation.ofModel("a b", 1, model -> Map.of()))
        .hasMessageContaining("but was 'a b'");
  }

  @Test
  void aFailingEvaluationIsNamedAndWhatWasTrainedStays(@TempDir Path folder) {
    AtomicBoolean broken = new AtomicBoolean(true);
    PreferenceTrainer trainer =
        preferences()
            .runFolder(folder)
            .evaluate(
                Evaluation.ofModel(
                    "held-out",
                    3,
                    model -> {
                      if (broken.get()) {
                        throw new IllegalStateException("no answer");
                      }
                      return preference(model);
                    }));
    assertThatThrownBy(() -> trainer.train(pairs()))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining(
            "evaluation 'held-out' every 3 steps failed after step 3: no answer; run again");
    assertThat(folder.resolve("checkpoint-3")).exists();
    broken.set(false);
    FineTuningResult resumed = trainer.train(pairs());
    try (DecoderModel model = resumed.model();
        DecoderModel whole = preferences().train(pairs()).model()) {
      assertThat(model.id()).isEqualTo(whole.id());
      assertThat(resumed.metrics()).hasSize(8);
      assertThat(resumed.metrics().get(2).values()).containsKeys("loss", "eval/held-out/loss");
    }
  }

  @Test
  void aMetricThatNoEvaluationReportsEndsTheRunThatGoesOnOnceItIsRight(@TempDir Path folder) {
    PreferenceTrainer plain =
        preferences().evaluate(Evaluation.ofModel("held-out", 3, MonitoringTest::preference));
    PreferenceTrainer trainer = plain.runFolder(folder);
    assertThatThrownBy(
            () -> trainer.stopEarly(EarlyStopping.minimise("eval/heldout/loss", 9)).train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none among [evaluation 'held-out' every 3 steps]; add one");
    assertThat(folder.resolve("metrics.jsonl")).doesNotExist();
    assertThatThrownBy(
            () -> trainer.stopEarly(EarlyStopping.minimise("eval/held-out/los", 9)).train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("at step 3", "eval/held-out/loss", "run again with the folder");
    EarlyStopping right = EarlyStopping.minimise("eval/held-out/loss", 9);
    List<Long> steps = new ArrayList<>();
    FineTuningResult resumed =
        trainer.stopEarly(right).onMetrics(m -> steps.add(m.step())).train(pairs());
    FineTuningResult whole = plain.stopEarly(right).train(pairs());
    assertThat(steps).startsWith(4L);
    assertThat(resumed.end()).isEqualTo(whole.end());
    assertThat(resumed.model().id()).isEqualTo(whole.model().id());
    resumed.model().close();
    whole.model().close();
  }

  private static List<UnpairedLabel> labels() {
    List<UnpairedLabel> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(new UnpairedLabel(pair.prompt(), pair.chosen(), true));
      labels.add(new UnpairedLabel(pair.prompt(), pair.rejected(), false));
    }
    return labels;
  }

  /** The margin rises, so that it never falls below the first one. */
  @Test
  void aRunOverStatefulDataEndsEarlyAndResumes(@TempDir Path folder) {
    UnpairedTrainer trainer =
        UnpairedTrainer.of(base, UnpairedLoss.bco(0.1))
            .learningRate(1e-3)
            .batchSize(6)
            .epochs(4)
            .checkpointEvery(2)
            .stopEarly(EarlyStopping.minimise("rewards/margins", 3));
    FineTuningResult whole = trainer.train(labels());
    assertThat(whole.end().lastStep()).isEqualTo(4);
    assertThat(whole.end().returnedStep()).isEqualTo(1);
    assertThat(whole.end().stoppedEarly()).isTrue();
    for (int at : new int[] {1, 2, 3}) {
      Path cut = folder.resolve("cut" + at);
      assertThatThrownBy(
              () ->
                  trainer
                      .runFolder(cut)
                      .onMetrics(
                          m -> {
                            if (m.step() == at) {
                              throw new IllegalStateException("died");
                            }
                          })
                      .train(labels()))
          .hasMessage("died");
      AtomicBoolean stop = new AtomicBoolean();
      assertThatThrownBy(
              () ->
                  trainer
                      .runFolder(cut)
                      .onMetrics(m -> stop.set(m.step() == at))
                      .cancellation(stop::get)
                      .train(labels()))
          .isInstanceOf(CancelledException.class);
      FineTuningResult resumed = trainer.runFolder(cut).train(labels());
      try (DecoderModel model = resumed.model()) {
        assertThat(resumed.end()).isEqualTo(whole.end());
        assertThat(model.weights().contentHash()).isEqualTo(whole.model().weights().contentHash());
        assertThat(resumed.metrics()).hasSize(4);
      }
    }
    whole.model().close();
  }

  @Test
  void samplesAreKeptOnceWhateverHappens(@TempDir Path folder) throws Exception {
    List<String> heard = new ArrayList<>();
    SampleLog samples =
        SampleLog.of(PROMPTS, SamplingOptions.sampling(5, 7), 2)
            .onSamples((step, completions) -> heard.add(step + " " + completions.size()));
    PreferenceTrainer trainer = preferences().epochs(2).checkpointEvery(3).logSamples(samples);
    Path whole = folder.resolve("whole");
    trainer.runFolder(whole).train(pairs()).model().close();
    assertThat(heard).containsExactly("0 2", "2 2", "4 2");
    Path cut = folder.resolve("cut");
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(cut)
                    .onMetrics(
                        m -> {
                          if (m.step() == 4) {
                            throw new IllegalStateException("died");
                          }
                        })
                    .train(pairs()))
        .hasMessage("died");
    trainer.runFolder(cut).train(pairs()).model().close();
    String expected = Files.readString(whole.resolve("samples.jsonl"));
    assertThat(Files.readString(cut.resolve("samples.jsonl"))).isEqualTo(expected);
    List<Map<String, Object>> lines =
        StepLog.read(whole.resolve("samples.jsonl"), "alignment4j-samples", 1);
    assertThat(lines).extracting(l -> l.get("step")).containsExactly(0, 0, 2, 2, 4, 4);
    assertThat(RunFolder.readMetrics(whole)).extracting(Metrics::step).startsWith(1L);
    assertThat(lines.get(0))
        .containsEntry("prompt", "One day Tim")
        .containsEntry("prompt_index", 0)
        .containsEntry(
            "completion",
            base.generate(PROMPTS, SamplingOptions.sampling(5, 7), CancellationToken.none())
                .get(0)
                .text());
    assertThatThrownBy(() -> RewardModelTrainer.of(base).logSamples(samples).train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("samples must be of a language model");
  }
}
