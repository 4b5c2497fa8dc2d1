package org.alignment4j.api.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.alignment4j.api.model.Usage;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private static final Usage CALL = Usage.ofGeneration(10, 5, Duration.ofMillis(1));

  private static Turn turn(String role, int round) {
    return new Turn(role, round, role + " says", role + " thinks", true, 1, CALL);
  }

  @Test
  void hiddenReasoningReachesNoOtherRole() {
    Transcript transcript = Transcript.about("Q").with(turn("A", 0)).with(turn("B", 0));

    assertThat(transcript.visibleTo("A")).extracting(Turn::hidden).containsExactly("A thinks", "");
    View judge = new View("judge", 1, "", "Q", List.of("x", "y"), List.of(), transcript.turns());
    assertThat(judge.turns()).extracting(Turn::hidden).containsOnly("");
    assertThat(judge.turns()).extracting(Turn::visible).containsExactly("A says", "B says");
  }

  @Test
  void growsByCopyAndAddsUsage() {
    Transcript empty = Transcript.about("Q");
    Transcript two = empty.with(turn("A", 0)).with(turn("B", 0));

    assertThat(empty.turns()).isEmpty();
    assertThat(two.usage()).isEqualTo(CALL.plus(CALL));
  }

  @Test
  void aTurnKeepsWhatIsNotReplaced() {
    assertThat(turn("A", 2).withVisible("B"))
        .isEqualTo(new Turn("A", 2, "B", "A thinks", true, 1, CALL));
    assertThat(turn("A", 2).withUsage(Usage.NONE))
        .isEqualTo(new Turn("A", 2, "A says", "A thinks", true, 1, Usage.NONE));
  }

  @Test
  void verdictProbabilityIsChecked() {
    assertThatThrownBy(() -> new Verdict.Decided("x", 1.2, "", CALL))
        .hasMessage("probability must be in [0, 1] but was 1.2");
  }

  @Test
  void budgetNamesTheLimitReached() {
    Budget budget = Budget.UNLIMITED.withCalls(2).withTokens(40).withTime(Duration.ofSeconds(9));

    assertThat(budget.exhausted(CALL, 0, Duration.ZERO)).isEmpty();
    assertThat(budget.exhausted(CALL.plus(CALL), 0, Duration.ZERO)).contains("calls");
    assertThat(budget.withCalls(9).exhausted(CALL.plus(CALL).plus(CALL), 0, Duration.ZERO))
        .contains("tokens");
    assertThat(budget.exhausted(CALL, 0, Duration.ofSeconds(9))).contains("time");
    assertThat(budget.withMoney(0.5).exhausted(CALL, 0.5, Duration.ZERO)).contains("money");
    assertThat(Budget.UNLIMITED.withCalls(0).exhausted(Usage.NONE, 0, Duration.ZERO))
        .contains("calls");
    assertThatThrownBy(() -> Budget.UNLIMITED.withCalls(-1))
        .hasMessageContaining("calls must not be negative but was -1");
  }
}
