package org.alignment4j.api.model;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A model that can say in which direction its prompt must change to make a continuation more
 * likely. Searches over discrete prompts (GCG, Zou et al. 2023; trigger search) build on it. Safe
 * for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface GradientModel extends Model {

  /**
   * Returns the tokenizer whose ids this model reads.
   *
   * @return the tokenizer
   */
  Tokenizer tokenizer();

  /**
   * Returns the gradient of the loss with respect to one-hot tokens in the slots.
   *
   * @param request prompt, slots and target
   * @return the gradient {@code [slots, vocabulary]} and the loss
   * @throws IllegalArgumentException when the request does not fit this model
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  InputGradients oneHotGradients(GradientRequest request);

  /**
   * Returns the gradient of the loss with respect to the token embeddings in the slots.
   *
   * @param request prompt, slots and target
   * @return the gradient {@code [slots, dModel]} and the loss
   * @throws IllegalArgumentException when the request does not fit this model
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  InputGradients embeddingGradients(GradientRequest request);

  /**
   * Returns the losses of many fillings of the slots at once; what is before the slots is computed
   * once.
   *
   * @param request prompt, slots and target
   * @param candidates fillings, each of as many tokens as there are slots
   * @param cancellation asks to stop at the next batch
   * @return one loss per candidate, in order: mean negative log-likelihood of the target, in nats
   * @throws IllegalArgumentException when a candidate does not fill the slots or does not fit this
   *     model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  double[] losses(
      GradientRequest request, List<TokenIds> candidates, CancellationToken cancellation);
}
