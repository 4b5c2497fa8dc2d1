package org.alignment4j.api.oversight;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void saysWhatRanOut() {
    Transcript transcript = Transcript.about("Who?");
    Outcome<String> stopped =
        Outcome.stopped(
            "so far", transcript, Usage.NONE, new BudgetExceededException("tokens", "used up"));
    assertThat(stopped.incomplete()).isEqualTo("budget: tokens");
    assertThat(stopped.exhausted()).hasValue("tokens");
    assertThat(stopped.complete()).isFalse();
    assertThat(new Outcome<>("done", transcript, Usage.NONE, "").exhausted()).isEmpty();
    assertThat(new Outcome<>("", transcript, Usage.NONE, "no choice").exhausted()).isEmpty();
  }
}
