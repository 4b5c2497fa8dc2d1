package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

/**
 * What a step's completions teach.
 *
 * @param advantages of tokens, and the tokens that are learned from
 * @param old log-probabilities under the policy that sampled, as the trainer computes them; null
 *     where the update itself gives them
 * @param reference those under the reference; null where they are not asked for
 * @param selected 1 at the tokens that the policy gradient is left to and 0 elsewhere; null where
 *     it is left to all
 * @param corrections factors on the losses of tokens
 * @param targets what each critic is to learn
 * @param next what the training carries to the next step
 * @param metrics what to report
 */
record PolicyAdvantages(
    Advantages advantages,
    @Nullable TokenValues old,
    @Nullable TokenValues reference,
    @Nullable TokenValues selected,
    TokenValues corrections,
    List<ValueTargets> targets,
    PolicyState next,
    Map<String, Double> metrics) {}
