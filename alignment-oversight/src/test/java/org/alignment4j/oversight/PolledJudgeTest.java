package org.alignment4j.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.oversight.call.RecordedCalls;
import org.junit.jupiter.api.Test;

class PolledJudgeTest {
  private static final View VIEW =
      new View("Judge", 0, "Decide.", "Who?", List.of("a", "b", "c"), List.of(), List.of());
  private static final OversightContext CONTEXT = OversightContext.of(7);

  private static PolledJudge polled(LanguageModel model, int votes) {
    SamplingOptions sampled = SamplingOptions.builder(20).build();
    return PolledJudge.of(
        seed ->
            ModelJudge.of(JudgeModel.of(model).withOptions(sampled.toBuilder().seed(seed).build())),
        votes);
  }

  private static Verdict judged(int votes, String... replies) {
    return polled(ScriptedModel.saying(replies), votes).judge(VIEW, CONTEXT);
  }

  @Test
  void theOptionThatMostVerdictsNameIsTheVerdictWithTheirShare() {
    Verdict.Decided decided =
        (Verdict.Decided) judged(5, "[[B]]", "[[A]]", "?", "?", "[[B]]", "yes [[B]]");
    assertThat(decided.choice()).isEqualTo("b");
    assertThat(decided.probability()).isEqualTo(0.75);
    assertThat(decided.usage().calls()).isEqualTo(6);
    assertThat(decided.reasons()).contains("[[A]]").endsWith("yes [[B]]");
  }

  @Test
  void tiesAndSilenceAreNoVerdict() {
    assertThat(((Verdict.Unparsed) judged(3, "[[B]]", "[[A]]", "?")).reply())
        .contains("as many verdicts");
    assertThat(((Verdict.Unparsed) judged(2, "?")).reply()).contains("no verdict names an option");
  }

  @Test
  void budgetEndsThePollWithoutAVerdictAndIsSaid() {
    ScriptedModel model = ScriptedModel.saying("[[B]]");
    Verdict verdict =
        polled(model, 3).judge(VIEW, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(2)));
    assertThat(((Verdict.Unparsed) verdict).reply())
        .contains("[[B]]")
        .contains("budget of calls ended the poll");
    assertThat(verdict.usage().calls()).isEqualTo(2);
    assertThat(model.calls()).hasSize(2);
    OversightContext nothing = CONTEXT.withBudget(Budget.UNLIMITED.withCalls(0));
    assertThatThrownBy(() -> polled(model, 3).judge(VIEW, nothing))
        .isInstanceOf(BudgetExceededException.class);
  }

  /** Three votes, each right with probability 0.7: 0.7³ + 3·0.7²·0.3 = 0.784. */
  @Test
  void majorityIsRightAsOftenAsVotesSay() {
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) ->
                new SplittableRandom(seed).nextDouble() < 0.7 ? "[[A]]" : "[[B]]");
    int right = 0;
    double agreement = 0;
    for (int run = 0; run < 2000; run++) {
      Verdict.Decided decided =
          (Verdict.Decided) polled(model, 3).judge(VIEW, OversightContext.of(run));
      right += decided.choice().equals("a") ? 1 : 0;
      agreement += decided.probability() / 2000;
    }
    assertThat(right / 2000.0).isCloseTo(0.784, within(0.03));
    // All three agree with probability 0.343 + 0.027, else two of three do.
    assertThat(agreement).isCloseTo(0.37 + 0.63 * 2 / 3, within(0.02));
  }

  @Test
  void votesAreSeparateCallsThatRepeatForNothing() {
    ScriptedModel model =
        ScriptedModel.of((prompt, seed, draw) -> seed % 2 == 0 ? "[[A]]" : "[[B]]");
    try (RecordedCalls calls = RecordedCalls.inMemory()) {
      Verdict first = polled(calls.as("judge", model), 5).judge(VIEW, CONTEXT);
      assertThat(model.calls()).hasSize(5);
      assertThat(polled(calls.as("judge", model), 5).judge(VIEW, CONTEXT)).isEqualTo(first);
      assertThat(model.calls()).hasSize(5);
    }
  }

  @Test
  void oneVoteIsNoPoll() {
    assertThatThrownBy(() -> polled(ScriptedModel.saying("x"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 2 but were 1");
  }
}
