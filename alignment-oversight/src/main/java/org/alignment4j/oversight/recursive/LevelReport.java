package org.alignment4j.oversight.recursive;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a level came to.
 *
 * @param name the level
 * @param compared comparisons that were learnt from
 * @param alike tasks dropped because both drafts were the same or one was empty
 * @param abstained tasks dropped because the evaluator gave no verdict, or another in each order
 * @param agreement how often aided and unaided evaluators chose the same; empty where there were no
 *     aids or no item had both verdicts
 * @param rewardAccuracy how often the reward model puts planted flaws last; empty when there were
 *     none
 * @param usage what drafts, aids, judgements and lessons cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LevelReport(
    String name,
    int compared,
    int alike,
    int abstained,
    Optional<Estimate> agreement,
    Optional<Estimate> rewardAccuracy,
    Usage usage) {
  /** What {@code agreement} is. */
  public static final Metric AGREEMENT =
      Metric.of("aided and unaided evaluators agree", "fraction", Direction.HIGHER)
          .withChance(0.5)
          .withCitation("Leike et al. 2018, arXiv 1811.07871, section 3");

  /** What {@code rewardAccuracy} is. */
  public static final Metric REWARD_ACCURACY =
      Metric.of("reward model puts planted flaws last", "fraction", Direction.HIGHER)
          .withChance(0.5)
          .withCitation("Leike et al. 2018, arXiv 1811.07871, section 3");

  /** Checks that nothing is missing. */
  public LevelReport {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(agreement, "agreement");
    Objects.requireNonNull(rewardAccuracy, "rewardAccuracy");
    Objects.requireNonNull(usage, "usage");
  }
}
