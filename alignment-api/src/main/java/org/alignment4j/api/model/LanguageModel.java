package org.alignment4j.api.model;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * Prompts in, completions out. Implementations are immutable and safe for concurrent calls.
 *
 * <p>What not every model can do is a type of its own, never a method that throws: {@link
 * StreamingLanguageModel}, {@link SamplingModel}, {@link BeamSearchModel}, {@link ChoiceModel},
 * {@link LikelihoodModel}, {@link GradientModel}.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface LanguageModel extends Model {

  /**
   * Answers every prompt. An answer depends on the prompt, the options and the seed only, not on
   * the other prompts or the order; a prompt that occurs several times gets several samples: the
   * k-th time the one that {@link GenerationRequest} numbers k.
   *
   * @param prompts what to continue; may be empty
   * @param options how to sample
   * @param cancellation asks to stop at the next token
   * @return one completion per prompt, in order
   * @throws IllegalArgumentException when a prompt does not fit this model (its context, its
   *     vocabulary, a conversation without a chat template) or an option is not supported; no
   *     prompt is answered then (see {@link SamplingModel} to have the others answered)
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation);

  /**
   * Answers every prompt.
   *
   * @param prompts what to continue; may be empty
   * @param options how to sample
   * @return one completion per prompt, in order
   * @throws IllegalArgumentException when a prompt does not fit this model or an option is not
   *     supported
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default List<Completion> generate(List<? extends Prompt> prompts, SamplingOptions options) {
    return generate(prompts, options, CancellationToken.none());
  }

  /**
   * Answers one prompt.
   *
   * @param prompt what to continue
   * @param options how to sample
   * @return the completion
   * @throws IllegalArgumentException when the prompt does not fit this model or an option is not
   *     supported
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default Completion generate(Prompt prompt, SamplingOptions options) {
    return generate(List.of(prompt), options).get(0);
  }
}
