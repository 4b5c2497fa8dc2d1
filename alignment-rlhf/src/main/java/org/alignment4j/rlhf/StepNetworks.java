package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.PolicyObjective.Old;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

/**
 * Asks the networks what they say of a step's completions before they learn from them.
 *
 * @param settings say what is needed
 * @param steps of the whole training
 * @param critics none, that of rewards, or those of rewards and costs
 */
record StepNetworks(
    PolicySettings settings,
    long steps,
    PolicyActor actor,
    List<PolicyCritic> critics,
    CancellationToken cancellation) {

  /** What a step needs, and nothing else. */
  StepOutputs of(long number, SampledStep sampled) {
    RolloutOutputs.Sureness sureness =
        settings.terms().entropy().tokens() == null
            ? null
            : actor.sureness(sampled.answers(), cancellation);
    return new StepOutputs(
        sureness == null ? old(sampled) : sureness.logProbs(),
        settings.needsReference(number, steps)
            ? actor.referenceLogProbs(sampled, cancellation)
            : null,
        values(0, sampled),
        values(1, sampled),
        sureness == null ? null : sureness.entropies());
  }

  private @Nullable TokenValues old(SampledStep sampled) {
    return actor.old() == Old.GIVEN ? actor.logProbs(sampled.answers(), cancellation) : null;
  }

  private @Nullable TokenValues values(int critic, SampledStep sampled) {
    return critic < critics.size()
        ? critics
            .get(critic)
            .values(sampled, AdvantageStage.valuedStates(settings.method(), sampled), cancellation)
        : null;
  }
}
