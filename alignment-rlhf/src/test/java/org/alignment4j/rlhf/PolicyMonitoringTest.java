package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations, samples and early stopping of policies that are trained. */
class PolicyMonitoringTest {

  private static final int VOCAB = 12;
  private static final String METRIC = "eval/liking/log_prob";
  private static final ConfigJson CONFIG = TestModels.config("llama", VOCAB, 16, 1, 32);

  private final DecoderModel base = TestModels.of(CONFIG, TestModels.weights(CONFIG, 0.4));

  @AfterEach
  void close() {
    base.close();
  }

  private static List<Prompt> prompts() {
    return List.of(Prompt.tokens(3, 4), Prompt.tokens(5, 6, 7), Prompt.tokens(8), Prompt.tokens(9));
  }

  /** How much the model likes some answer. */
  private static Map<String, Double> liking(DecoderModel model) {
    Continuation wanted = Continuation.of(Prompt.tokens(3, 4), TokenIds.of(2, 2));
    return Map.of("log_prob", model.logProbabilities(List.of(wanted)).get(0).sum());
  }

  private PolicyTrainer trainer() {
    return PolicyTrainer.of(base, PolicyMethod.grpo())
        .reward(
            RewardFunction.each(
                "twos", r -> r.tokens().stream().filter(token -> token == 2).count()))
        .rollouts(RolloutOptions.of(4))
        .batchSize(2)
        .learningRate(3e-2)
        .epochs(6)
        .checkpointEvery(2)
        .evaluate(Evaluation.ofModel("liking", 1, PolicyMonitoringTest::liking));
  }

  @Test
  void theBestPolicyIsReturnedAlsoAfterAnInterruption(@TempDir Path folder) {
    EarlyStopping rule = EarlyStopping.maximise(METRIC, 4).returning(EarlyStopping.Returned.BEST);
    FineTuningResult whole = trainer().stopEarly(rule).train(prompts());
    Metrics best =
        whole.metrics().stream()
            .max(Comparator.comparingDouble(m -> m.values().get(METRIC)))
            .orElseThrow();
    assertThat(whole.end().stoppedEarly()).isTrue();
    assertThat(whole.end().returnedStep()).isEqualTo(best.step());
    assertThat(liking(whole.model()).get("log_prob")).isEqualTo(best.values().get(METRIC));

    Cancellation cancellation = new Cancellation();
    PolicyTrainer interrupted = trainer().stopEarly(rule).runFolder(folder);
    assertThatThrownBy(
            () ->
                interrupted
                    .cancellation(cancellation)
                    .onMetrics(
                        m -> {
                          if (m.step() == 3) {
                            cancellation.cancel();
                          }
                        })
                    .train(prompts()))
        .isInstanceOf(CancelledException.class);
    FineTuningResult resumed = interrupted.train(prompts());
    assertThat(resumed.metrics()).isEqualTo(whole.metrics());
    assertThat(resumed.end()).isEqualTo(whole.end());
    assertThat(resumed.model().id()).isEqualTo(whole.model().id());
    whole.model().close();
    resumed.model().close();
  }

  @Test
  void aLoopOfOnesOwnIsNotMonitored() {
    for (PolicyTrainer trainer :
        List.of(
            trainer(),
            trainer()
                .options(
                    trainer()
                        .options()
                        .withMonitoring(
                            Monitoring.none().withStopping(EarlyStopping.minimise("kl", 1)))))) {
      assertThatThrownBy(() -> trainer.begin(prompts()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("evaluate, stopEarly and logSamples are of train(prompts)");
      assertThatThrownBy(() -> trainer.beginGiven(2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("between the steps");
    }
  }

  @Test
  void anEvaluationThatGivesNothingIsNamed() {
    Map<String, Double> gap = new HashMap<>();
    gap.put("accuracy", null);
    assertThatThrownBy(
            () -> trainer().evaluate(Evaluation.ofModel("none", 1, model -> null)).train(prompts()))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining(
            "evaluation 'none' every 1 steps must give a map of numbers but gave null");
    assertThatThrownBy(
            () -> trainer().evaluate(Evaluation.ofModel("gap", 1, model -> gap)).train(prompts()))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining(
            "evaluation 'gap' every 1 steps must give numbers but 'accuracy' was null");
  }

  /** Without a folder nothing could be kept that failing at once would lose. */
  @Test
  void aMetricThatNoEvaluationReportsEndsTheRun() {
    assertThatThrownBy(
            () ->
                trainer()
                    .stopEarly(EarlyStopping.maximise("eval/liking/logprob", 4))
                    .train(prompts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "waits for eval/liking/logprob",
            "at step 1",
            METRIC,
            "correct the name and train again");
  }

  @Test
  void samplesShowThePolicyAsItIs() {
    List<String> written = new ArrayList<>();
    SampleLog log =
        SampleLog.of(List.of(Prompt.tokens(3, 4)), SamplingOptions.greedy(4), 3)
            .onSamples((step, samples) -> written.add(step + " " + samples.size()));
    trainer().logSamples(log).train(prompts()).model().close();
    assertThat(written).containsExactly("0 1", "3 1", "6 1", "9 1", "12 1");
  }
}
