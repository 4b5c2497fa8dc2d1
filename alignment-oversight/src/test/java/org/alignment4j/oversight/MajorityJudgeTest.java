package org.alignment4j.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.junit.jupiter.api.Test;

class MajorityJudgeTest {
  private static final Usage ONE = new Usage(1, 10, 0, 5, 0, 0, Duration.ZERO);
  private static final View VIEW =
      new View("Judge", 0, "", "Who?", List.of("Ada", "Ben", "Cyd"), List.of(), List.of());

  private static Judge saying(String choice) {
    return (view, context) -> new Verdict.Decided(choice, 1, "Surely " + choice + ".", ONE);
  }

  private static Judge silent() {
    return (view, context) -> new Verdict.Unparsed("Hm.", ONE);
  }

  private static Judge down() {
    return (view, context) -> {
      throw new RemoteCallException("judge is down", 503, true, null, null);
    };
  }

  private static Verdict vote(Judge... judges) {
    return MajorityJudge.of(List.of(judges)).judge(VIEW, OversightContext.of(1));
  }

  private static String none(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Unparsed.class);
    return ((Verdict.Unparsed) verdict).reply();
  }

  @Test
  void theOptionOfMostJudgesWinsWithItsShareOfTheVotes() {
    Verdict.Decided verdict =
        (Verdict.Decided) vote(saying("Cyd"), silent(), saying("Ada"), saying("Cyd"));
    assertThat(verdict.choice()).isEqualTo("Cyd");
    assertThat(verdict.probability()).isEqualTo(2 / 3.0);
    assertThat(verdict.usage().calls()).isEqualTo(4);
    assertThat(verdict.reasons())
        .contains("Judge 1 chose Cyd.\nSurely Cyd.", "Judge 2 gave no verdict.\nHm.");
  }

  @Test
  void asManyVotesForTwoAreNoVerdict() {
    assertThat(none(vote(saying("Ben"), saying("Ada")))).contains("two options have as many votes");
    assertThat(none(vote(saying("Ben"), saying("Cyd"), saying("Cyd"), saying("Ben"))))
        .contains("two options have as many votes");
    assertThat(none(vote(saying("Ada"), saying("Cyd"), saying("Ben"))))
        .contains("two options have as many votes");
    assertThat(vote(saying("Ada"), saying("Ben"), saying("Cyd"), saying("Cyd"), saying("Cyd")))
        .isInstanceOf(Verdict.Decided.class);
  }

  @Test
  void fewerVotesThanTheQuorumAreNoVerdict() {
    assertThat(none(vote(saying("Ada"), silent(), silent()))).contains("1 of 3 judges voted");
    Verdict verdict =
        MajorityJudge.of(List.of(saying("Ada"), silent(), silent()))
            .withQuorum(1)
            .judge(VIEW, OversightContext.of(1));
    assertThat(verdict).isInstanceOf(Verdict.Decided.class);
  }

  @Test
  void aJudgeThatFailsDoesNotVoteWhileTheOthersAreAQuorum() {
    Verdict.Decided verdict = (Verdict.Decided) vote(saying("Ada"), down(), saying("Ada"));
    assertThat(verdict.choice()).isEqualTo("Ada");
    assertThat(verdict.reasons()).contains("Judge 2 failed: judge is down");
    assertThatThrownBy(() -> vote(saying("Ada"), down(), down()))
        .isInstanceOf(RemoteCallException.class);
  }

  @Test
  void theBudgetIsHandedOnAndEndsTheVote() {
    List<Long> seeds = new ArrayList<>();
    Judge counting =
        (view, context) -> {
          seeds.add(context.seed());
          return new Verdict.Decided("Ada", 1, "", ONE);
        };
    MajorityJudge panel = MajorityJudge.of(List.of(counting, counting, counting));
    OversightContext two = OversightContext.of(1).withBudget(Budget.UNLIMITED.withCalls(2));
    assertThat(none(panel.judge(VIEW, two))).contains("budget of calls ended the vote");
    assertThat(seeds).doesNotHaveDuplicates().hasSize(2);
    OversightContext none = OversightContext.of(1).withBudget(Budget.UNLIMITED.withCalls(0));
    assertThatThrownBy(() -> panel.judge(VIEW, none)).isInstanceOf(BudgetExceededException.class);
  }

  @Test
  void itJudgesWhereverAJudgeDoes() {
    ChoiceQuestion question = ChoiceQuestion.of("q", "Who?", List.of("Ada", "Ben"), 0, "Ada did.");
    Judge panel = MajorityJudge.of(List.of(saying("Ada"), saying("Ben"), saying("Ada")));
    assertThat(
            DirectJudgement.blind(panel)
                .run(question, OversightContext.of(1))
                .verdict()
                .share("Ada"))
        .hasValue(1);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> MajorityJudge.of(List.of())).hasMessageContaining("has none");
    assertThatThrownBy(() -> MajorityJudge.of(List.of(silent())).withQuorum(2))
        .hasMessageContaining("from 1 to the number of judges, 1, but was 2");
  }
}
