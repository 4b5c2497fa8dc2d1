package org.alignment4j.eval.judged;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.BradleyTerry;
import org.alignment4j.core.statistics.Comparison;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.RatingScale;
import org.apiguardian.api.API;

/**
 * Bradley-Terry ratings beside what the style of answers explains: the log-odds that the first
 * answer wins are the difference of strengths plus, for tokens, headers, lists and bold, a
 * coefficient times {@code (a − b)/(a + b + 1)}, standardised over the battles (style control of
 * Chatbot Arena, 2024). Fitted by Newton's method; a tie is half a win for each. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StyleControl {
  private static final int STEPS = 100;
  private static final int HALVINGS = 40;
  private static final double TOLERANCE = 1e-10;
  private static final double ROUNDING = 1e-13;

  /** Beyond these odds in the logarithm no finite optimum exists. */
  private static final double MOST = 50;

  private static final double NORMAL_QUANTILE = 1.959963984540054;

  private StyleControl() {}

  /**
   * What was fitted.
   *
   * @param ratings by model, best first, with the mean at the scale's initial rating
   * @param coefficients by what is counted, in log-odds per standard deviation, with standard
   *     errors that hold for ties too (sandwich); what never differs has none
   */
  public record Fit(Map<String, Double> ratings, Map<String, Estimate> coefficients) {}

  /**
   * Fits ratings and coefficients.
   *
   * @param battles with the style of both answers
   * @param scale what rating points mean
   * @throws IllegalArgumentException if a battle lacks the style of an answer, or no finite ratings
   *     or coefficients exist
   */
  public static Fit fit(List<Battle> battles, RatingScale scale) {
    List<Comparison> comparisons = battles.stream().map(Battle::comparison).toList();
    // Refuses what has no finite ratings, by name.
    Map<String, Double> plain = BradleyTerry.on(scale).fit(comparisons);
    List<String> players = List.copyOf(new TreeSet<>(plain.keySet()));
    double[][] style = standardised(battles);
    int[] kept =
        IntStream.range(0, StyleCounts.NAMES.size())
            .filter(f -> Arrays.stream(style).anyMatch(row -> row[f] != 0))
            .toArray();
    double[][] x = new double[battles.size()][];
    double[] target = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      Battle battle = battles.get(i);
      x[i] = new double[players.size() - 1 + kept.length];
      mark(x[i], players.indexOf(battle.modelA()), 1);
      mark(x[i], players.indexOf(battle.modelB()), -1);
      for (int f = 0; f < kept.length; f++) {
        x[i][players.size() - 1 + f] = style[i][kept[f]];
      }
      target[i] =
          switch (battle.winner()) {
            case FIRST -> 1;
            case SECOND -> 0;
            case TIE -> 0.5;
          };
    }
    double[] w = newton(x, target);
    return new Fit(
        ratings(players, w, scale), coefficients(kept, players.size() - 1, x, target, w));
  }

  /** The first player's strength is 0. */
  private static void mark(double[] row, int player, double sign) {
    if (player > 0) {
      row[player - 1] = sign;
    }
  }

  private static double[][] standardised(List<Battle> battles) {
    int features = StyleCounts.NAMES.size();
    double[][] rows = new double[battles.size()][features];
    for (int i = 0; i < rows.length; i++) {
      Battle battle = battles.get(i);
      if (battle.styleA().isEmpty() || battle.styleB().isEmpty()) {
        throw new IllegalArgumentException(
            "style control needs the style of both answers but battle " + i + " lacks one");
      }
      double[] a = battle.styleA().get().values();
      double[] b = battle.styleB().get().values();
      for (int f = 0; f < features; f++) {
        rows[i][f] = (a[f] - b[f]) / (a[f] + b[f] + 1);
      }
    }
    for (int f = 0; f < features; f++) {
      int feature = f;
      double mean = Arrays.stream(rows).mapToDouble(row -> row[feature]).average().orElse(0);
      double sd =
          Math.sqrt(
              Arrays.stream(rows)
                  .mapToDouble(row -> Math.pow(row[feature] - mean, 2))
                  .average()
                  .orElse(0));
      for (double[] row : rows) {
        row[f] = sd > 0 ? (row[f] - mean) / sd : 0;
      }
    }
    return rows;
  }

  private static double[] newton(double[][] x, double[] target) {
    double[] w = new double[x[0].length];
    double value = loss(x, target, w);
    for (int step = 0; step < STEPS; step++) {
      double[] gradient = gradient(x, target, w);
      if (Arrays.stream(gradient).map(Math::abs).max().orElse(0) <= TOLERANCE * x.length) {
        return w;
      }
      double[] direction = LinearSystem.solve(hessian(x, w), gradient);
      double[] next = w;
      double length = 1;
      for (int halving = 0; halving < HALVINGS && next == w; halving++, length /= 2) {
        double[] tried = w.clone();
        for (int j = 0; j < w.length; j++) {
          tried[j] -= length * direction[j];
        }
        // Next to the optimum rounding decides which of two losses is lower.
        if (loss(x, target, tried) <= value + ROUNDING * value) {
          next = tried;
        }
      }
      if (next == w) {
        return w;
      }
      w = next;
      value = loss(x, target, w);
      if (Arrays.stream(w).anyMatch(v -> Math.abs(v) > MOST)) {
        break;
      }
    }
    throw new IllegalArgumentException(
        "no finite ratings and coefficients exist: style and models together tell every winner;"
            + " give more battles, or ratings without style control");
  }

  private static double loss(double[][] x, double[] target, double[] w) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double z = L1Logistic.dot(x[i], w);
      sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target[i] * z;
    }
    return sum;
  }

  private static double[] gradient(double[][] x, double[] target, double[] w) {
    double[] gradient = new double[w.length];
    for (int i = 0; i < x.length; i++) {
      double residual = L1Logistic.probability(L1Logistic.dot(x[i], w)) - target[i];
      for (int j = 0; j < w.length; j++) {
        gradient[j] += residual * x[i][j];
      }
    }
    return gradient;
  }

  private static double[][] hessian(double[][] x, double[] w) {
    double[] weight = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double p = L1Logistic.probability(L1Logistic.dot(x[i], w));
      weight[i] = p * (1 - p);
    }
    return products(x, weight);
  }

  private static double[][] products(double[][] x, double[] weight) {
    int n = x[0].length;
    double[][] sums = new double[n][n];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n && x[i][j] != 0; k++) {
          sums[j][k] += weight[i] * x[i][j] * x[i][k];
        }
      }
    }
    return sums;
  }

  private static Map<String, Double> ratings(List<String> players, double[] w, RatingScale scale) {
    double[] strength = new double[players.size()];
    System.arraycopy(w, 0, strength, 1, strength.length - 1);
    double mean = Arrays.stream(strength).average().orElse(0);
    Map<String, Double> ranked = new LinkedHashMap<>();
    IntStream.range(0, strength.length)
        .boxed()
        .sorted((i, j) -> Double.compare(strength[j], strength[i]))
        .forEach(
            i ->
                ranked.put(
                    players.get(i),
                    scale.initial()
                        + scale.points() / Math.log(scale.base()) * (strength[i] - mean)));
    return ranked;
  }

  private static Map<String, Estimate> coefficients(
      int[] kept, int from, double[][] x, double[] target, double[] w) {
    double[][] hessian = hessian(x, w);
    double[] squares = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      squares[i] = Math.pow(L1Logistic.probability(L1Logistic.dot(x[i], w)) - target[i], 2);
    }
    double[][] meat = products(x, squares);
    Map<String, Estimate> coefficients = new LinkedHashMap<>();
    for (int f = 0; f < kept.length; f++) {
      double[] unit = new double[w.length];
      unit[from + f] = 1;
      double[] row = LinearSystem.solve(hessian, unit);
      double variance = 0;
      for (int j = 0; j < row.length; j++) {
        variance += row[j] * L1Logistic.dot(meat[j], row);
      }
      double value = w[from + f];
      double error = Math.sqrt(variance);
      coefficients.put(
          StyleCounts.NAMES.get(kept[f]),
          new Estimate(
              value,
              error,
              value - NORMAL_QUANTILE * error,
              value + NORMAL_QUANTILE * error,
              Estimates.DEFAULT_CONFIDENCE,
              x.length,
              x.length,
              0,
              0));
    }
    return coefficients;
  }
}
