package org.alignment4j.rlhf.advantage;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The mean over prompts of the mean over all tokens of their completions (TRL, issue 5375): {@code
 * 1/P · Σ_p Σ_{i∈p} Σ_t l_{i,t} / Σ_{i∈p} len_i}. It is the sum of DAPO (arXiv 2503.14476, eq. 8)
 * with the denominator of each prompt's own group. With groups of one it is the mean over sequences
 * of the mean over their tokens.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PromptMeanWeights() implements TokenWeights {

  @Override
  public double weight(CompletionMask mask, Groups groups, int sequence) {
    long prompts =
        IntStream.range(0, groups.count()).filter(g -> tokens(mask, groups, g) > 0).count();
    return 1.0 / prompts / tokens(mask, groups, groups.of(sequence));
  }

  private static int tokens(CompletionMask mask, Groups groups, int group) {
    return Arrays.stream(groups.members(group)).map(mask::count).sum();
  }
}
