package org.alignment4j.runtime;

import static org.alignment4j.api.hook.Edits.scale;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sixteen threads on one model get what one thread gets, to the bit; so they do while it closes.
 */
class ConcurrentInferenceTest {

  private static final int THREADS = 16;
  private static final long TIMEOUT_SECONDS = 600;

  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
  private final List<Thread> spinning = new ArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();

  @AfterEach
  void endThreads() throws InterruptedException {
    stop.set(true);
    for (Thread thread : spinning) {
      thread.join();
    }
    pool.shutdownNow();
    assertThat(pool.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** One kind of work on the model; equal results are equal texts. */
  private static List<String> work(DecoderModel model, int kind) {
    Random random = new Random(kind / 5);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      prompts.add(Prompt.tokens(random.ints(2 + random.nextInt(9), 3, 120).toArray()));
    }
    return switch (kind % 5) {
      case 0 -> completions(model.generate(prompts, sampling(random.nextInt())));
      case 1 ->
          model
              .logProbabilities(
                  prompts.stream()
                      .map(p -> Continuation.of(p, TokenIds.of(random.nextInt(3, 120), 7, 9)))
                      .toList())
              .stream()
              .map(score -> score.logProbs() + " " + score.greedy())
              .toList();
      case 2 -> forward(model, random);
      case 3 -> completions(model.with(interventions()).generate(prompts, sampling(3)));
      default ->
          model.beamSearch(prompts, BeamSearchOptions.of(6, 3), CancellationToken.none()).stream()
              .flatMap(List::stream)
              .map(h -> h.completion().tokens() + " " + h.completion().logProbs() + h.score())
              .toList();
    };
  }

  private static SamplingOptions sampling(long seed) {
    return SamplingOptions.builder(12)
        .temperature(0.9)
        .topP(0.95)
        .seed(seed)
        .ignoreEos(true)
        .logProbs(true)
        .build();
  }

  private static List<Intervention<?>> interventions() {
    return List.of(zero(z(all()), head(2)), scale(residPost(0), 1.5));
  }

  private static List<String> completions(List<Completion> completions) {
    return completions.stream().map(c -> c.tokens() + " " + c.logProbs()).toList();
  }

  private static List<String> forward(DecoderModel model, Random random) {
    List<TokenIds> sequences =
        List.of(
            TokenIds.of(random.ints(8, 3, 120).toArray()),
            TokenIds.of(random.ints(5, 3, 120).toArray()));
    ForwardResult result =
        model.forward(sequences).with(interventions()).cache(residPost(1)).execute();
    return List.of(
        Arrays.toString(result.logits(1, -1)),
        Arrays.toString(result.cache().values(residPost(1)).toArray()));
  }

  /** Calls from all threads, each kind of work in another order. */
  private void compare(DecoderModel model, int kinds, int rounds) throws Exception {
    List<List<String>> serial = new ArrayList<>();
    for (int kind = 0; kind < kinds; kind++) {
      serial.add(work(model, kind));
    }
    List<Callable<Void>> calls = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      calls.add(
          () -> {
            for (int i = 0; i < rounds * kinds; i++) {
              int kind = (i * 7 + thread) % kinds;
              assertThat(work(model, kind)).as("work %d", kind).isEqualTo(serial.get(kind));
            }
            return null;
          });
    }
    for (Future<Void> call : pool.invokeAll(calls)) {
      call.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Threads that leave the others little time, so that calls are interrupted anywhere. */
  private void starve() {
    for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
      Thread thread =
          new Thread(
              () -> {
                long x = 1;
                while (!stop.get()) {
                  x = x * 6364136223846793005L + 1;
                  if (x % 1_000_003 == 0) {
                    Thread.yield();
                  }
                }
              });
      thread.setDaemon(true);
      thread.start();
      spinning.add(thread);
    }
  }

  @Test
  void sixteenThreadsEqualOne() throws Exception {
    try (DecoderModel model = TestModels.small()) {
      compare(model, 10, 2);
    }
  }

  @Tag("slow")
  @Test
  void sixteenStarvedThreadsEqualOne() throws Exception {
    starve();
    for (int i = 0; i < 5; i++) {
      try (DecoderModel model = TestModels.small()) {
        compare(model, 20, 2);
      }
    }
  }

  /** Each call gives the serial result or finds the model closed. */
  private void closeUnderCalls(int models) throws Exception {
    for (int i = 0; i < models; i++) {
      DecoderModel base = TestModels.small();
      DecoderModel model = i % 2 == 0 ? base : base.edit("model.norm.weight", values -> values);
      List<List<String>> serial = new ArrayList<>();
      for (int kind = 0; kind < 5; kind++) {
        serial.add(work(model, kind));
      }
      CountDownLatch running = new CountDownLatch(THREADS);
      List<Future<Integer>> calls = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        calls.add(
            pool.submit(
                () -> {
                  running.countDown();
                  for (int done = 0; ; done++) {
                    int kind = (thread + done) % 5;
                    try {
                      assertThat(work(model, kind)).isEqualTo(serial.get(kind));
                    } catch (IllegalStateException e) {
                      assertThat(e).hasMessageContaining("closed");
                      return done;
                    }
                  }
                }));
      }
      assertThat(running.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(i % 7);
      model.close();
      base.close();
      for (Future<Integer> call : calls) {
        assertThat(call.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isNotNegative();
      }
    }
  }

  @Test
  void closingUnderCallsIsSafe() throws Exception {
    closeUnderCalls(4);
  }

  @Tag("slow")
  @Test
  void closingUnderStarvedCallsIsSafe() throws Exception {
    starve();
    closeUnderCalls(60);
  }
}
