package org.alignment4j.examples.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.process.StepLabelling;

/**
 * A simulated labeller, who knows the world. A step is right when it states a fact that leads to
 * the answer and was not stated before, or concludes the right answer after all these facts. It is
 * neutral when it says such a fact again, or concludes the right answer too early. It is wrong when
 * it says anything else: what is false, and what is true of something that was not asked.
 */
final class WorldLabeller implements Judge {
  private final Map<String, StepProblem> problems = new HashMap<>();

  WorldLabeller(List<StepProblem> problems) {
    problems.forEach(problem -> this.problems.put(problem.prompt().text(), problem));
  }

  @Override
  public Verdict judge(View view, OversightContext context) {
    StepProblem problem = problems.get(view.question());
    if (problem == null) {
      throw new IllegalArgumentException(
          "the problem must be one of those given but was '" + view.question() + "'");
    }
    List<String> steps = view.material().stream().map(String::strip).toList();
    int last = steps.size() - 1;
    return new Verdict.Decided(
        label(problem, steps.subList(0, last), steps.get(last)), 1, "", Usage.NONE);
  }

  private String label(StepProblem problem, List<String> before, String step) {
    List<String> facts = problem.plan().stream().map(StepProblem::statement).toList();
    if (step.equals(StepProblem.CONCLUSION + problem.answer() + ".")) {
      return before.containsAll(facts) ? StepLabelling.RIGHT : StepLabelling.NEUTRAL;
    }
    if (facts.contains(step)) {
      return before.contains(step) ? StepLabelling.NEUTRAL : StepLabelling.RIGHT;
    }
    return StepLabelling.WRONG;
  }
}
