package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Which completions a step learns from. Immutable.
 *
 * @param size completions sampled for each prompt, from 1; from 2 where a method compares them or a
 *     filter leaves out equal ones
 * @param filter groups whose completions are not learned from; null learns from all
 * @param rounds most rounds of sampling in a step, from 1: after each, as many further prompts are
 *     sampled as groups were left out (dynamic sampling, Yu et al. 2025, DAPO, arXiv 2503.14476,
 *     section 3.2). More than 1 needs a filter
 * @param truncated what becomes of completions that the length limit ended
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GroupSampling(
    int size, @Nullable GroupFilter filter, int rounds, Truncated truncated) {

  /** What becomes of completions that the length limit ended. */
  public enum Truncated {
    /** They are learned from as if they had ended there. */
    FINISHED,
    /**
     * They are learned from, and what the critic expects behind their last token counts as still to
     * come; their score is on that token, wherever others have it. For methods with a critic.
     */
    BOOTSTRAPPED,
    /**
     * They are not learned from, neither above nor below the line (TRL {@code
     * mask_truncated_completions}). Their rewards stay in the statistics of their group.
     */
    LEFT_OUT
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a number is not positive, or there are several rounds
   *     without a filter
   */
  public GroupSampling {
    if (size < 1) {
      throw new IllegalArgumentException("groupSize must be positive but was " + size);
    }
    if (rounds < 1 || rounds > 1 && filter == null) {
      throw new IllegalArgumentException(
          "rounds must be positive, and 1 where no filter leaves groups out, but was " + rounds);
    }
    Objects.requireNonNull(truncated, "truncated");
  }

  /**
   * Returns groups of one size that are all learned from.
   *
   * @param size completions sampled for each prompt, from 1
   * @return the settings
   * @throws IllegalArgumentException when the size is not positive
   */
  public static GroupSampling of(int size) {
    return new GroupSampling(size, null, 1, Truncated.FINISHED);
  }

  /**
   * Returns these settings with another size.
   *
   * @param value completions sampled for each prompt, from 1
   * @return the settings
   * @throws IllegalArgumentException when the size is not positive
   */
  public GroupSampling withSize(int value) {
    return new GroupSampling(value, filter, rounds, truncated);
  }

  /**
   * Returns these settings with a choice of groups.
   *
   * @param groups says which groups are left out; null for none
   * @param most most rounds of sampling in a step, from 1
   * @return the settings
   * @throws IllegalArgumentException when {@code most} is not positive, or above 1 without a filter
   */
  public GroupSampling withFilter(@Nullable GroupFilter groups, int most) {
    return new GroupSampling(size, groups, most, truncated);
  }

  /**
   * Returns these settings with other treatment of truncated completions.
   *
   * @param value what becomes of them
   * @return the settings
   */
  public GroupSampling withTruncated(Truncated value) {
    return new GroupSampling(size, filter, rounds, value);
  }
}
