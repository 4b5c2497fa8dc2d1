package org.alignment4j.api.model;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A model that can be held to given replies. Implementations are immutable and safe for concurrent
 * calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ChoiceModel extends Model {

  /**
   * Weighs the choices of every request by the model's own probabilities at temperature 1. A text
   * can be spelled by several token sequences; their probabilities are summed as far as they
   * matter, and what is left out is bounded by {@link ChoiceDistribution#unexplored()}.
   *
   * @param requests prompts and choices; may be empty
   * @param cancellation asks to stop at the next token
   * @return one distribution per request, in order
   * @throws IllegalArgumentException when a prompt and a choice do not fit this model's context or
   *     vocabulary, or the model has no tokenizer
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.AlignmentException when the model fails, or no token boundary lies
   *     between prompt and choice
   */
  List<ChoiceDistribution> choose(List<ChoiceRequest> requests, CancellationToken cancellation);

  /**
   * Weighs the choices of one request.
   *
   * @param request prompt and choices
   * @return their probabilities
   * @throws IllegalArgumentException when prompt and choices do not fit this model, or it has no
   *     tokenizer
   * @throws org.alignment4j.api.AlignmentException when the model fails, or no token boundary lies
   *     between prompt and choice
   */
  default ChoiceDistribution choose(ChoiceRequest request) {
    return choose(List.of(request), CancellationToken.none()).get(0);
  }
}
