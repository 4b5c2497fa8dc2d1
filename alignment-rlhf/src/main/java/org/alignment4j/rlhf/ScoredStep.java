package org.alignment4j.rlhf;

import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

/**
 * A step's completions and what they are worth.
 *
 * @param sampled the completions
 * @param rewards their rewards
 * @param greedy rewards of the most probable completion of each group's prompt, one row; null where
 *     they are not asked for
 * @param costs their costs; null without a constraint
 * @param rounds of sampling
 */
record ScoredStep(
    SampledStep sampled,
    SequenceRewards rewards,
    @Nullable TokenValues greedy,
    @Nullable SequenceRewards costs,
    int rounds) {}
