package org.alignment4j.api.model;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/** A language model whose completions can be followed token by token. */
@API(status = API.Status.STABLE, since = "0.1")
public interface StreamingLanguageModel extends LanguageModel {

  /**
   * Answers every prompt and reports each token as it is generated. The completions are those of
   * {@link #generate(List, SamplingOptions, CancellationToken)}.
   *
   * @param prompts what to continue; may be empty
   * @param options how to sample
   * @param listener hears every token
   * @param cancellation asks to stop at the next token
   * @return one completion per prompt, in order
   * @throws IllegalArgumentException when a prompt does not fit this model or an option is not
   *     supported
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Completion> stream(
      List<? extends Prompt> prompts,
      SamplingOptions options,
      TokenListener listener,
      CancellationToken cancellation);

  /**
   * Answers one prompt and reports each token as it is generated.
   *
   * @param prompt what to continue
   * @param options how to sample
   * @param listener hears every token
   * @return the completion
   * @throws IllegalArgumentException when the prompt does not fit this model or an option is not
   *     supported
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default Completion stream(Prompt prompt, SamplingOptions options, TokenListener listener) {
    return stream(List.of(prompt), options, listener, CancellationToken.none()).get(0);
  }
}
