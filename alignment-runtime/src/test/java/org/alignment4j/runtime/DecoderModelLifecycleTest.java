package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing, views that outlive their base, and calls from several threads. */
class DecoderModelLifecycleTest {

  @Test
  void viewsOutliveTheBaseAndClosedModelsRefuse() {
    DecoderModel base = TestModels.small();
    DecoderModel view = base.edit(TestModels.SMALL.names().finalNormWeight(), v -> v);
    double expected = TestModels.logProb(base, 9);
    base.close();
    base.close();
    assertThat(TestModels.logProb(view, 9)).isEqualTo(expected);
    assertThatThrownBy(() -> TestModels.logProb(base, 9))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be open but is closed");
    assertThatThrownBy(() -> base.edit(TestModels.SMALL.names().finalNormWeight(), v -> v))
        .isInstanceOf(IllegalStateException.class);
    view.close();
    assertThatThrownBy(() -> TestModels.logProb(view, 9)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingTheBoundParametersClosesTheTokenizer() {
    DecoderModel model = TestModels.stories();
    DecoderModel view = model.withWeights(model.weights());
    assertThat(model.tokenizer().encode("Once").size()).isPositive();
    model.instance().close();
    model.close();
    assertThat(view.tokenizer().encode("Once").size()).isPositive();
    view.instance().close();
    assertThatThrownBy(() -> view.tokenizer().encode("Once"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aModelKeepsItsEngineWhoeverElseReleasesIt() {
    try (DecoderModel model = TestModels.small()) {
      double expected = TestModels.logProb(model, 9);
      model.engine().release();
      model.engine().release();
      assertThat(TestModels.logProb(model, 9)).isEqualTo(expected);
    }
  }

  @Test
  void closeWaitsForCallsInFlight() throws Exception {
    DecoderModel model = TestModels.small();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<Completion> call =
          pool.submit(
              () ->
                  model.stream(
                      Prompt.tokens(5),
                      SamplingOptions.builder(5).temperature(0).ignoreEos(true).build(),
                      token -> {
                        assertThatThrownBy(model::close)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("from within its own call");
                        inside.countDown();
                        await(go);
                      }));
      await(inside);
      Future<?> closing = pool.submit(model::close);
      assertThat(closing.isDone()).isFalse();
      go.countDown();
      assertThat(call.get(60, TimeUnit.SECONDS).tokens().size()).isEqualTo(5);
      closing.get(60, TimeUnit.SECONDS);
      assertThatThrownBy(() -> TestModels.logProb(model, 9))
          .isInstanceOf(IllegalStateException.class);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aListenerMayWaitForAThreadThatUsesTheModelBeingClosed() throws Exception {
    DecoderModel model = TestModels.small();
    CountDownLatch inside = new CountDownLatch(1);
    AtomicInteger refused = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      Future<Completion> call =
          pool.submit(
              () ->
                  model.stream(
                      Prompt.tokens(5),
                      SamplingOptions.builder(2).temperature(0).ignoreEos(true).build(),
                      token -> {
                        inside.countDown();
                        if (refusal(pool, model)) {
                          refused.incrementAndGet();
                        }
                      }));
      await(inside);
      pool.submit(model::close).get(60, TimeUnit.SECONDS);
      assertThat(call.get(60, TimeUnit.SECONDS).tokens().size()).isEqualTo(2);
      assertThat(refused.get()).isPositive();
    } finally {
      pool.shutdownNow();
    }
  }

  /** Uses a model from another thread until it is refused. */
  private static boolean refusal(ExecutorService pool, DecoderModel model) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end) {
      try {
        pool.submit(() -> TestModels.logProb(model, 9)).get(30, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        return e.getCause() instanceof IllegalStateException;
      } catch (InterruptedException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
    }
    return false;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void loadingStopsWhenInterrupted(@TempDir Path folder) {
    Path onnx = folder.resolve("onnx");
    try (DecoderModel model = TestModels.small()) {
      model.save(folder);
      model.exportOnnx(onnx);
    }
    List<ThrowingCallable> loads =
        List.of(
            () -> DecoderModel.load(folder, TestModels.CPU),
            () -> OnnxLanguageModel.load(onnx, TestModels.CPU));
    for (ThrowingCallable load : loads) {
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(load)
            .isInstanceOf(CancelledException.class)
            .hasMessageContaining("reading " + folder)
            .hasMessageContaining("was interrupted");
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  @Test
  void modelsCanBeOpenedAndClosedManyTimes() {
    double first = Double.NaN;
    for (int i = 0; i < 100; i++) {
      try (DecoderModel model = TestModels.small()) {
        double value = TestModels.logProb(model, 9);
        assertThat(i == 0 ? value : first).isEqualTo(value);
        first = value;
      }
    }
  }

  @Test
  void concurrentCallsEqualSerialOnes() throws Exception {
    try (DecoderModel model = TestModels.stories()) {
      List<Prompt> prompts =
          List.of(Prompt.text("Once upon a time"), Prompt.text("Tom"), Prompt.text("The big dog"));
      SamplingOptions options =
          SamplingOptions.builder(24).temperature(0.9).topP(0.95).seed(3).logProbs(true).build();
      List<Completion> expected = model.generate(prompts, options);
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try {
        List<Future<List<Completion>>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          calls.add(pool.submit(() -> model.generate(prompts, options)));
        }
        for (Future<List<Completion>> call : calls) {
          List<Completion> found = call.get(60, TimeUnit.SECONDS);
          for (int p = 0; p < prompts.size(); p++) {
            assertThat(found.get(p).tokens()).isEqualTo(expected.get(p).tokens());
            assertThat(found.get(p).logProbs()).isEqualTo(expected.get(p).logProbs());
          }
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }
}
