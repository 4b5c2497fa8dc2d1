package org.alignment4j.api.model;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A model that searches for likely completions. Implementations are immutable and safe for
 * concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface BeamSearchModel extends Model {

  /**
   * Searches from every prompt.
   *
   * @param prompts what to continue; may be empty
   * @param options how the search goes
   * @param cancellation asks to stop at the next token
   * @return the best hypotheses of each prompt, best first; fewer than asked for where the search
   *     meets fewer
   * @throws IllegalArgumentException when a prompt does not fit this model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<List<BeamHypothesis>> beamSearch(
      List<? extends Prompt> prompts, BeamSearchOptions options, CancellationToken cancellation);

  /**
   * Searches from one prompt.
   *
   * @param prompt what to continue
   * @param options how the search goes
   * @return the best hypotheses, best first
   * @throws IllegalArgumentException when the prompt does not fit this model
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default List<BeamHypothesis> beamSearch(Prompt prompt, BeamSearchOptions options) {
    return beamSearch(List.of(prompt), options, CancellationToken.none()).get(0);
  }
}
