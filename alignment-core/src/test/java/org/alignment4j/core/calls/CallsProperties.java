package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.oversight.Budget;

class CallsProperties {

  @Property(tries = 150)
  void everyInputHasOneResultWhateverTheEndpointDoes(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 80) int count,
      @ForAll @IntRange(min = 1, max = 12) int concurrency,
      @ForAll @IntRange(min = 0, max = 120) int budget,
      @ForAll boolean inOrder) {
    VirtualClock clock = new VirtualClock();
    Endpoint endpoint = new Endpoint(clock);
    Random random = new Random(seed);
    endpoint.latency = (input, attempt) -> Duration.ofMillis(1 + random.nextInt(5000));
    endpoint.failure =
        (input, attempt) ->
            switch (random.nextInt(6)) {
              case 0 -> Endpoint.status(429, Duration.ofSeconds(random.nextInt(20)));
              case 1 -> Endpoint.status(503, null);
              case 2 -> random.nextInt(4) == 0 ? Endpoint.status(400, null) : null;
              default -> null;
            };
    CallOptions options =
        CallOptions.DEFAULT
            .withConcurrency(new ConcurrencyLimits(concurrency, concurrency + 3, 0.8))
            .withBudget(Budget.UNLIMITED.withCalls(budget))
            .withOrder(inOrder ? ResultOrder.OF_INPUTS : ResultOrder.AS_THEY_COME)
            .withTimeout(Duration.ofMillis(4500))
            .withSeed(seed);
    List<String> inputs = IntStream.range(0, count).mapToObj(i -> "q" + i).toList();
    Map<Long, CallResult<String>> results = new HashMap<>();
    long[] last = {-1};
    CallReport<String> report =
        Calls.of("target", endpoint)
            .options(options)
            .clock(clock)
            .run(
                inputs.iterator(),
                java.util.OptionalLong.of(count),
                result -> {
                  assertThat(results.put(result.index(), result)).isNull();
                  if (inOrder) {
                    assertThat(result.index()).isEqualTo(last[0] + 1);
                    last[0]++;
                  }
                });
    assertThat(results).hasSize(count);
    assertThat(report.succeeded() + report.failed() + report.missing()).isEqualTo(count);
    if (report.complete()) {
      assertThat(report.missing()).isZero();
    } else {
      assertThat(report.incomplete()).isEqualTo("budget: calls");
      assertThat(report.missing()).isPositive();
    }
    assertThat(endpoint.seen.size()).isLessThanOrEqualTo(budget);
    assertThat(report.attempts()).isEqualTo(endpoint.seen.size());
    assertThat(report.peakConcurrency()).isLessThanOrEqualTo(concurrency + 3);
    results.forEach(
        (index, result) -> {
          if (result instanceof CallResult.Succeeded<String> success) {
            assertThat(success.value()).isEqualTo("answer to q" + index);
          }
        });
  }
}
