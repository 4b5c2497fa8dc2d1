package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.Progress;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a registry shows of metrics and progress. */
class MicrometerMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  private double value(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private static Progress progress(String task, long done, OptionalLong total, double rate) {
    return new Progress(task, done, total, "samples", Duration.ZERO, rate, Map.of("accuracy", 0.5));
  }

  @Test
  void everyMetricIsAGaugeOfItsName() {
    MicrometerMetrics metrics = MicrometerMetrics.in(registry, Tags.of("model", "tiny"));
    metrics.started("dpo", 4);
    assertThat(value("step", "model", "tiny", "task", "dpo")).isEqualTo(4);
    metrics.updated(new Metrics(5, Map.of("loss", 0.25, "rewards/margins", Double.NaN)));
    metrics.updated(new Metrics(6, Map.of("loss", 0.125)));
    assertThat(value("loss", "model", "tiny", "task", "dpo")).isEqualTo(0.125);
    assertThat(value("rewards/margins", "model", "tiny", "task", "dpo")).isNaN();
    assertThat(value("step", "model", "tiny", "task", "dpo")).isEqualTo(6);
    metrics.ended();
    assertThat(value("loss", "model", "tiny", "task", "dpo")).isEqualTo(0.125);
    assertThat(registry.getMeters())
        .allSatisfy(meter -> assertThat(meter).isInstanceOf(Gauge.class))
        .extracting(meter -> meter.getId().getName())
        .containsExactlyInAnyOrder("loss", "rewards/margins", "step");
  }

  @Test
  void progressOfTasksIsKeptApart() {
    MicrometerMetrics metrics = MicrometerMetrics.in(registry);
    metrics.onProgress(progress("mmlu", 3, OptionalLong.of(10), 2.5));
    metrics.onProgress(progress("gsm8k", 7, OptionalLong.empty(), 0));
    assertThat(value("progress.done", "task", "mmlu")).isEqualTo(3);
    assertThat(value("progress.total", "task", "mmlu")).isEqualTo(10);
    assertThat(value("progress.rate", "task", "mmlu")).isEqualTo(2.5);
    assertThat(value("accuracy", "task", "mmlu")).isEqualTo(0.5);
    assertThat(value("progress.done", "task", "gsm8k")).isEqualTo(7);
    assertThat(value("progress.total", "task", "gsm8k")).isNaN();
  }

  @Test
  void theCallersTaskIsKept() {
    MicrometerMetrics metrics = MicrometerMetrics.in(registry, Tags.of("task", "mine"));
    metrics.started("dpo", 0);
    metrics.updated(new Metrics(1, Map.of("loss", 1.0)));
    assertThat(registry.get("loss").gauge().getId().getTags())
        .isEqualTo(Tags.of("task", "mine").stream().toList());
  }

  /** Without care the registry goes on to show the gauge of the run before. */
  @Test
  void aSecondRunTakesTheGaugesOver() {
    MicrometerMetrics first = MicrometerMetrics.in(registry);
    first.started("sft", 0);
    first.updated(new Metrics(1, Map.of("loss", 1.0)));
    first.ended();
    MicrometerMetrics second = MicrometerMetrics.in(registry);
    second.started("sft", 0);
    second.updated(new Metrics(1, Map.of("loss", 2.0)));
    assertThat(value("loss", "task", "sft")).isEqualTo(2);
    assertThat(registry.getMeters()).hasSize(2);
  }

  @Test
  void aFilterMayRenameWhatIsTakenOver() {
    registry.config().meterFilter(MeterFilter.commonTags(Tags.of("host", "a")));
    for (int run = 1; run <= 2; run++) {
      MicrometerMetrics metrics = MicrometerMetrics.in(registry);
      metrics.started("sft", 0);
      metrics.updated(new Metrics(1, Map.of("loss", (double) run)));
    }
    assertThat(value("loss", "task", "sft", "host", "a")).isEqualTo(2);
  }

  @Test
  void aRunStartsWithoutTheMetricsOfTheOneBefore() {
    MicrometerMetrics metrics = MicrometerMetrics.in(registry);
    metrics.onProgress(progress("eval", 1, OptionalLong.of(2), 1));
    metrics.started("sft", 0);
    metrics.updated(new Metrics(1, Map.of("reward", 1.0)));
    metrics.ended();
    metrics.started("sft", 0);
    assertThat(registry.find("reward").gauge()).isNull();
    assertThat(value("step", "task", "sft")).isZero();
    assertThat(value("progress.done", "task", "eval")).isEqualTo(1);
  }

  @Test
  void closingWithdrawsOwnGaugesOnly() {
    registry.counter("mine").increment();
    MicrometerMetrics metrics = MicrometerMetrics.in(registry);
    metrics.onProgress(progress("eval", 1, OptionalLong.of(2), 1));
    metrics.close();
    metrics.close();
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .extracting(Meter.Id::getName)
        .containsExactly("mine");
  }

  @Test
  void metricsBelongToARun() {
    assertThatThrownBy(() -> MicrometerMetrics.in(registry).updated(new Metrics(1, Map.of())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("metrics must be published while a run is on");
  }

  @Test
  void aTrainingRunPublishesEachUpdate() throws Exception {
    MicrometerMetrics published = MicrometerMetrics.in(registry, Tags.of("model", "tiny"));
    List<Double> losses = new ArrayList<>();
    MetricsListener seen = metrics -> losses.add(value("loss", "model", "tiny", "task", "sft"));
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      TrainingResult result =
          new Trainer(
                  model.engine,
                  "sft",
                  TrainingOptions.of(LearningRateSchedule.constant(1e-3)),
                  TrainerTest.context()
                      .metrics(MetricsListener.all(published, seen))
                      .progress(published))
              .run(
                  Trainable.all(model.weights),
                  new MeanLoss(),
                  TrainFixture.repeated(3, List.of(TrainFixture.load("gpt2-tiny").padded())));
      assertThat(losses)
          .hasSize(3)
          .isEqualTo(result.metrics().stream().map(m -> m.values().get("loss")).toList());
      Metrics last = result.metrics().get(2);
      last.values()
          .forEach(
              (name, value) ->
                  assertThat(value(name, "model", "tiny", "task", "sft")).isEqualTo(value));
      assertThat(value("step", "model", "tiny", "task", "sft")).isEqualTo(3);
      assertThat(value("progress.done", "model", "tiny", "task", "sft")).isEqualTo(3);
    }
  }
}
