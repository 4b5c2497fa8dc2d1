package org.alignment4j.core.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.apiguardian.api.API;

/**
 * A judge of pairs that is asked several times in each order with sampled replies: one verdict of a
 * sampled judge is partly chance, and how far its verdicts differ says how much (Wang et al. 2023,
 * arXiv 2305.17926). Costs as many times two calls a pair, more where replies need a repair.
 * Immutable and as safe for concurrent calls as the judge.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SampledPairwiseJudge implements PreferenceLabeler {
  private final List<PairwiseJudge> judges;

  private SampledPairwiseJudge(List<PairwiseJudge> judges) {
    this.judges = List.copyOf(judges);
  }

  /**
   * Returns a judge that is asked several times.
   *
   * @param judge who is asked, with sampled replies, usually at temperature 1
   * @param samples how often in each order, at least 2; 3 are published
   * @param seed decides the seed of each sample, the same for every pair
   * @throws IllegalArgumentException if there are fewer samples or the judge is greedy and would
   *     say the same each time
   */
  public static SampledPairwiseJudge of(PairwiseJudge judge, int samples, long seed) {
    Objects.requireNonNull(judge, "judge");
    if (samples < 2) {
      throw new IllegalArgumentException("samples must be at least 2 but were " + samples);
    }
    if (judge.model().options().isGreedy()) {
      throw new IllegalArgumentException(
          "a greedy judge says the same " + samples + " times; raise its temperature");
    }
    List<PairwiseJudge> judges = new ArrayList<>();
    new SplittableRandom(seed)
        .longs(samples)
        .forEach(
            drawn ->
                judges.add(
                    judge.withModel(
                        judge
                            .model()
                            .withOptions(
                                judge.model().options().toBuilder().seed(drawn).build()))));
    return new SampledPairwiseJudge(judges);
  }

  /**
   * Compares two answers as often in each order.
   *
   * @throws IllegalArgumentException if the request is a prompt of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public SampledPreference compare(Comparison comparison, CancellationToken cancellation) {
    List<PairwiseJudgement> samples = new ArrayList<>();
    for (PairwiseJudge judge : judges) {
      cancellation.throwIfCancelled("judging");
      samples.add(judge.compare(comparison, cancellation));
    }
    return new SampledPreference(samples);
  }

  /** See {@link PreferenceLabeler}; labels are {@link SampledPreference#firstIsBetter}. */
  @Override
  public List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken cancellation) {
    return comparisons.stream()
        .map(comparison -> compare(comparison, cancellation).firstIsBetter())
        .toList();
  }
}
