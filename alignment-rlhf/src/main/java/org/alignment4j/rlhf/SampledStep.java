package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RolloutRows;
import org.jspecify.annotations.Nullable;

/**
 * Completions that the policy gave in one step, prompt after prompt.
 *
 * @param rollouts the completions
 * @param groups which of them answer the same prompt
 * @param sampler log-probabilities of their tokens as the sampler reported them; null where they
 *     are not known
 */
record SampledStep(List<Rollout> rollouts, Groups groups, @Nullable TokenValues sampler) {

  /** These completions, and after them those of further groups of the same size. */
  SampledStep and(SampledStep other) {
    List<Rollout> all = new ArrayList<>(rollouts);
    all.addAll(other.rollouts);
    int[] groupOf = new int[all.size()];
    for (int i = 0; i < groupOf.length; i++) {
      int own = rollouts.size();
      groupOf[i] = i < own ? groups.of(i) : groups.count() + other.groups.of(i - own);
    }
    TokenValues first = known();
    TokenValues second = other.known();
    double[][] logProbs = new double[all.size()][];
    for (int i = 0; i < logProbs.length; i++) {
      int own = rollouts.size();
      logProbs[i] = i < own ? first.row(i) : second.row(i - own);
    }
    return new SampledStep(all, Groups.ofIndices(groupOf), TokenValues.of(logProbs));
  }

  /** What the sampler reported, where it must have. */
  TokenValues known() {
    return Objects.requireNonNull(sampler, "sampler");
  }

  CompletionMask mask() {
    return CompletionMask.ofLengths(lengths());
  }

  /** Tokens of each completion. */
  int[] lengths() {
    return rollouts.stream().mapToInt(r -> r.tokens().size()).toArray();
  }

  /** Which completions the length limit ended. */
  boolean[] truncated() {
    boolean[] truncated = new boolean[rollouts.size()];
    for (int i = 0; i < truncated.length; i++) {
      truncated[i] = rollouts.get(i).truncated();
    }
    return truncated;
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
