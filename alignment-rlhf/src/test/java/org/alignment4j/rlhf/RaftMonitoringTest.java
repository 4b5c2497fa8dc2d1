package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.EarlyStopping.Returned;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evaluations, samples and early ends between iterations of reward-ranked fine-tuning. */
class RaftMonitoringTest {

  private static final int ITERATIONS = 7;
  private static final double PEAK = 18.06;
  private static final String METRIC = "eval/likes/value";

  @TempDir Path folder;

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = Trainings.model(folder.resolve("model"));
  }

  @AfterEach
  void close() {
    base.close();
  }

  private RaftTrainer trainer(IterationStart start) {
    return Trainings.shared(SamplingTrainings.raft(base))
        .iterations(ITERATIONS)
        .startFrom(start)
        .evaluate(Evaluation.ofModel("likes", 1, RaftMonitoringTest::likes).atStart());
  }

  /** Rises and falls again while the model is trained. */
  private static Map<String, Double> likes(DecoderModel model) {
    return Map.of("value", -Math.abs(Looking.evaluate(model).get("value") + PEAK));
  }

  private static Metrics best(List<Metrics> metrics) {
    return metrics.stream()
        .max(Comparator.comparingDouble(m -> m.values().get(METRIC)))
        .orElseThrow();
  }

  /** Wherever it is interrupted, the run ends where it would have, with the best model. */
  @ParameterizedTest
  @EnumSource(IterationStart.class)
  void theBestIsReturnedAlsoAfterInterruptions(IterationStart start) {
    EarlyStopping rule = EarlyStopping.maximise(METRIC, 3);
    FineTuningResult whole = trainer(start).stopEarly(rule).train(Trainings.prompts());
    Metrics best = best(whole.metrics());
    assertThat(whole.end().returnedStep()).isEqualTo(best.step()).isBetween(1L, 5L);
    assertThat(whole.end().lastStep()).isEqualTo(Math.min(best.step() + 3, ITERATIONS));
    assertThat(whole.metrics()).hasSize((int) whole.end().lastStep() + 1);
    assertThat(likes(whole.model()).get("value")).isEqualTo(best.values().get(METRIC));
    for (long at = 1; at <= whole.end().lastStep(); at++) {
      long last = at;
      Path cut = folder.resolve("cut " + at);
      assertThatThrownBy(
              () ->
                  trainer(start)
                      .stopEarly(rule)
                      .runFolder(cut)
                      .onMetrics(
                          m -> {
                            if (m.step() == last) {
                              throw new IllegalStateException("died");
                            }
                          })
                      .train(Trainings.prompts()))
          .hasMessage("died");
      FineTuningResult resumed =
          trainer(start).stopEarly(rule).runFolder(cut).train(Trainings.prompts());
      assertThat(resumed.metrics()).isEqualTo(whole.metrics());
      assertThat(resumed.end()).isEqualTo(whole.end());
      assertThat(resumed.model().id()).isEqualTo(whole.model().id());
      resumed.model().close();
    }
    whole.model().close();
  }

  /** Nothing is better than what training starts from, which is then given as a new model. */
  @Test
  void theFirstModelMayBeTheBest() {
    EarlyStopping rule = EarlyStopping.minimise(METRIC, 2).minimumChange(1e9);
    FineTuningResult result =
        trainer(IterationStart.PREVIOUS).stopEarly(rule).train(Trainings.prompts());
    assertThat(result.end().lastStep()).isEqualTo(2);
    assertThat(result.end().returnedStep()).isZero();
    assertThat(result.model().id()).isEqualTo(base.id());
    result.model().close();
    assertThat(likes(base)).containsKey("value");
    FineTuningResult last =
        trainer(IterationStart.PREVIOUS)
            .stopEarly(rule.returning(Returned.LAST))
            .train(Trainings.prompts());
    assertThat(last.end().returnedStep()).isEqualTo(2);
    assertThat(likes(last.model()).get("value"))
        .isEqualTo(last.metrics().get(2).values().get(METRIC));
    last.model().close();
  }

  @Test
  void aFailingEvaluationIsDoneAgainAndNothingTrainedAgain() {
    AtomicBoolean broken = new AtomicBoolean(true);
    List<Rollout> scored = new ArrayList<>();
    RaftTrainer trainer =
        Trainings.shared(RaftTrainer.of(base))
            .reward(
                RewardFunction.each(
                    "heard",
                    r -> {
                      scored.add(r);
                      return r.text().length();
                    }))
            .rollouts(SamplingTrainings.ROLLOUTS)
            .samples(2)
            .truncated(TruncatedAnswers.KEEP)
            .iterations(2)
            .runFolder(folder.resolve("run"))
            .evaluate(
                Evaluation.ofModel(
                    "held-out",
                    2,
                    model -> {
                      if (broken.get()) {
                        throw new IllegalStateException("no answer");
                      }
                      return likes(model);
                    }));
    assertThatThrownBy(() -> trainer.train(Trainings.prompts()))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining(
            "evaluation 'held-out' every 2 steps failed after iteration 2: no answer; run again");
    int before = scored.size();
    broken.set(false);
    FineTuningResult result = trainer.train(Trainings.prompts());
    result.model().close();
    assertThat(scored).hasSize(before);
    assertThat(result.metrics()).hasSize(2);
    assertThat(result.metrics().get(1).values()).containsKeys("loss", "eval/held-out/value");
    assertThatThrownBy(
            () -> trainer.stopEarly(EarlyStopping.minimise("loss", 1)).train(Trainings.prompts()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("early_stopping");
  }

  /** Whatever name it was begun with, the run ends where the right one lets it end. */
  @Test
  void aMetricThatNoEvaluationReportsEndsTheRunThatGoesOnOnceItIsRight() {
    RaftTrainer trainer =
        Trainings.shared(SamplingTrainings.raft(base))
            .iterations(4)
            .evaluate(Evaluation.ofModel("likes", 2, RaftMonitoringTest::likes));
    EarlyStopping right = EarlyStopping.maximise(METRIC, 9);
    Path kept = folder.resolve("kept");
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(kept)
                    .stopEarly(EarlyStopping.maximise("eval/likes/valeu", 9))
                    .train(Trainings.prompts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "waits for eval/likes/valeu", "at step 2", METRIC, "run again with the folder");
    assertThatThrownBy(
            () ->
                trainer
                    .stopEarly(EarlyStopping.maximise("eval/likes/valeu", 9))
                    .train(Trainings.prompts()))
        .as("without a folder")
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("at step 2", "correct the name and train again");
    FineTuningResult whole = trainer.stopEarly(right).train(Trainings.prompts());
    List<String> log =
        Logged.lines(
            () -> {
              FineTuningResult resumed =
                  trainer.runFolder(kept).stopEarly(right).train(Trainings.prompts());
              assertThat(resumed.end()).isEqualTo(whole.end());
              assertThat(resumed.model().id()).isEqualTo(whole.model().id());
              resumed.model().close();
            });
    assertThat(log).anySatisfy(l -> assertThat(l).contains("goes on after iteration 1 of 4"));
    whole.model().close();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(kept)
                    .stopEarly(EarlyStopping.maximise("eval/likes/valeu", 9))
                    .train(Trainings.prompts()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("early_stopping");
    assertThat(
            Logged.warnings(
                () ->
                    trainer
                        .stopEarly(EarlyStopping.maximise("rewrad", 9))
                        .train(Trainings.prompts())
                        .model()
                        .close()))
        .filteredOn(line -> line.contains("RaftMonitor"))
        .singleElement()
        .asString()
        .contains("raft: early stopping waits for rewrad", "at step 1", "reward,");
  }

  @Test
  void samplesThatAreStoppedAreSampledAgain() throws Exception {
    SampleLog samples = SampleLog.of(Trainings.prompts(), SamplingOptions.sampling(3, 7), 2);
    RaftTrainer trainer = Trainings.shared(SamplingTrainings.raft(base)).logSamples(samples);
    Path whole = folder.resolve("whole");
    Path cut = folder.resolve("cut");
    trainer.runFolder(whole).train(Trainings.prompts()).model().close();
    AtomicBoolean sampling = new AtomicBoolean();
    CancellationToken token = sampling::get;
    SampleLog stopping =
        samples.onSamples(
            (step, completions) -> {
              if (step == 2) {
                sampling.set(true);
                token.throwIfCancelled("listening");
              }
            });
    assertThatThrownBy(
            () ->
                trainer
                    .logSamples(stopping)
                    .runFolder(cut)
                    .cancellation(token)
                    .train(Trainings.prompts()))
        .isInstanceOf(CancelledException.class)
        .hasMessageContainingAll("in iteration 2 of 4; run again with the folder", cut.toString());
    assertThat(cut.resolve(SampleCallback.FILE)).isNotEmptyFile();
    trainer.runFolder(cut).train(Trainings.prompts()).model().close();
    assertThat(Files.readString(cut.resolve(SampleCallback.FILE)))
        .isEqualTo(Files.readString(whole.resolve(SampleCallback.FILE)));
  }

  @Test
  void anAdapterThatThereIsIsGivenBack() {
    DecoderModel adapted =
        Trainings.shared(SftTrainer.of(base)).epochs(1).train(Trainings.answers()).model();
    FineTuningResult result =
        Trainings.shared(SamplingTrainings.raft(adapted))
            .adapter(Lora.rank(2))
            .evaluate(Evaluation.ofModel("likes", 1, RaftMonitoringTest::likes).atStart())
            .stopEarly(EarlyStopping.minimise(METRIC, 1).minimumChange(1e9))
            .train(Trainings.prompts());
    assertThat(result.end().returnedStep()).isZero();
    assertThat(result.model().id()).isEqualTo(adapted.id());
    result.model().close();
    adapted.close();
  }
}
