package org.alignment4j.eval.solve;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * How likely each choice is as a whole text, after nothing but the beginning-of-sequence token (the
 * end-of-sequence token where a model has no other): pairs of sentences. The sample's prompt is not
 * used. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WholeTextLikelihood() implements Solver {

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
        samples, model, (sample, choice) -> Continuation.of(Prompt.text(""), choice), cancellation);
  }
}
