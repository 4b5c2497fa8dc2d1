package org.alignment4j.rlhf;

import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

/**
 * What the networks say of a step's completions before they learn from them.
 *
 * @param old log-probabilities under the policy that sampled, as the trainer computes them; null
 *     where nothing but the update needs them, which gives them itself
 * @param reference those under the reference; null where nothing needs them
 * @param values values by the critic of rewards; null without one
 * @param costValues values by the critic of costs; null without one
 * @param entropies of the distributions that the tokens are drawn from; null where no token is
 *     selected by them
 */
record StepOutputs(
    @Nullable TokenValues old,
    @Nullable TokenValues reference,
    @Nullable TokenValues values,
    @Nullable TokenValues costValues,
    @Nullable TokenValues entropies) {}
