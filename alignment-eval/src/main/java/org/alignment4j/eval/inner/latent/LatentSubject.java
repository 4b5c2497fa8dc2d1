package org.alignment4j.eval.inner.latent;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * A model under latent attack, with what a defence may have cost.
 *
 * @param name such as {@code base}, {@code latent adversarial training}, {@code input-space
 *     adversarial training}
 * @param attacker attacks it; the same prompts for all subjects
 * @param cleanLoss mean loss on ordinary text without perturbation, in nats per token
 * @param refusesUnacceptable share of the requests that it should refuse and does
 * @param refusesAcceptable share of the requests that it should answer and refuses
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LatentSubject(
    String name,
    LatentAttacker attacker,
    Estimate cleanLoss,
    Estimate refusesUnacceptable,
    Estimate refusesAcceptable) {

  /** Checks that nothing is missing. */
  public LatentSubject {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(attacker, "attacker");
    Objects.requireNonNull(cleanLoss, "cleanLoss");
    Objects.requireNonNull(refusesUnacceptable, "refusesUnacceptable");
    Objects.requireNonNull(refusesAcceptable, "refusesAcceptable");
  }
}
