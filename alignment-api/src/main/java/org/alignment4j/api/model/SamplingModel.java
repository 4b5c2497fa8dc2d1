package org.alignment4j.api.model;

import java.util.List;
import java.util.function.ObjIntConsumer;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A language model that numbers its samples, guides them, and fails one request without the others.
 * Implementations are immutable and safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface SamplingModel extends LanguageModel {

  /**
   * Answers every request. Requests that share the beginning of their prompts share its
   * computation; an outcome does not depend on the others beyond rounding (1e-5).
   *
   * @param requests what to continue; may be empty
   * @param options how to sample
   * @param cancellation asks to stop at the next token
   * @return one outcome per request, in order
   * @throws IllegalArgumentException when an option is not supported
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails as a whole
   */
  List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation);

  /**
   * Answers every request and hands over each outcome once it is there, so that it can be kept
   * before the others come. Unless a model does otherwise, all are handed over at the end.
   *
   * @param requests what to continue; may be empty
   * @param options how to sample
   * @param cancellation asks to stop at the next token
   * @param sink hears each outcome once, with the index of its request, in any order, on the
   *     calling thread; what it throws ends the call
   * @throws IllegalArgumentException when an option is not supported
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails as a whole
   */
  default void sample(
      List<GenerationRequest> requests,
      SamplingOptions options,
      CancellationToken cancellation,
      ObjIntConsumer<? super GenerationOutcome> sink) {
    List<GenerationOutcome> outcomes = sample(requests, options, cancellation);
    for (int i = 0; i < outcomes.size(); i++) {
      sink.accept(outcomes.get(i), i);
    }
  }

  /**
   * Answers every request.
   *
   * @param requests what to continue; may be empty
   * @param options how to sample
   * @return one outcome per request, in order
   * @throws IllegalArgumentException when an option is not supported
   * @throws org.alignment4j.api.ModelExecutionException when the model fails as a whole
   */
  default List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options) {
    return sample(requests, options, CancellationToken.none());
  }

  /**
   * Draws several independent answers to one prompt, whose computation they share.
   *
   * @param prompt what to continue
   * @param count how many, not negative
   * @param options how to sample
   * @return samples 0 to {@code count - 1}
   * @throws IllegalArgumentException when the prompt does not fit this model or an option is not
   *     supported
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default List<Completion> samples(Prompt prompt, int count, SamplingOptions options) {
    return sample(GenerationRequest.samples(prompt, count), options).stream()
        .map(GenerationOutcome::completion)
        .toList();
  }
}
