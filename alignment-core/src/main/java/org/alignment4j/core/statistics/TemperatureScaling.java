package org.alignment4j.core.statistics;

import java.util.function.DoubleUnaryOperator;
import org.apiguardian.api.API;

/**
 * One number by which to divide scores so that their probabilities are calibrated (Guo et al. 2017,
 * section 4.2), fitted by maximum likelihood on held-out data. Ranking and accuracy do not change.
 *
 * @param temperature divisor, positive; above 1 the scores were overconfident
 * @param lossBefore mean negative log-likelihood of the undivided scores, in nats
 * @param lossAfter the same of the divided scores; never above {@code lossBefore} but for rounding
 * @param n observations
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record TemperatureScaling(double temperature, double lossBefore, double lossAfter, long n) {

  /**
   * Fits a reward model's margins, score of the preferred minus score of the other answer: {@code
   * min_T mean log(1 + e^(−margin/T))}, so that {@code σ(margin/T)} is the probability of the
   * preference (Bradley-Terry).
   *
   * @param margins one for each held-out pair
   * @throws IllegalArgumentException if a margin is not finite or above 1e150 in magnitude, named
   *     by its index, there is none, all are positive or 0 (T would be 0) or their mean is not
   *     positive (T would be infinite)
   */
  public static TemperatureScaling ofMargins(double[] margins) {
    Checks.requireModerate("margins", margins);
    Checks.requireSome("margins", margins.length);
    double[] terms = new double[margins.length];
    DoubleUnaryOperator loss =
        inverse -> {
          for (int i = 0; i < terms.length; i++) {
            terms[i] = LogOdds.softplus(-inverse * margins[i]);
          }
          return Moments.mean(terms);
        };
    DoubleUnaryOperator slope =
        inverse -> {
          for (int i = 0; i < terms.length; i++) {
            terms[i] = -margins[i] * LogOdds.sigmoid(-inverse * margins[i]);
          }
          return Moments.mean(terms);
        };
    boolean separated = true;
    for (double margin : margins) {
      separated &= margin >= 0;
    }
    return fit(loss, slope, separated, "every preferred answer has the higher score", terms.length);
  }

  /**
   * Fits logits of several classes: {@code min_T mean −log softmax(logits/T)[label]}.
   *
   * @param logits {@code [items][classes]}
   * @param labels the right class of each item, from 0
   * @throws IllegalArgumentException if the lengths differ, a logit is not finite or above 1e150 in
   *     magnitude or a label is not a class, named by its index, there is no item, the right class
   *     always has the highest logit (T would be 0) or on average one no higher than the others (T
   *     would be infinite)
   */
  public static TemperatureScaling ofLogits(double[][] logits, int[] labels) {
    Checks.requireSameLength("logits", logits.length, "labels", labels.length);
    Checks.requireSome("logits", logits.length);
    boolean separated = true;
    for (int i = 0; i < labels.length; i++) {
      Checks.requireModerate("logits[" + i + "]", logits[i]);
      Checks.requireLabel(i, labels[i], logits[i].length);
      for (double logit : logits[i]) {
        separated &= logit <= logits[i][labels[i]];
      }
    }
    double[] terms = new double[labels.length];
    DoubleUnaryOperator loss =
        inverse -> {
          for (int i = 0; i < terms.length; i++) {
            terms[i] = Softmax.at(logits[i], labels[i], inverse).loss();
          }
          return Moments.mean(terms);
        };
    DoubleUnaryOperator slope =
        inverse -> {
          for (int i = 0; i < terms.length; i++) {
            terms[i] = Softmax.at(logits[i], labels[i], inverse).slope();
          }
          return Moments.mean(terms);
        };
    return fit(
        loss, slope, separated, "the right class always has the highest logit", terms.length);
  }

  /** Returns a score divided by the temperature. */
  public double apply(double score) {
    return score / temperature;
  }

  /** The loss is convex in the inverse temperature, so its slope has at most one root. */
  private static TemperatureScaling fit(
      DoubleUnaryOperator loss,
      DoubleUnaryOperator slope,
      boolean separated,
      String separation,
      int n) {
    if (!(slope.applyAsDouble(0) < 0)) {
      throw new IllegalArgumentException(
          "no finite temperature fits: on average the scores do not prefer the right answer, so no"
              + " division makes them informative");
    }
    if (separated) {
      throw new IllegalArgumentException(
          "no positive temperature fits: "
              + separation
              + ", so any smaller temperature fits better; use more held-out data");
    }
    double low = 0;
    double high = 1;
    while (slope.applyAsDouble(high) < 0) {
      low = high;
      high *= 2;
    }
    while (low == 0 && slope.applyAsDouble(high / 2) >= 0) {
      high /= 2;
    }
    low = Math.max(low, high / 2);
    for (double middle = (low + high) / 2; low < middle && middle < high; ) {
      if (slope.applyAsDouble(middle) < 0) {
        low = middle;
      } else {
        high = middle;
      }
      middle = (low + high) / 2;
    }
    return new TemperatureScaling(1 / high, loss.applyAsDouble(1), loss.applyAsDouble(high), n);
  }

  /**
   * The negative log-likelihood of a label under scaled logits and its derivative by the scale.
   *
   * @param loss in nats
   * @param slope derivative
   */
  private record Softmax(double loss, double slope) {

    static Softmax at(double[] logits, int label, double inverse) {
      double largest = Double.NEGATIVE_INFINITY;
      for (double logit : logits) {
        largest = Math.max(largest, logit);
      }
      double sum = 0;
      double weighted = 0;
      for (double logit : logits) {
        double weight = Math.exp(inverse * (logit - largest));
        sum += weight;
        weighted += weight * (logit - largest);
      }
      double own = logits[label] - largest;
      return new Softmax(Math.log(sum) - inverse * own, weighted / sum - own);
    }
  }
}
