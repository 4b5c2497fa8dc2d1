package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.TrainingDivergedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimiser must do, whatever its rule. */
class OptimizersTest {
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  @TempDir Path folder;

  static Stream<OptimizerConfig> configs() {
    return OptimizerCases.all();
  }

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  private static FlatParameters start() {
    FlatParameters parameters = FlatParameters.zeros(OptimizerCases.layout());
    OptimizerCases.fill(parameters, 1, 0.5);
    return parameters;
  }

  private static void steps(Optimizer optimizer, FlatParameters gradients, int from, int to) {
    for (int t = from; t <= to; t++) {
      OptimizerCases.fill(gradients, t, 1);
      optimizer.update(gradients, 0.125, 1e-3, 1);
    }
  }

  private static float[] afterThreeSteps(OptimizerConfig config, int threads, Executor executor) {
    FlatParameters parameters = start();
    steps(
        config.create(parameters, executor, threads),
        FlatParameters.zeros(parameters.layout()),
        1,
        3);
    return OptimizerCases.floats(parameters);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void threadsAndExecutorsChangeNoBit(OptimizerConfig config) {
    float[] one = afterThreeSteps(config, 1, pool);
    assertThat(one).isNotEqualTo(OptimizerCases.floats(start()));
    assertThat(afterThreeSteps(config, 3, pool)).isEqualTo(one);
    ExecutorService stopped = Executors.newSingleThreadExecutor();
    stopped.shutdownNow();
    assertThat(afterThreeSteps(config, 2, stopped)).isEqualTo(one);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void savedStateContinuesInTheSameBits(OptimizerConfig config) throws Exception {
    FlatParameters whole = start();
    FlatParameters gradients = FlatParameters.zeros(whole.layout());
    steps(config.create(whole, Runnable::run, 1), gradients, 1, 4);
    FlatParameters resumed = start();
    gradients = FlatParameters.zeros(resumed.layout());
    Optimizer first = config.create(resumed, Runnable::run, 1);
    steps(first, gradients, 1, 2);
    Path file = folder.resolve("optimizer.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      StateFile.write(out, first.state());
    }
    Optimizer second = config.create(resumed, Runnable::run, 1);
    StateFile.read(file, second.state());
    second.resumeAt(2);
    steps(second, gradients, 3, 4);
    assertThat(OptimizerCases.floats(resumed)).isEqualTo(OptimizerCases.floats(whole));
    assertThat(second.steps()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void clippingIsScaling(OptimizerConfig config) {
    FlatParameters clipped = start();
    FlatParameters gradients = FlatParameters.zeros(clipped.layout());
    OptimizerCases.fill(gradients, 3, 1);
    Optimizer.Update update =
        config.create(clipped, Runnable::run, 1).update(gradients, 1, 1e-3, 0.5);
    assertThat(update.clipFactor()).isBetween(0.0, 0.01);
    FlatParameters scaled = start();
    FlatParameters same = FlatParameters.zeros(scaled.layout());
    OptimizerCases.fill(same, 3, 1);
    config
        .create(scaled, Runnable::run, 1)
        .update(same, update.clipFactor(), 1e-3, Double.POSITIVE_INFINITY);
    assertThat(OptimizerCases.floats(clipped)).isEqualTo(OptimizerCases.floats(scaled));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void aGradientThatIsNotFiniteChangesNothing(OptimizerConfig config) {
    FlatParameters parameters = start();
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    gradients.slice("norm").put(5, Float.NaN);
    Optimizer optimizer = config.create(parameters, Runnable::run, 1);
    assertThatThrownBy(() -> optimizer.update(gradients, 1, 1e-3, 1))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("norm has NaN at element 5 in step 1");
    assertThat(OptimizerCases.floats(parameters)).isEqualTo(OptimizerCases.floats(start()));
    assertThat(optimizer.steps()).isZero();
  }

  @ParameterizedTest
  @MethodSource("configs")
  void paddingStaysZero(OptimizerConfig config) {
    FlatParameters parameters = start();
    steps(
        config.create(parameters, Runnable::run, 1),
        FlatParameters.zeros(parameters.layout()),
        1,
        2);
    for (int i = 7; i < 16; i++) {
      assertThat(parameters.buffer(0).get(i)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void withoutGradientsAtFirstNothingMovesButDecay(OptimizerConfig config) {
    FlatParameters parameters = start();
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    config.create(parameters, Runnable::run, 1).update(gradients, 1, 1e-3, 1);
    float[] before = OptimizerCases.floats(start());
    float[] after = OptimizerCases.floats(parameters);
    for (int i = 0; i < before.length; i++) {
      assertThat(Math.abs(after[i] - before[i])).isLessThanOrEqualTo(2e-4f * Math.abs(before[i]));
    }
  }

  @Test
  void stateOfAnotherOptimiserIsRefused() throws Exception {
    FlatParameters parameters = start();
    Path file = folder.resolve("optimizer.safetensors");
    AdamW8BitConfig bytes = AdamW8BitConfig.of(AdamWConfig.defaults());
    try (OutputStream out = Files.newOutputStream(file)) {
      StateFile.write(out, bytes.create(parameters, Runnable::run, 1).state());
    }
    Optimizer other = LionConfig.defaults().create(parameters, Runnable::run, 1);
    assertThatThrownBy(() -> StateFile.read(file, other.state()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("state tensors");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new SgdConfig(0.9, 0.1, true, 0, OptimizerConfig.Decayed.ALL))
        .hasMessage(
            "nesterov must have positive momentum and no dampening but they were 0.9 and 0.1");
    assertThatThrownBy(() -> SgdConfig.defaults().momentum(1, false))
        .hasMessage("momentum must be in [0, 1) but was 1.0");
    assertThatThrownBy(() -> LionConfig.defaults().weightDecay(-1, OptimizerConfig.Decayed.ALL))
        .hasMessage("weightDecay must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> new AdamW8BitConfig(AdamWConfig.defaults(), 100, 0))
        .hasMessage("blockSize must be a power of two in [32, 65536] but was 100.0");
    assertThatThrownBy(() -> AdafactorConfig.defaults().momentum(1.5))
        .hasMessage("beta1 must be in [0, 1) but was 1.5");
    FlatParameters parameters = start();
    assertThatThrownBy(() -> LionConfig.defaults().create(parameters, Runnable::run, 0))
        .hasMessage("threads must be at least 1 but was 0");
  }
}
