package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.alignment4j.api.RemoteCallException;

/** A remote model in virtual time: answers {@code "answer to INPUT"} after a while, or fails. */
final class Endpoint implements AsyncCall<String, String> {
  /** A call as the endpoint saw it. */
  record Seen(String input, Attempt attempt, double at, int running) {}

  private final VirtualClock clock;
  final List<Seen> seen = new ArrayList<>();
  BiFunction<String, Attempt, Duration> latency = (input, attempt) -> Duration.ofSeconds(1);
  BiFunction<String, Attempt, Throwable> failure = (input, attempt) -> null;
  int capacity = Integer.MAX_VALUE;
  int running;
  int peak;

  Endpoint(VirtualClock clock) {
    this.clock = clock;
  }

  @Override
  public CompletionStage<String> start(String input, Attempt attempt) {
    running++;
    peak = Math.max(peak, running);
    seen.add(new Seen(input, attempt, clock.seconds(), running));
    boolean overloaded = running > capacity;
    CompletableFuture<String> answer = new CompletableFuture<>();
    clock.after(
        latency.apply(input, attempt),
        () -> {
          running--;
          Throwable error = overloaded ? status(429, null) : failure.apply(input, attempt);
          if (error != null) {
            answer.completeExceptionally(error);
          } else {
            answer.complete("answer to " + input);
          }
        });
    return answer;
  }

  List<String> inputs() {
    return seen.stream().map(Seen::input).toList();
  }

  static RemoteCallException status(int status, Duration retryAfter) {
    return new RemoteCallException(
        "status " + status, status, status == 429 || status >= 500, retryAfter, null);
  }
}
