package org.alignment4j.core.judge;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a judge came to that was asked several times. A verdict for the first answer counts 1, one
 * for the second 0 and a tie one half.
 *
 * @param samples one judgement in both orders for each time
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SampledPreference(List<PairwiseJudgement> samples) {

  /** Copies. */
  public SampledPreference {
    samples = List.copyOf(samples);
  }

  /**
   * Returns the mean verdict of each order, averaged over the orders: an order with fewer verdicts
   * that could be read counts no less. Empty when an order has none.
   */
  public OptionalDouble firstIsBetter() {
    double[] given = given();
    double[] swapped = swapped();
    return given.length == 0 || swapped.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((mean(given) + mean(swapped)) / 2);
  }

  /** Returns the answer that {@link #firstIsBetter} leans to, a tie at one half. */
  public Optional<Preference> preference() {
    OptionalDouble mean = firstIsBetter();
    if (mean.isEmpty()) {
      return Optional.empty();
    }
    int lean = Double.compare(mean.getAsDouble(), 0.5);
    return Optional.of(lean > 0 ? Preference.FIRST : lean < 0 ? Preference.SECOND : Preference.TIE);
  }

  /**
   * Returns the standard deviation of verdicts about the mean of their order, pooled over the
   * orders: 0 of a judge who always says the same in an order. Empty when no order has two.
   */
  public OptionalDouble deviation() {
    double squares = 0;
    int free = 0;
    for (double[] order : List.of(given(), swapped())) {
      double mean = mean(order);
      for (double verdict : order) {
        squares += (verdict - mean) * (verdict - mean);
      }
      free += Math.max(0, order.length - 1);
    }
    return free == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / free));
  }

  /**
   * Returns the share of pairs of verdicts of one order that agree; empty when there is no pair.
   */
  public OptionalDouble agreement() {
    long agreed = 0;
    long pairs = 0;
    for (double[] order : List.of(given(), swapped())) {
      for (int i = 0; i < order.length; i++) {
        for (int j = 0; j < i; j++) {
          agreed += order[i] == order[j] ? 1 : 0;
          pairs++;
        }
      }
    }
    return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) agreed / pairs);
  }

  /** How many replies of both orders had no verdict. */
  public long unparsed() {
    return 2L * samples.size() - given().length - swapped().length;
  }

  /** What all samples cost. */
  public Usage usage() {
    return samples.stream().map(PairwiseJudgement::usage).reduce(Usage.NONE, Usage::plus);
  }

  private double[] given() {
    return verdicts(PairwiseJudgement::given, Preference.FIRST);
  }

  private double[] swapped() {
    return verdicts(PairwiseJudgement::swapped, Preference.SECOND);
  }

  /** The verdicts of an order, in which a place is that of the first answer. */
  private double[] verdicts(
      Function<PairwiseJudgement, Judgement<Preference>> order, Preference place) {
    return samples.stream()
        .map(order)
        .filter(Judgement.Given.class::isInstance)
        .map(judgement -> ((Judgement.Given<Preference>) judgement).value())
        .mapToDouble(preference -> preference == Preference.TIE ? 0.5 : preference == place ? 1 : 0)
        .toArray();
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
