package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;

class StopConditionsTest {
  private static final StopConditions CONDITIONS =
      new StopConditions(Set.of(2), List.of("\n\nHuman:", "END"), 10);

  @Test
  void endOfSequenceEnds() {
    StopDecision decision = CONDITIONS.after(2, 3, "hello");
    assertThat(decision.reason()).isEqualTo(FinishReason.EOS);
    assertThat(decision.text()).isEqualTo("hello");
  }

  @Test
  void stopStringSpanningTokensIsCutOff() {
    assertThat(CONDITIONS.after(9, 1, "yes\n\nHu").ends()).isFalse();
    StopDecision decision = CONDITIONS.after(9, 2, "yes\n\nHuman: and");
    assertThat(decision.reason()).isEqualTo(FinishReason.STOP_STRING);
    assertThat(decision.text()).isEqualTo("yes");
    assertThat(decision.releasable()).isEqualTo(3);
  }

  @Test
  void theEarliestOfSeveralStopStringsCounts() {
    assertThat(CONDITIONS.after(9, 2, "aENDb\n\nHuman:").text()).isEqualTo("a");
    assertThat(CONDITIONS.after(9, 2, "a\n\nHuman:END").text()).isEqualTo("a");
  }

  @Test
  void textThatMayBecomeAStopStringIsHeldBack() {
    assertThat(CONDITIONS.after(9, 1, "yes\n\nHu").releasable()).isEqualTo(3);
    assertThat(CONDITIONS.after(9, 1, "yes\n\nHa").releasable()).isEqualTo(7);
    assertThat(CONDITIONS.after(9, 1, "yes E").releasable()).isEqualTo(4);
    assertThat(CONDITIONS.after(9, 1, "").releasable()).isZero();
  }

  @Test
  void limitEndsLast() {
    assertThat(CONDITIONS.after(9, 10, "x").reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(CONDITIONS.after(9, 10, "xEND").reason()).isEqualTo(FinishReason.STOP_STRING);
    assertThat(CONDITIONS.after(2, 10, "x").reason()).isEqualTo(FinishReason.EOS);
    assertThat(CONDITIONS.after(9, 10, "xEN").releasable()).isEqualTo(3);
  }

  @Test
  void ignoredEndOfSequenceDoesNotEnd() {
    SamplingOptions options = SamplingOptions.builder(4).ignoreEos(true).build();
    assertThat(StopConditions.of(options, Set.of(2)).after(2, 1, "x").ends()).isFalse();
    assertThat(StopConditions.of(SamplingOptions.greedy(4), Set.of(2)).after(2, 1, "x").ends())
        .isTrue();
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> new StopConditions(Set.of(), List.of(""), 1))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> new StopConditions(Set.of(), List.of(), 0))
        .hasMessage("maxNewTokens must be at least 1 but was 0");
  }
}
