package org.alignment4j.examples.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.core.statistics.Comparison;

/**
 * The Bradley-Terry fit as FastChat's {@code compute_bt} runs it: L-BFGS-B without bounds over
 * strengths x from 0, with {@code P(a beats b) = σ(ln 10 · (x_a − x_b))}, ties as half wins and
 * ratings of {@code 1000 + 400·x}. SciPy leaves it where a step lowers the loss by no more than
 * 2.2e-9 of itself, though the gradient asked for is smaller still.
 */
final class BattleClimb {

  private static final double SLOPE = Math.log(10);
  private static final double LEAST_DECREASE = 1e7 * Math.ulp(1.0);

  private final List<String> players;
  private final double[][] wins;

  BattleClimb(List<Comparison> battles) {
    players = battles.stream().flatMap(b -> Stream.of(b.first(), b.second())).distinct().toList();
    wins = new double[players.size()][players.size()];
    for (Comparison battle : battles) {
      int a = players.indexOf(battle.first());
      int b = players.indexOf(battle.second());
      double won =
          switch (battle.outcome()) {
            case FIRST -> 1;
            case SECOND -> 0;
            case TIE -> 0.5;
          };
      wins[a][b] += won;
      wins[b][a] += 1 - won;
    }
  }

  /** The ratings where the reference stops. */
  Map<String, Double> stopped() {
    return ratings(LEAST_DECREASE, 1e-6);
  }

  /** The ratings where the loss falls no more. */
  Map<String, Double> finished() {
    return ratings(0, 1e-10);
  }

  private Map<String, Double> ratings(double leastDecrease, double leastGradient) {
    double[] strengths =
        new LimitedMemoryDescent(this::loss, this::gradient)
            .minimum(new double[players.size()], leastDecrease, leastGradient);
    Map<String, Double> ratings = new HashMap<>();
    for (int p = 0; p < strengths.length; p++) {
      ratings.put(players.get(p), 1000 + 400 * strengths[p]);
    }
    return ratings;
  }

  private double loss(double[] x) {
    double sum = 0;
    for (int a = 0; a < x.length; a++) {
      for (int b = 0; b < x.length; b++) {
        sum += wins[a][b] * Math.log1p(Math.exp(SLOPE * (x[b] - x[a])));
      }
    }
    return sum;
  }

  private double[] gradient(double[] x) {
    double[] gradient = new double[x.length];
    for (int a = 0; a < x.length; a++) {
      for (int b = 0; b < x.length; b++) {
        double pull = SLOPE * wins[a][b] / (1 + Math.exp(SLOPE * (x[a] - x[b])));
        gradient[a] -= pull;
        gradient[b] += pull;
      }
    }
    return gradient;
  }
}
