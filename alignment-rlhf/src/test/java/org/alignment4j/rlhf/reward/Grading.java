package org.alignment4j.rlhf.reward;

import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;

/** A grader that a test writes as a function of the answer's text. */
record Grading(List<String> names, Function<String, double[]> grades) implements PropositionGrader {

  @Override
  public String id() {
    return "grading";
  }

  @Override
  public List<double[]> probabilities(
      List<PromptCompletion> answers, CancellationToken cancellation) {
    return answers.stream().map(a -> grades.apply(a.completion())).toList();
  }
}
