package org.alignment4j.core.judge;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * Two answers judged in both orders.
 *
 * @param given the judgement with the first answer shown first, about places
 * @param swapped the judgement with the second answer shown first, about places too: {@link
 *     Preference#FIRST} is the answer shown first, which here is the second
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairwiseJudgement(Judgement<Preference> given, Judgement<Preference> swapped) {
  /** Checks that nothing is missing. */
  public PairwiseJudgement {
    Objects.requireNonNull(given, "given");
    Objects.requireNonNull(swapped, "swapped");
  }

  /**
   * Returns the preference between the answers: where both orders agree that one, where they differ
   * a tie (Zheng et al. 2023, section 3.4); empty when one order has no verdict.
   */
  public Optional<Preference> preference() {
    if (!(given instanceof Judgement.Given<Preference> one)
        || !(swapped instanceof Judgement.Given<Preference> other)) {
      return Optional.empty();
    }
    return Optional.of(one.value() == other.value().swapped() ? one.value() : Preference.TIE);
  }

  /** Whether both orders have a verdict and agree. */
  public boolean consistent() {
    return given instanceof Judgement.Given<Preference> one
        && swapped instanceof Judgement.Given<Preference> other
        && one.value() == other.value().swapped();
  }

  /** What both orders cost. */
  public Usage usage() {
    return given.usage().plus(swapped.usage());
  }
}
