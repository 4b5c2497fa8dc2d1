package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LatentAdversary;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers that learn against perturbations of their model's activations. */
class LatentAdversaryTrainingTest {

  private static final LatentAdversary ADVERSARY =
      LatentAdversary.of(HookPoints.residPre(1), 0.5, 3);

  @TempDir Path folder;

  private static void learns(FineTuningResult result) {
    try (DecoderModel trained = result.model()) {
      assertThat(trained.layerCount()).isPositive();
      for (Metrics metrics : result.metrics()) {
        Map<String, Double> values = metrics.values();
        assertThat(values.get("adversary/loss")).isGreaterThan(values.get("adversary/start_loss"));
      }
      Map<String, Double> first = result.metrics().get(0).values();
      Map<String, Double> last = result.metrics().get(result.metrics().size() - 1).values();
      assertThat(last.get("adversary/loss")).isLessThan(first.get("adversary/loss"));
    }
  }

  @Test
  void demonstrationsAndPreferencesAreLearnedInSpiteOfIt() {
    try (DecoderModel base = TestModels.pocket(folder.resolve("model"))) {
      learns(
          SftTrainer.of(base)
              .batchSize(2)
              .epochs(8)
              .learningRate(3e-4)
              .adversary(ADVERSARY)
              .trainDemonstrations(
                  List.of(
                      new Demonstration.Text("The sea is blue."),
                      new Demonstration.Text("A stone is heavy."))));
      learns(
          PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
              .batchSize(1)
              .epochs(8)
              .learningRate(3e-4)
              .adversary(ADVERSARY)
              .train(
                  List.of(
                      new PreferencePair(
                          Prompt.text("Is the sea blue?"),
                          " Yes.",
                          " No, it is not.",
                          1,
                          OptionalDouble.empty(),
                          null))));
    }
  }

  @Test
  void trainersThatSampleRefuseIt() {
    try (DecoderModel base = TestModels.pocket(folder.resolve("model"))) {
      FineTuningOptions options = FineTuningOptions.of(1e-4);
      FineTuningOptions with =
          options.withOptimisation(options.optimisation().withAdversary(ADVERSARY));
      assertThatThrownBy(
              () ->
                  new Network(
                      "policy",
                      base.engine(),
                      new TrainingRun("ppo", base, with).trainable(base),
                      new SftObjective(),
                      with))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "an adversary is of training on given examples but policy learns from what it"
                  + " samples; leave it out");
    }
  }
}
