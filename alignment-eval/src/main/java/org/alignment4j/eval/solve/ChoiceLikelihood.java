package org.alignment4j.eval.solve;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Model;
import org.apiguardian.api.API;

/**
 * Multiple choice by likelihood: how likely each choice is as the continuation of the prompt, as in
 * lm-evaluation-harness. All continuations of a batch go to the model in one call, which may share
 * the prompts' computation. Prompt and choice are tokenised together; spaces at the end of the
 * prompt count as the continuation's. After an empty prompt a choice is scored as a whole text.
 * Immutable and thread-safe.
 *
 * @param separator what stands between prompt and choice; left out after an empty prompt and where
 *     the choice is the whole content of a chat's next message
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChoiceLikelihood(String separator) implements Solver {

  /** Checks that nothing is missing. */
  public ChoiceLikelihood {
    Objects.requireNonNull(separator, "separator");
  }

  /**
   * Returns the usual solver: a space stands between prompt and choice.
   *
   * @return the solver
   */
  public static ChoiceLikelihood afterSpace() {
    return new ChoiceLikelihood(" ");
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(LikelihoodModel.class);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when a sample has no choices or the model gives no likelihoods
   */
  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    return Likelihoods.solve(
        samples,
        model,
        (sample, choice) -> Likelihoods.continuation(sample.prompt(), separator, choice),
        cancellation);
  }
}
