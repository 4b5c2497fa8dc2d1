package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RolloutRows;

/**
 * Completions that the policy gave in one step, prompt after prompt.
 *
 * @param rollouts the completions
 * @param groups which of them answer the same prompt
 * @param sampler log-probabilities of their tokens as the sampler reported them
 */
record SampledStep(List<Rollout> rollouts, Groups groups, TokenValues sampler) {

  CompletionMask mask() {
    return CompletionMask.ofLengths(rollouts.stream().mapToInt(r -> r.tokens().size()).toArray());
  }

  List<RolloutRows.Answer> answers() {
    return rollouts.stream()
        .map(r -> new RolloutRows.Answer(r.promptTokens(), r.tokens()))
        .toList();
  }

  double meanLength() {
    return rollouts.stream().mapToInt(r -> r.tokens().size()).average().orElse(0);
  }

  double truncatedShare() {
    return rollouts.stream().mapToInt(r -> r.truncated() ? 1 : 0).average().orElse(0);
  }
}
