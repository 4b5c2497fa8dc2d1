package org.alignment4j.oversight.amplify;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What iterated amplification came to.
 *
 * @param model the model of the last round that was finished; the first one when none was
 * @param rounds the rounds that were finished
 * @param usage what all answers cost, those of a round that was not finished too
 * @param incomplete why it stopped early, such as {@code budget: calls}; empty when it did not
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AmplificationResult(
    LanguageModel model, List<AmplificationRound> rounds, Usage usage, String incomplete) {
  /** Checks that nothing is missing, and copies. */
  public AmplificationResult {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(incomplete, "incomplete");
    rounds = List.copyOf(rounds);
  }
}
