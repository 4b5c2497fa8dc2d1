package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.core.calls.UsageLedger;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * AI feedback as a reward: the probability that an answer is better than a fixed baseline answer to
 * its prompt, each asked for in both orders and averaged (Lee et al. 2023, arXiv 2309.00267). An
 * answer equal to the baseline is worth one half and is not asked about. Where a prompt has no
 * baseline or an order has no verdict, there is no reward. Immutable and as safe for concurrent
 * calls as the labeler.
 *
 * <p>Judges that ask in both orders themselves, such as {@link
 * org.alignment4j.core.judge.SoftPairwiseJudge}, are asked twice as often as they need to be.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BaselinePreference implements AnswerReward {

  private final OrderedComparisons comparisons;
  private final Function<? super Prompt, ? extends @Nullable String> baseline;

  private BaselinePreference(
      OrderedComparisons comparisons,
      Function<? super Prompt, ? extends @Nullable String> baseline) {
    this.comparisons = comparisons;
    this.baseline = Objects.requireNonNull(baseline, "baseline");
  }

  /**
   * Returns a reward.
   *
   * @param labeler says which of two answers is better
   * @param baseline the baseline answer to a prompt; null where there is none
   * @param ledger where every comparison asked for is counted as a call, under {@code preferences};
   *     what the labeler itself spends is its own
   * @return the reward, with values in [0, 1]
   */
  public static BaselinePreference of(
      PreferenceLabeler labeler,
      Function<? super Prompt, ? extends @Nullable String> baseline,
      UsageLedger ledger) {
    return new BaselinePreference(new OrderedComparisons(labeler, ledger), baseline);
  }

  @Override
  public List<OptionalDouble> score(
      List<PromptCompletion> answers, CancellationToken cancellation) {
    List<OptionalDouble> rewards = new ArrayList<>();
    List<Comparison> asked = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (PromptCompletion answer : answers) {
      String other = baseline.apply(answer.prompt());
      boolean equal = answer.completion().equals(other);
      rewards.add(equal ? OptionalDouble.of(0.5) : OptionalDouble.empty());
      if (other != null && !equal) {
        places.add(rewards.size() - 1);
        asked.add(new Comparison(answer.prompt(), answer.completion(), other));
      }
    }
    List<OptionalDouble> labels = comparisons.label(asked, cancellation);
    for (int i = 0; i < places.size(); i++) {
      rewards.set(places.get(i), labels.get(i));
    }
    return rewards;
  }
}
