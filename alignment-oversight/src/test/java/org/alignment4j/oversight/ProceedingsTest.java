package org.alignment4j.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.Progress;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.junit.jupiter.api.Test;

class ProceedingsTest {

  @Test
  void moreStepsThanForeseenSuchAsRepliesDrawnAgainAreNoFailure() {
    List<Progress> heard = new ArrayList<>();
    OversightContext context =
        new OversightContext(1, Budget.UNLIMITED, heard::add, CancellationToken.none());
    Proceedings proceedings = Proceedings.open("task", "question", context, OptionalLong.of(2));
    for (int step = 0; step < 3; step++) {
      proceedings.spend(Usage.NONE);
    }
    assertThat(heard).extracting(Progress::done).containsExactly(1L, 2L, 3L);
    assertThat(heard)
        .extracting(progress -> progress.total().getAsLong())
        .containsExactly(2L, 2L, 3L);
  }

  private static Proceedings proceedings() {
    return Proceedings.open("task", "question", OversightContext.of(1), OptionalLong.empty());
  }

  @Test
  void aJudgeThatChoosesWhatIsNoOptionFailsRatherThanCountsAsWrong() {
    View view = new View("Judge", 0, "", "When?", List.of("1931", "1932"), List.of(), List.of());
    for (String choice : List.of("A", "1999", "1931 ")) {
      assertThatThrownBy(
              () ->
                  proceedings()
                      .ask((v, context) -> new Verdict.Decided(choice, 1, "", Usage.NONE), view))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("one of the options [1931, 1932] but chose '" + choice + "'")
          .hasMessageContaining("not its letter");
    }
    Verdict.Decided known = new Verdict.Decided("1932", 1, "", Usage.NONE);
    assertThat(proceedings().ask((v, context) -> known, view)).isSameAs(known);
  }

  @Test
  void aJudgeWithoutAVerdictIsToldWhatToReturn() {
    View view = new View("Judge", 0, "", "When?", List.of("x", "y"), List.of(), List.of());
    assertThatThrownBy(() -> proceedings().ask((v, context) -> null, view))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gave null")
        .hasMessageContaining("Verdict.Unparsed");
  }
}
