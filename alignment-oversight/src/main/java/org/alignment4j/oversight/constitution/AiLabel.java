package org.alignment4j.oversight.constitution;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;

/**
 * How a model compares two answers by one principle or several.
 *
 * @param comparison what was compared
 * @param byPrinciple a label by each principle's id; none when both answers are the same
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AiLabel(Comparison comparison, Map<String, PairLabel> byPrinciple) {
  /** Checks that nothing is missing, and copies. */
  public AiLabel {
    Objects.requireNonNull(comparison, "comparison");
    byPrinciple = ImmutableMap.copyOf(byPrinciple);
  }

  /**
   * Returns the label: the mean over the principles that have one.
   *
   * @return the probability that the first answer is better; empty when no principle gave one
   */
  public OptionalDouble firstIsBetter() {
    return byPrinciple.values().stream()
        .flatMapToDouble(label -> label.firstIsBetter().stream())
        .average();
  }

  /** How far the orders disagree: the mean over principles; empty when none has a label. */
  public OptionalDouble disagreement() {
    return byPrinciple.values().stream()
        .flatMapToDouble(label -> label.disagreement().stream())
        .average();
  }

  /** What it cost. */
  public Usage usage() {
    return byPrinciple.values().stream().map(PairLabel::usage).reduce(Usage.NONE, Usage::plus);
  }

  /**
   * Returns the pair to train on: the likelier answer chosen, with the label as a soft target.
   *
   * @return the pair; empty when there is no label or both answers are the same
   */
  public Optional<PreferencePair> pair() {
    OptionalDouble label = firstIsBetter();
    if (label.isEmpty() || comparison.first().equals(comparison.second())) {
      return Optional.empty();
    }
    PreferencePair pair =
        new PreferencePair(
            comparison.prompt(),
            comparison.first(),
            comparison.second(),
            label.getAsDouble(),
            OptionalDouble.empty(),
            "principles " + String.join(", ", byPrinciple.keySet()));
    return Optional.of(label.getAsDouble() < 0.5 ? pair.swapped() : pair);
  }
}
