package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.solve.Generation;

/**
 * Lets the model answer, and answer again several times. An answer's completions are the passage
 * and the samples.
 *
 * @param passage how the passage is sampled
 * @param samples how the others are
 * @param times how many others
 */
record SelfCheckSolver(SamplingOptions passage, SamplingOptions samples, int times)
    implements Solver {

  @Override
  public Set<Class<? extends Model>> requires() {
    return Generation.once(passage).requires();
  }

  @Override
  public List<Answer> solve(List<Sample> asked, Model model, CancellationToken cancellation) {
    List<Answer> first = Generation.once(passage).solve(asked, model, cancellation);
    List<Answer> others = new Generation(samples, times).solve(asked, model, cancellation);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      List<Completion> completions = new ArrayList<>(first.get(i).completions());
      completions.addAll(others.get(i).completions());
      answers.add(
          new Answer(completions, List.of(), first.get(i).usage().plus(others.get(i).usage())));
    }
    return answers;
  }
}
