package org.alignment4j.eval.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.evaluation.Score;
import org.junit.jupiter.api.Test;

class ScorerFailuresTest {

  private static Score failing(RuntimeException failure) {
    return ScorerFailures.guard(
        () -> {
          throw failure;
        });
  }

  @Test
  void whatFailsForGoodIsAFailedScore() {
    assertThat(failing(new ModelExecutionException("down")))
        .isEqualTo(new Score.Failed("ModelExecutionException: down"));
    assertThat(failing(new IllegalArgumentException("the prompt has 9000 tokens")))
        .isEqualTo(new Score.Failed("IllegalArgumentException: the prompt has 9000 tokens"));
    assertThat(ScorerFailures.guard(() -> new Score.Scored(0.5))).isEqualTo(new Score.Scored(0.5));
  }

  @Test
  void whatEndsTheRunAndFaultsOfTheProgramPass() {
    assertThatThrownBy(() -> failing(new CancelledException("stop")))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> failing(new BudgetExceededException("calls", "none left")))
        .isInstanceOf(BudgetExceededException.class);
    assertThatThrownBy(() -> failing(new IllegalStateException("closed")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(failing(new RemoteCallException("unauthorized", 401, false, null, null)))
        .isInstanceOf(Score.Failed.class);
  }
}
