package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.Progress;
import org.junit.jupiter.api.Test;

class CallsDeliveryTest extends SimulatedCalls {

  @Test
  void resultsComeInTheOrderOfInputsOrAsTheyCome() {
    endpoint.latency = (input, attempt) -> Duration.ofSeconds(input.equals("q0") ? 100 : 1);
    List<Long> ordered = new ArrayList<>();
    calls(TEN).run(inputs(500).iterator(), OptionalLong.empty(), r -> ordered.add(r.index()));
    assertThat(ordered).isSorted().hasSize(500);
    // While the first was not answered no more than the window was started.
    assertThat(endpoint.seen.stream().filter(s -> s.at() < 99)).hasSize(40);

    List<Long> coming = new ArrayList<>();
    calls(TEN.withOrder(ResultOrder.AS_THEY_COME))
        .run(inputs(500).iterator(), OptionalLong.of(500), r -> coming.add(r.index()));
    assertThat(coming).hasSize(500).doesNotHaveDuplicates().endsWith(0L);
  }

  @Test
  void aBrokenSinkEndsTheRunAndGivesUpWhatRuns() {
    assertThatThrownBy(
            () ->
                calls(TEN)
                    .run(
                        inputs(50).iterator(),
                        OptionalLong.empty(),
                        r -> {
                          throw new IllegalStateException("sink");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sink");
    assertThat(endpoint.seen).hasSize(10);
    assertThat(endpoint.seen.get(9).attempt().cancellation().isCancelled()).isTrue();
  }

  @Test
  void progressIsToldNowAndThenAndAtTheEnd() {
    List<Progress> told = new ArrayList<>();
    calls(TEN).progress("truthfulqa", told::add).run(inputs(100));
    assertThat(told).hasSizeBetween(5, 45);
    assertThat(told.stream().map(Progress::done)).isSorted();
    Progress last = told.get(told.size() - 1);
    assertThat(last.task()).isEqualTo("truthfulqa");
    assertThat(last.done()).isEqualTo(100);
    assertThat(last.total()).hasValue(100);
    assertThat(told.get(told.size() - 2).rate()).isCloseTo(10, within(4.0));
    assertThat(last.metrics()).containsEntry("failed", 0.0);
  }

  @Test
  void noInputsNoCalls() {
    CallReport<String> report = calls(TEN).run(List.of());
    assertThat(report.complete()).isTrue();
    assertThat(report.results()).isEmpty();
    assertThat(report.usage()).isEqualTo(Map.of());
  }
}
