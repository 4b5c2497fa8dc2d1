package org.alignment4j.oversight.debate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * A judge without advice: blind, or with the material that debaters have. The floor and the ceiling
 * of what debate and consultancy can reach. Immutable.
 *
 * @param judge who decides
 * @param informed whether the judge reads the material
 * @param bothOrders whether the options are judged in both orders
 * @param wording what the judge is asked; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DirectJudgement(Judge judge, boolean informed, boolean bothOrders, Wording wording)
    implements OversightProtocol<ChoiceQuestion, Ruling> {

  /** Checks that nothing is missing. */
  public DirectJudgement {
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(wording, "wording");
  }

  /** Returns a judge who sees question and options alone. */
  public static DirectJudgement blind(Judge judge) {
    return new DirectJudgement(
        judge, false, false, Wording.bundled(DirectJudgement.class, "blind.txt", Set.of()));
  }

  /** Returns a judge who reads the material too. */
  public static DirectJudgement expert(Judge judge) {
    return new DirectJudgement(
        judge, true, false, Wording.bundled(DirectJudgement.class, "expert.txt", Set.of()));
  }

  /** Returns this judgement in both orders of the options. */
  public DirectJudgement judgedInBothOrders() {
    return new DirectJudgement(judge, informed, true, wording);
  }

  @Override
  public Outcome<Ruling> run(ChoiceQuestion question, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open(
            "judgement", question.text(), context, OptionalLong.of(bothOrders ? 2 : 1));
    List<Verdict> verdicts = new ArrayList<>();
    try {
      verdicts.add(proceedings.ask(judge, view(question)));
      if (bothOrders) {
        verdicts.add(proceedings.ask(judge, view(question.swapped())));
      }
      return proceedings.outcome(new Ruling(verdicts));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(new Ruling(verdicts), limit);
    }
  }

  private View view(ChoiceQuestion question) {
    return new View(
        Debate.JUDGE,
        0,
        wording.render(Map.of()),
        question.text(),
        question.options(),
        informed ? question.material() : List.of(),
        List.of());
  }
}
