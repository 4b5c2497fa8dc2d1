package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** For tests: calls of one endpoint in virtual time, a fresh one each test. */
abstract class SimulatedCalls {

  static final RetryPolicy STEADY = // no jitter: times can be computed by hand
      new RetryPolicy(
          4, Duration.ofSeconds(2), 2, Duration.ofSeconds(60), 0, Duration.ofMinutes(10));
  static final CallOptions TEN =
      CallOptions.DEFAULT.withConcurrency(ConcurrencyLimits.atMost(10)).withRetry(STEADY);

  final VirtualClock clock = new VirtualClock();
  final Endpoint endpoint = new Endpoint(clock);

  Calls<String, String> calls(CallOptions options) {
    return Calls.of("target", endpoint).options(options).clock(clock);
  }

  static List<String> inputs(int count) {
    return IntStream.range(0, count).mapToObj(i -> "q" + i).toList();
  }
}
