package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.Progress;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs: trajectories of the reference, metrics, progress and configuration. */
class TrainerTest {
  private static final int TRAJECTORY = 10;

  @TempDir Path folder;

  static TrainingContext context() {
    return new TrainingContext(Runnable::run, 2, progress -> {}, () -> false, System::nanoTime);
  }

  static TrainingOptions options(double maxNorm) {
    return TrainingOptions.of(LearningRateSchedule.constant(1e-3))
        .optimizer(
            AdamWConfig.defaults().betas(0.9, 0.95).weightDecay(0.1, AdamWConfig.Decayed.ALL))
        .maxGradientNorm(maxNorm);
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float v : values) {
      squares += (double) v * v;
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2-tiny, traj_noclip_wd_all_params, Infinity",
    "gpt2-tiny, traj_clip1_wd_all_params, 1",
    "llama-tiny, traj_noclip_wd_all_params, Infinity",
    "llama-tiny, traj_clip1_wd_all_params, 1"
  })
  void tenStepsFollowTheReference(String name, String trajectory, double maxNorm) throws Exception {
    TrainFixture fixture = TrainFixture.load(name);
    JsonNode expected = fixture.json().get(trajectory);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name)) {
      TrainingResult result =
          new Trainer(model.engine, "sft", options(maxNorm), context())
              .run(
                  Trainable.all(model.weights),
                  new MeanLoss(),
                  TrainFixture.repeated(TRAJECTORY, List.of(fixture.padded())),
                  folder);
      assertThat(result.metrics()).hasSize(TRAJECTORY);
      for (int i = 0; i < TRAJECTORY; i++) {
        Map<String, Double> values = result.metrics().get(i).values();
        double loss = expected.get("loss").get(i).doubleValue();
        double gradNorm = expected.get("grad_norm").get(i).doubleValue();
        assertThat(values.get("loss")).as("loss %d", i).isCloseTo(loss, within(1e-4 * loss));
        assertThat(values.get("grad_norm"))
            .as("grad_norm %d", i)
            .isCloseTo(gradNorm, within(1e-3 * gradNorm));
        assertThat(values.get("learning_rate")).isEqualTo(1e-3);
        assertThat(values.get("tokens_per_second")).isPositive();
      }
      for (String p : result.weights().names()) {
        JsonNode weight = expected.get("weights_after").get(p);
        float[] actual = TrainingStepTest.floats(result.weights().get(p).data());
        double l2 = weight.get("l2").doubleValue();
        assertThat(norm(actual)).as(p).isCloseTo(l2, within(keyBias(p) ? 2e-2 : 1e-3 * l2));
        for (int i = 0; i < 5; i++) {
          assertThat((double) actual[i])
              .as("%s[%d]", p, i)
              .isCloseTo(weight.get("first5").get(i).doubleValue(), within(2e-4));
        }
      }
      try (RunFolder run = RunFolder.open(folder, description(model, fixture, maxNorm), 2)) {
        assertThat(run.metrics()).isEqualTo(result.metrics());
        assertThat(run.resumed().orElseThrow().step()).isEqualTo(TRAJECTORY);
      }
    }
  }

  /**
   * A key bias has no gradient but rounding noise, which Adam turns into steps of the full rate.
   */
  private static boolean keyBias(String name) {
    return name.endsWith("c_attn.bias");
  }

  private static Map<String, String> description(
      DecoderFixture model, TrainFixture fixture, double maxNorm) {
    return RunDescription.of(
        "sft",
        model.architecture,
        Trainable.all(model.weights),
        new MeanLoss(),
        TrainFixture.repeated(TRAJECTORY, List.of(fixture.padded())),
        options(maxNorm));
  }

  @Test
  void trainsTheChosenWeightsOnly() throws Exception {
    TrainFixture fixture = TrainFixture.load("llama-tiny");
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/llama-tiny")) {
      String before = model.weights.contentHash();
      Weights after =
          new Trainer(model.engine, "sft", options(1), context())
              .run(
                  Trainable.weights(model.weights, n -> n.contains("layers.1.mlp")),
                  new MeanLoss(),
                  TrainFixture.repeated(2, List.of(fixture.padded())))
              .weights();
      for (String p : after.names()) {
        boolean changed = !after.get(p).data().equals(model.weights.get(p).data());
        assertThat(changed).as(p).isEqualTo(p.contains("layers.1.mlp"));
      }
      assertThat(model.weights.contentHash()).isEqualTo(before);
      assertThatThrownBy(() -> Trainable.weights(model.weights, n -> false))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void reportsProgressToTheEnd() throws Exception {
    TrainFixture fixture = TrainFixture.load("gpt2-tiny");
    List<Progress> seen = new ArrayList<>();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      new Trainer(model.engine, "sft", options(1), context().progress(seen::add))
          .run(
              Trainable.all(model.weights),
              new MeanLoss(),
              TrainFixture.repeated(3, List.of(fixture.padded())));
    }
    Progress last = seen.get(seen.size() - 1);
    assertThat(last.task()).isEqualTo("sft");
    assertThat(last.done()).isEqualTo(3);
    assertThat(last.metrics()).containsKeys("loss", "grad_norm", "log_prob");
  }

  @Test
  void anotherConfigurationIsRefused() throws Exception {
    TrainFixture fixture = TrainFixture.load("gpt2-tiny");
    MicroBatchSource source = TrainFixture.repeated(2, List.of(fixture.padded()));
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      Trainable all = Trainable.all(model.weights);
      new Trainer(model.engine, "sft", options(1), context())
          .run(all, new MeanLoss(), source, folder);
      Trainer other = new Trainer(model.engine, "sft", options(2), context());
      assertThatThrownBy(() -> other.run(all, new MeanLoss(), source, folder))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("max_gradient_norm (was 1.0, now 2.0)");
      Trainable adapter = Trainable.adapter(model.weights, model.architecture, Lora.rank(2));
      Trainer same = new Trainer(model.engine, "sft", options(1), context());
      assertThatThrownBy(() -> same.run(adapter, new MeanLoss(), source, folder))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("adapter of rank 2");
    }
  }
}
