package org.alignment4j.oversight.consistency;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * What a bettor earns for sure from forecasts that contradict each other: the greatest profit,
 * whatever is true, of bets at the forecasts as prices, with at most one contract, or a part of
 * one, bought or sold on each statement (a Dutch book; Ramsey 1926, de Finetti 1937). A contract
 * pays 1 if its statement is true; one on a conditional statement is called off if the condition is
 * false. Forecasts that some probability distribution gives let nobody earn anything, all others
 * do. Paleka et al. 2024 ask the same of a market that pays by a scoring rule, where the profit
 * against a forecast of 0 or 1 has no limit; these are other numbers. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Arbitrage {
  private Arbitrage() {}

  /**
   * Returns the profit against a statement and its negation, {@code |P(A) + P(¬A) − 1|}: whoever
   * buys both gets 1 for sure, whoever sells both pays it.
   *
   * @throws IllegalArgumentException if one is no probability
   */
  public static double negation(double probability, double ofNegation) {
    return Violation.negation(probability, ofNegation);
  }

  /**
   * Returns the profit against forecasts of the same statement: the dearest half is sold and the
   * cheapest half bought.
   *
   * @throws IllegalArgumentException if there are fewer than two or one is no probability
   */
  public static double paraphrase(double... probabilities) {
    Violation.requireSeveralProbabilities(probabilities);
    double[] prices = probabilities.clone();
    Arrays.sort(prices);
    double profit = 0;
    for (int i = 0; i < prices.length / 2; i++) {
      profit += prices[prices.length - 1 - i] - prices[i];
    }
    return profit;
  }

  /**
   * Returns the profit against two statements and each under the condition of the other. It is
   * {@code |P(A|B)·P(B) − P(B|A)·P(A)|} unless both products are less than {@code P(A) + P(B) − 1},
   * which no probability of both can be: then it is more, and not 0 where the products agree.
   *
   * @throws IllegalArgumentException if one is no probability
   */
  public static double bayes(double a, double b, double aGivenB, double bGivenA) {
    Violation.requireProbabilities(a, b, aGivenB, bGivenA);
    double first = a + b - 1 - aGivenB * b;
    double second = a + b - 1 - bGivenA * a;
    if (first <= 0 || second <= 0) {
      return Math.abs(first - second);
    }
    // By duality the profit is the least Σ |E_q(pay) − price| over distributions q: P(A) and P(B)
    // fall until both can be as unlikely as the products say, at 1 a unit. A fall of P(A) lowers
    // the first shortage by as much and the second by 1 − P(B|A) of it; one of P(B) the other way
    // round.
    if (second <= (1 - bGivenA) * first) {
      return first;
    }
    if (first <= (1 - aGivenB) * second) {
      return second;
    }
    return (first * bGivenA + second * aGivenB) / (aGivenB + bGivenA - aGivenB * bGivenA);
  }
}
