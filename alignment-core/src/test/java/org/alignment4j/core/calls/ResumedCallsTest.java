package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.PlainJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumedCallsTest {

  private static final CallOptions FIVE =
      CallOptions.DEFAULT
          .withConcurrency(ConcurrencyLimits.atMost(5))
          .withRetry(RetryPolicy.DEFAULT.withMaxAttempts(2));

  @TempDir Path folder;

  private static List<String> inputs(int count) {
    return IntStream.range(0, count).mapToObj(i -> "q" + i).toList();
  }

  private static ContentHash key(String input) {
    return PlainJson.key(Map.of("input", input));
  }

  private Journal journal() {
    return Journal.open(folder.resolve("calls.jsonl"), Map.of("task", "t"));
  }

  private static Calls<String, String> calls(
      VirtualClock clock, Endpoint endpoint, CallOptions options, Journal journal) {
    return Calls.of("target", endpoint)
        .options(options)
        .clock(clock)
        .journal(journal, ResumedCallsTest::key, new TextCodec());
  }

  @Test
  void aRepeatedRunCallsNothing() {
    VirtualClock clock = new VirtualClock();
    Endpoint endpoint = new Endpoint(clock);
    CallReport<String> first;
    try (Journal journal = journal()) {
      first = calls(clock, endpoint, FIVE, journal).run(inputs(30));
    }
    Endpoint silent = new Endpoint(clock);
    try (Journal journal = journal()) {
      CallReport<String> second = calls(clock, silent, FIVE, journal).run(inputs(30));
      assertThat(silent.seen).isEmpty();
      assertThat(second.known()).isEqualTo(30);
      assertThat(second.attempts()).isZero();
      assertThat(second.usage()).isEmpty();
      assertThat(values(second)).isEqualTo(values(first));

      // What is known is free, so a budget of nothing still hands it over.
      CallReport<String> none =
          calls(clock, silent, FIVE.withBudget(Budget.UNLIMITED.withCalls(0)), journal)
              .run(inputs(31));
      assertThat(none.succeeded()).isEqualTo(30);
      assertThat(none.missing()).isEqualTo(1);
      assertThat(none.incomplete()).isEqualTo("budget: calls");
    }
  }

  @Test
  void aJournalCutAnywhereLeadsToTheSameResultAndCallsOnlyWhatIsMissing() throws IOException {
    VirtualClock clock = new VirtualClock();
    Path file = folder.resolve("calls.jsonl");
    CallReport<String> unbroken;
    try (Journal journal = journal()) {
      unbroken = calls(clock, new Endpoint(clock), FIVE, journal).run(inputs(12));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int cut = 0; cut <= whole.length; cut += 37) {
      Files.write(file, Arrays.copyOf(whole, cut));
      Endpoint endpoint = new Endpoint(clock);
      try (Journal journal = journal()) {
        int kept = journal.size();
        CallReport<String> resumed = calls(clock, endpoint, FIVE, journal).run(inputs(12));
        assertThat(values(resumed)).isEqualTo(values(unbroken));
        assertThat(endpoint.seen).as("cut at %d", cut).hasSize(12 - kept);
        assertThat(journal.size()).isEqualTo(12);
      }
    }
  }

  @Test
  void failuresAreNotKept() {
    VirtualClock clock = new VirtualClock();
    Endpoint endpoint = new Endpoint(clock);
    endpoint.failure = (input, attempt) -> input.equals("q1") ? Endpoint.status(400, null) : null;
    try (Journal journal = journal()) {
      assertThat(calls(clock, endpoint, FIVE, journal).run(inputs(3)).failed()).isEqualTo(1);
      assertThat(journal.size()).isEqualTo(2);
      endpoint.failure = (input, attempt) -> null;
      endpoint.seen.clear();
      assertThat(calls(clock, endpoint, FIVE, journal).run(inputs(3)).succeeded()).isEqualTo(3);
      assertThat(endpoint.inputs()).containsExactly("q1");
    }
  }

  @Test
  void inputsWithEqualKeysAreCalledOnce() {
    VirtualClock clock = new VirtualClock();
    Endpoint endpoint = new Endpoint(clock);
    try (Journal journal = journal()) {
      CallReport<String> report =
          calls(clock, endpoint, FIVE, journal).run(List.of("a", "b", "a", "a", "c", "b"));
      assertThat(values(report))
          .containsExactly(
              "answer to a",
              "answer to b",
              "answer to a",
              "answer to a",
              "answer to c",
              "answer to b");
      assertThat(endpoint.inputs()).containsExactly("a", "b", "c");
      assertThat(report.known()).isEqualTo(3);
      endpoint.failure = (input, attempt) -> Endpoint.status(400, null);
      assertThat(calls(clock, endpoint, FIVE, journal).run(List.of("z", "z")).failed())
          .isEqualTo(2);
    }
  }

  @Test
  void aFailureOfInputsWithEqualKeysCountsOnce() {
    VirtualClock clock = new VirtualClock();
    Endpoint endpoint = new Endpoint(clock);
    endpoint.failure =
        (input, attempt) -> input.startsWith("bad") ? Endpoint.status(400, null) : null;
    List<String> inputs = List.of("bad", "bad", "bad", "bad", "a", "a", "b", "c", "d", "worse");
    try (Journal journal = journal()) {
      CallReport<String> two =
          calls(clock, endpoint, FIVE.withFailures(FailurePolicy.count(2)), journal).run(inputs);
      assertThat(two.complete()).isTrue();
      assertThat(two.failed()).isEqualTo(4);
    }
    // Six requests, of which one fails: a sixth, not four tenths; with "bad2" a third.
    List<String> distinct = List.of("bad", "bad", "bad", "bad", "e", "e", "f", "g", "h", "i");
    CallOptions fifth = FIVE.withFailures(FailurePolicy.fraction(0.2));
    try (Journal journal = journal()) {
      assertThat(calls(clock, endpoint, fifth, journal).run(distinct).complete()).isTrue();
      CallReport<String> third =
          calls(clock, endpoint, fifth, journal)
              .run(List.of("bad", "bad", "bad", "bad2", "j", "j", "k", "l", "l", "m"));
      assertThat(third.incomplete()).isEqualTo("failures: 2 of 2");
    }
  }

  @Test
  void aCancelledRunHasItsJournalWritten() {
    VirtualClock clock = new VirtualClock();
    Endpoint endpoint = new Endpoint(clock);
    Cancellation cancellation = new Cancellation();
    clock.after(Duration.ofMillis(1500), cancellation::cancel);
    try (Journal journal = journal()) {
      assertThatThrownBy(
              () ->
                  calls(clock, endpoint, FIVE, journal).cancellation(cancellation).run(inputs(30)))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("run again to go on from the journal");
      assertThat(journal.size()).isEqualTo(10);
      endpoint.seen.clear();
      assertThat(calls(clock, endpoint, FIVE, journal).run(inputs(30)).succeeded()).isEqualTo(30);
      assertThat(endpoint.seen).hasSize(20);
    }
  }

  @Test
  void aJournalThatCannotBeWrittenEndsTheRun() {
    VirtualClock clock = new VirtualClock();
    Endpoint endpoint = new Endpoint(clock);
    Journal journal = journal();
    clock.after(Duration.ofMillis(1500), journal::close);
    assertThatThrownBy(() -> calls(clock, endpoint, FIVE, journal).run(inputs(30)))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("calls.jsonl");
  }

  @Test
  void threadsOfAPoolDoTheWorkAndEveryAnswerIsKept() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger number = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            16, task -> new Thread(task, "call-" + number.getAndIncrement()));
    try (Journal journal = journal()) {
      Calls<String, String> calls =
          Calls.<String, String>of(
                  "target",
                  AsyncCall.on(
                      pool,
                      (input, attempt) -> {
                        threads.add(Thread.currentThread().getName());
                        asked.incrementAndGet();
                        if (input.hashCode() % 7 == 0 && attempt.number() == 1) {
                          throw new IOException("reset");
                        }
                        return "answer to " + input;
                      }))
              .options(
                  CallOptions.DEFAULT
                      .withConcurrency(ConcurrencyLimits.atMost(16))
                      .withRetry(
                          new RetryPolicy(
                              3, Duration.ZERO, 1, Duration.ZERO, 0, Duration.ofMinutes(1))))
              .journal(journal, ResumedCallsTest::key, new TextCodec());
      CallReport<String> report = calls.run(inputs(1000));
      assertThat(report.succeeded()).isEqualTo(1000);
      assertThat(report.peakConcurrency()).isLessThanOrEqualTo(16);
      assertThat(asked.get()).isEqualTo((int) report.attempts()).isGreaterThan(1000);
      assertThat(journal.size()).isEqualTo(1000);
      assertThat(threads).hasSizeGreaterThan(1);
      assertThat(values(report))
          .isEqualTo(inputs(1000).stream().map(q -> "answer to " + q).toList());
    } finally {
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void givingUpInterruptsTheThreadOfABlockingCallAndNoOther() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1, task -> new Thread(task, "call"));
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Cancellation cancellation = new Cancellation();
    try {
      Calls<String, String> calls =
          Calls.<String, String>of(
                  "target",
                  AsyncCall.on(
                      pool,
                      (input, attempt) -> {
                        started.countDown();
                        try {
                          new CountDownLatch(1).await();
                          return "never";
                        } finally {
                          stopped.countDown();
                        }
                      }))
              .options(CallOptions.DEFAULT.withGrace(Duration.ZERO))
              .cancellation(
                  () -> {
                    if (started.getCount() == 0) {
                      cancellation.cancel();
                    }
                    return cancellation.isCancelled();
                  });
      assertThatThrownBy(() -> calls.run(List.of("q"))).isInstanceOf(CancelledException.class);
      assertThat(stopped.await(1, TimeUnit.MINUTES)).isTrue();
      List<Boolean> interrupted = new ArrayList<>();
      pool.submit(() -> interrupted.add(Thread.currentThread().isInterrupted())).get();
      assertThat(interrupted).containsExactly(false);
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<String> values(CallReport<String> report) {
    return report.results().stream().map(r -> ((CallResult.Succeeded<String>) r).value()).toList();
  }
}
