package org.alignment4j.rlhf.reward;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.core.calls.UsageLedger;

/** Asks a labeler for every comparison in both orders and takes the mean. */
record OrderedComparisons(PreferenceLabeler labeler, UsageLedger ledger) {

  /** The role under which comparisons are counted. */
  static final String ROLE = "preferences";

  OrderedComparisons {
    Objects.requireNonNull(labeler, "labeler");
    Objects.requireNonNull(ledger, "ledger");
  }

  /**
   * The probability that the first answer is better, {@code (p(first, second) + 1 − p(second,
   * first))/2}; empty where an order has no verdict.
   */
  List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken cancellation) {
    List<Comparison> both = new ArrayList<>();
    for (Comparison c : comparisons) {
      both.add(c);
      both.add(new Comparison(c.prompt(), c.second(), c.first()));
    }
    if (both.isEmpty()) {
      return List.of();
    }
    List<OptionalDouble> labels = labeler.label(both, cancellation);
    ledger.add(ROLE, new Usage(both.size(), 0, 0, 0, 0, 0, Duration.ZERO));
    if (labels.size() != both.size()) {
      throw new ModelExecutionException(
          "a labeler must label each of %s comparisons but labelled %s"
              .formatted(both.size(), labels.size()));
    }
    List<OptionalDouble> means = new ArrayList<>();
    for (int i = 0; i < labels.size(); i += 2) {
      means.add(mean(labels.get(i), labels.get(i + 1)));
    }
    return means;
  }

  private static OptionalDouble mean(OptionalDouble given, OptionalDouble swapped) {
    if (given.isEmpty() || swapped.isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        (probability(given.getAsDouble()) + 1 - probability(swapped.getAsDouble())) / 2);
  }

  private static double probability(double label) {
    if (!(label >= 0 && label <= 1)) {
      throw new ModelExecutionException("a label must be a probability in [0, 1] but was " + label);
    }
    return label;
  }
}
