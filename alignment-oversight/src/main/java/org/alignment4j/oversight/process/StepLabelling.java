package org.alignment4j.oversight.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * Has a judge label the steps of a solution (Lightman et al. 2023, arXiv 2305.20050, section 2.4):
 * one after another, each with the steps before it, up to and including the first that is wrong;
 * what follows a mistake is not judged. A right step is labelled 1, a neutral one ½, a wrong one 0.
 * A step about which the judge names none of the three has no label, and labelling goes on.
 * Immutable.
 *
 * @param judge model or person; reads problem and steps as material
 * @param wording what the judge is asked; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StepLabelling(Judge judge, Wording wording)
    implements OversightProtocol<StepwiseSolution, StepLabels> {
  /** The judge's role. */
  public static final String JUDGE = "judge of steps";

  /** Correct and of help; rating 1. */
  public static final String RIGHT = "right";

  /** Neither wrong nor of help; rating 0. */
  public static final String NEUTRAL = "neutral";

  /** Rating −1. */
  public static final String WRONG = "wrong";

  private static final Map<String, Double> LABELS = Map.of(RIGHT, 1.0, NEUTRAL, 0.5, WRONG, 0.0);

  /** Checks that nothing is missing. */
  public StepLabelling {
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(wording, "wording");
  }

  /** Returns labelling with the wording that comes with the library. */
  public static StepLabelling by(Judge judge) {
    return new StepLabelling(judge, Wording.bundled(StepLabelling.class, "step.txt", Set.of()));
  }

  @Override
  public Outcome<StepLabels> run(StepwiseSolution solution, OversightContext context) {
    String problem = problem(solution.prompt());
    int steps = solution.steps().size();
    Proceedings proceedings =
        Proceedings.open("step labelling", problem, context, OptionalLong.of(steps));
    List<OptionalDouble> labels =
        new ArrayList<>(Collections.nCopies(steps, OptionalDouble.empty()));
    try {
      for (int step = 0; step < steps; step++) {
        OptionalDouble label = label(proceedings.ask(judge, view(problem, solution, step)));
        labels.set(step, label);
        if (label.isPresent() && label.getAsDouble() == 0) {
          break;
        }
      }
      return proceedings.outcome(new StepLabels(solution, labels));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(new StepLabels(solution, labels), limit);
    }
  }

  private View view(String problem, StepwiseSolution solution, int step) {
    return new View(
        JUDGE,
        step,
        wording.render(Map.of()),
        problem,
        List.of(RIGHT, NEUTRAL, WRONG),
        solution.steps().subList(0, step + 1),
        List.of());
  }

  private static OptionalDouble label(Verdict verdict) {
    Double label = verdict instanceof Verdict.Decided decided ? LABELS.get(decided.choice()) : null;
    return label == null ? OptionalDouble.empty() : OptionalDouble.of(label);
  }

  /** What was asked, as text; of a conversation its last message. */
  private static String problem(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    if (prompt instanceof Prompt.Chat chat) {
      List<Message> messages = chat.messages();
      return messages.get(messages.size() - 1).content();
    }
    throw new IllegalArgumentException(
        "a solution's prompt must be a text or a conversation for a judge to read it but was of"
            + " tokens");
  }
}
