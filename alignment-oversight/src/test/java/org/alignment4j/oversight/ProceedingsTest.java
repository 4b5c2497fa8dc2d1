package org.alignment4j.oversight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.Progress;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
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
}
