package org.alignment4j.core.judge;

import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * Two answers weighed in both orders, as probabilities of the places {@code A} and {@code B}.
 *
 * @param given the judgement with the first answer shown first, as A
 * @param swapped the judgement with the second answer shown first, as A
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SoftPairwiseJudgement(Judgement<SoftVerdict> given, Judgement<SoftVerdict> swapped) {
  /** The label of the answer shown first. */
  static final String FIRST_SHOWN = "A";

  /** The label of the answer shown second. */
  static final String SECOND_SHOWN = "B";

  /** Checks that nothing is missing. */
  public SoftPairwiseJudgement {
    Objects.requireNonNull(given, "given");
    Objects.requireNonNull(swapped, "swapped");
  }

  /**
   * Returns the probability that the first answer is better, {@code ½·(p(A | given) + p(B |
   * swapped))}: the mean over both orders (Lee et al. 2023), in which a constant preference for a
   * place (Zheng et al. 2023, section 3.3) adds as much to either answer.
   *
   * @return the probability; empty when one order has no verdict
   */
  public OptionalDouble firstIsBetter() {
    if (!(given instanceof Judgement.Given<SoftVerdict> one)
        || !(swapped instanceof Judgement.Given<SoftVerdict> other)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        (one.value().probability(FIRST_SHOWN) + other.value().probability(SECOND_SHOWN)) / 2);
  }

  /**
   * Returns how far the judge leans to the answer shown first, whichever it is, {@code ½·(p(A |
   * given) + p(A | swapped)) − ½}: from −½, always the answer shown second, by 0, no lean, to ½.
   *
   * @return the lean; empty when one order has no verdict
   */
  public OptionalDouble positionBias() {
    if (!(given instanceof Judgement.Given<SoftVerdict> one)
        || !(swapped instanceof Judgement.Given<SoftVerdict> other)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        (one.value().probability(FIRST_SHOWN) + other.value().probability(FIRST_SHOWN) - 1) / 2);
  }

  /**
   * Whether both orders have a verdict and more than half of the probability goes to the same
   * answer in both, or exactly half in both.
   */
  public boolean consistent() {
    return given instanceof Judgement.Given<SoftVerdict> one
        && swapped instanceof Judgement.Given<SoftVerdict> other
        && lean(one.value()) == -lean(other.value());
  }

  private static int lean(SoftVerdict verdict) {
    return Double.compare(verdict.probability(FIRST_SHOWN), verdict.probability(SECOND_SHOWN));
  }

  /** What both orders cost. */
  public Usage usage() {
    return given.usage().plus(swapped.usage());
  }
}
