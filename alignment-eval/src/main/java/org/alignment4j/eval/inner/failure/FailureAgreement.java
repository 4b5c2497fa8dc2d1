package org.alignment4j.eval.inner.failure;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Agreement;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How verdicts on failures agree with what their sources take them for. Where evidence and label
 * were coded from the same source, it tells whether the rule is consistent with how the field
 * labels, and not how well it would do on failures that nobody has explained.
 *
 * @param verdicts the verdicts
 * @param agreement share of the cases in which both agree, with Wilson's interval
 * @param kappa Cohen's κ; empty when all labels and verdicts are one and the same
 * @param confusion number of cases by the ordinals of label and verdict, {@code [label][verdict]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FailureAgreement(
    List<FailureVerdict> verdicts,
    Estimate agreement,
    Optional<Estimate> kappa,
    List<List<Integer>> confusion) {

  /** Checks that nothing is missing, and copies. */
  public FailureAgreement {
    verdicts = List.copyOf(verdicts);
    Objects.requireNonNull(agreement, "agreement");
    Objects.requireNonNull(kappa, "kappa");
    confusion = confusion.stream().map(List::copyOf).toList();
  }

  /**
   * Classifies cases and compares.
   *
   * @param cases at least one
   * @param classifier the rule
   * @param seed of the bootstrap
   * @return the agreement
   * @throws IllegalArgumentException when there is no case
   */
  public static FailureAgreement of(
      List<FailureCase> cases, FailureClassifier classifier, long seed) {
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("cases must hold at least one but are empty");
    }
    List<FailureVerdict> verdicts = cases.stream().map(classifier::classify).toList();
    int kinds = FailureCause.values().length;
    Integer[][] confusion = new Integer[kinds][kinds];
    for (Integer[] row : confusion) {
      Arrays.fill(row, 0);
    }
    int[] labels = verdicts.stream().mapToInt(v -> v.failure().label().ordinal()).toArray();
    int[] found = verdicts.stream().mapToInt(v -> v.cause().ordinal()).toArray();
    for (int i = 0; i < labels.length; i++) {
      confusion[labels[i]][found[i]]++;
    }
    boolean several =
        Arrays.stream(labels).anyMatch(k -> k != found[0])
            || Arrays.stream(found).anyMatch(k -> k != found[0]);
    return new FailureAgreement(
        verdicts,
        Estimates.proportion(
            verdicts.stream().filter(FailureVerdict::agrees).count(), verdicts.size()),
        several
            ? Optional.of(
                Agreement.cohenKappa(labels, found, Bootstrap.seeded(seed))
                    .coefficient()
                    .estimate())
            : Optional.empty(),
        Arrays.stream(confusion).map(List::of).toList());
  }
}
