package org.alignment4j.api.hook;

import java.util.List;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * A model that can be looked into and changed from within. Immutable and safe for concurrent use.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface HookedModel extends LanguageModel, LikelihoodModel {

  /**
   * Returns the tokenizer whose ids this model reads.
   *
   * @return the tokenizer
   */
  Tokenizer tokenizer();

  /**
   * Returns how many layers the model has.
   *
   * @return the number of layers
   */
  int layerCount();

  /**
   * Returns the hook points this model has.
   *
   * @return the points, in the order of the forward pass
   */
  List<HookPoint<?>> hookPoints();

  /**
   * Declares a forward run of several sequences.
   *
   * @param sequences the tokens of each, taken as they are; lengths may differ
   * @return the run, reading and changing nothing yet
   * @throws IllegalArgumentException when there is no sequence, or one is empty, exceeds the
   *     context or has an id outside the vocabulary
   */
  ForwardRun forward(List<TokenIds> sequences);

  /**
   * Declares a forward run of one sequence.
   *
   * @param sequence the tokens, taken as they are
   * @return the run, reading and changing nothing yet
   * @throws IllegalArgumentException when it is empty, exceeds the context or has an id outside the
   *     vocabulary
   */
  default ForwardRun forward(TokenIds sequence) {
    return forward(List.of(sequence));
  }

  /**
   * Returns this model with activations changed, sharing its weights. What is changed is changed
   * everywhere: in generation under a cache as without one, in scoring and in forward runs, at
   * absolute positions. A row or position that a text does not have is not changed there, since a
   * longer one may have it; {@link ForwardRun#with} refuses it.
   *
   * @param interventions what to change, in order, after the interventions of this model
   * @return the changed model
   * @throws IllegalArgumentException when this model lacks a point, or an edit does not fit it
   */
  HookedModel with(List<? extends Intervention<?>> interventions);

  /**
   * Returns this model with activations changed, as {@link #with(List)} does.
   *
   * @param interventions what to change, in order
   * @return the changed model
   * @throws IllegalArgumentException when this model lacks a point, or an edit does not fit it
   */
  default HookedModel with(Intervention<?>... interventions) {
    return with(List.of(interventions));
  }
}
