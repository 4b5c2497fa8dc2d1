package org.alignment4j.rlhf.reward;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;

/** The grades that a grader gives, checked. */
final class PropositionGrades {

  private PropositionGrades() {}

  static List<double[]> of(
      PropositionGrader grader, List<PromptCompletion> answers, CancellationToken cancellation) {
    List<String> names = grader.names();
    List<double[]> grades = grader.probabilities(answers, cancellation);
    if (grades.size() != answers.size()) {
      throw new ModelExecutionException(
          "grader '%s' must grade each of %s answers but graded %s"
              .formatted(grader.id(), answers.size(), grades.size()));
    }
    for (int i = 0; i < grades.size(); i++) {
      double[] own = grades.get(i);
      if (own.length != names.size()) {
        throw new ModelExecutionException(
            "grader '%s' must grade %s propositions of answers[%s] but graded %s; none may be missing"
                .formatted(grader.id(), names, i, own.length));
      }
      for (int j = 0; j < own.length; j++) {
        if (!(own[j] >= 0 && own[j] <= 1)) {
          throw new ModelExecutionException(
              "the probability of proposition '%s' of answers[%s] must be in [0, 1] but was %s"
                  .formatted(names.get(j), i, own[j]));
        }
      }
    }
    return grades;
  }
}
