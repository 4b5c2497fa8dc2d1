package org.alignment4j.rlhf;

import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

/**
 * What the networks say of a step's completions before they learn from them.
 *
 * @param old log-probabilities under the policy that sampled, as the trainer computes them
 * @param reference those under the reference
 * @param values values by the critic of rewards; null without one
 * @param costValues values by the critic of costs; null without one
 */
record StepOutputs(
    TokenValues old,
    TokenValues reference,
    @Nullable TokenValues values,
    @Nullable TokenValues costValues) {}
