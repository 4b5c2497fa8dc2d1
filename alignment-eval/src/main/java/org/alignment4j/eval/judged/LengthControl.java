package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.judged.L1Logistic.Rows;
import org.apiguardian.api.API;

/**
 * Win rates as they would be at equal lengths (Dubois et al. 2024, arXiv 2404.04475, section 3): a
 * logistic model of the preference by {@code tanh(Δ/sd(Δ))} of the difference in characters, the
 * difficulty of the instruction, and the model, whose length term is then set to 0. Rows of two
 * baselines that were told to be long and to be short have a tenth of the weight each and no term
 * of the model, so that the length explains them. The penalty is L1, its strength chosen by
 * cross-validation over five folds. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LengthControl {
  private static final int FOLDS = 5;
  private static final double GAMED_WEIGHT = 0.2;
  private static final double PERCENT = 100;
  private static final double EVEN = 50;
  private static final double BAND = 10;
  private static final double BAND_SHARE = 4;

  private LengthControl() {}

  /**
   * A judged item.
   *
   * @param preference probability that the model's output is the better one, in [0, 1]
   * @param lengthDifference characters of the baseline's output less those of the model's
   * @param difficulty of the instruction; 0 for all where it is not known
   */
  public record Item(double preference, double lengthDifference, double difficulty) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the preference is outside [0, 1] or a value not finite
     */
    public Item {
      if (!(preference >= 0 && preference <= 1)) {
        throw new IllegalArgumentException("preference must be in [0, 1] but was " + preference);
      }
      if (!Double.isFinite(lengthDifference) || !Double.isFinite(difficulty)) {
        throw new IllegalArgumentException(
            "lengthDifference and difficulty must be finite but were "
                + lengthDifference
                + " and "
                + difficulty);
      }
    }
  }

  /**
   * What was fitted.
   *
   * @param length coefficient of the length term
   * @param difficulty coefficient of the instruction's difficulty
   * @param model coefficient of the model
   * @param c strength of the data against the penalty
   * @param winRate the length-controlled win rate, in percent
   */
  public record Fit(double length, double difficulty, double model, double c, double winRate) {
    double[] coefficients() {
      return new double[] {length, difficulty, model};
    }
  }

  /** Returns how many items a fit needs. */
  public static int least() {
    return FOLDS;
  }

  /**
   * Fits the model.
   *
   * @param items at least {@link #least()}
   * @param gamed rows of baselines that game lengths; may be empty
   * @throws IllegalArgumentException if there are too few items
   */
  public static Fit fit(List<Item> items, List<GamedBaselines.Item> gamed) {
    Objects.requireNonNull(gamed, "gamed");
    if (items.size() < FOLDS) {
      throw new IllegalArgumentException(
          "length control needs at least " + FOLDS + " items but got " + items.size());
    }
    CrossValidatedL1.Fit fit = CrossValidatedL1.fit(rows(items, gamed), FOLDS);
    return fit(items, fit.coefficients(), fit.c());
  }

  private static Fit fit(List<Item> items, double[] w, double c) {
    double sum = 0;
    for (Item item : items) {
      sum += L1Logistic.probability(w[1] * item.difficulty() + w[2]);
    }
    return new Fit(w[0], w[1], w[2], c, PERCENT * sum / items.size());
  }

  /**
   * Returns the win rate with an interval over items; the gamed rows and the chosen strength of the
   * penalty stay as they are.
   *
   * @param items at least {@link #least()}
   * @param gamed rows of baselines that game lengths; may be empty
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException if there are too few items
   */
  public static Bootstrap.Result winRate(
      List<Item> items, List<GamedBaselines.Item> gamed, Bootstrap bootstrap) {
    Fit whole = fit(items, gamed);
    int[] all = IntStream.range(0, items.size()).toArray();
    return bootstrap.of(
        all.length,
        at -> {
          List<Item> drawn = new ArrayList<>(at.length);
          for (int i : at) {
            drawn.add(items.get(i));
          }
          double[] w = L1Logistic.fit(rows(drawn, gamed), whole.c(), whole.coefficients());
          return fit(drawn, w, whole.c()).winRate();
        });
  }

  /** Gamed rows first, as the reference has them, which decides their folds. */
  private static Rows rows(List<Item> items, List<GamedBaselines.Item> gamed) {
    double sd = deviation(items);
    int n = gamed.size() + items.size();
    double[][] x = new double[n][];
    double[] target = new double[n];
    double[] weight = new double[n];
    for (int i = 0; i < n; i++) {
      if (i < gamed.size()) {
        GamedBaselines.Item item = gamed.get(i);
        x[i] = new double[] {Math.tanh(item.lengthDifference()), item.difficulty(), 0};
        target[i] = item.preference();
        weight[i] = GAMED_WEIGHT / 2;
      } else {
        Item item = items.get(i - gamed.size());
        double length = sd > 0 ? Math.tanh(item.lengthDifference() / sd) : 0;
        x[i] = new double[] {length, item.difficulty(), 1};
        target[i] = item.preference();
        weight[i] = 1;
      }
    }
    return new Rows(x, target, weight);
  }

  /** The deviation with n − 1. */
  private static double deviation(List<Item> items) {
    double mean = items.stream().mapToDouble(Item::lengthDifference).average().orElse(0);
    double squares =
        items.stream().mapToDouble(i -> Math.pow(i.lengthDifference() - mean, 2)).sum();
    return items.size() < 2 ? 0 : Math.sqrt(squares / (items.size() - 1));
  }

  /**
   * Whether length control changes a win rate so much that the model may have failed: beyond a
   * quarter of the way, and ten points, towards 0 or 100.
   *
   * @param winRate as judged, in percent
   * @param controlled at equal lengths, in percent
   */
  public static boolean unusual(double winRate, double controlled) {
    double low = Math.min(winRate - winRate / BAND_SHARE, winRate - BAND);
    double high = Math.max(winRate + (PERCENT - winRate) / BAND_SHARE, winRate + BAND);
    return controlled < low || controlled > high;
  }

  /** What a model scores against itself, by construction. */
  static double ofBaselineItself() {
    return EVEN;
  }
}
