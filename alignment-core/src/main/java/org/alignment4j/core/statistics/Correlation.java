package org.alignment4j.core.statistics;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;
import org.hipparchus.stat.correlation.KendallsCorrelation;

/**
 * How two scores of the same items go together, in [−1, 1].
 *
 * <p>The interval without a bootstrap is Fisher's: {@code tanh(artanh(r) ± z·s)} for independent
 * items, with the deviation s of artanh(r) as each coefficient says; the standard error is {@code
 * (1 − r²)·s}. Where s is unknown, both are NaN.
 *
 * <p>Where r is −1 or 1 but for rounding, artanh(r) has no bound. Items of a joint normal
 * distribution lie on a line only if all of them do, so Pearson's interval is that end alone, as
 * Fisher's is in the limit. A few items may well be in order by chance, so the interval of the rank
 * coefficients reaches from that end to where Fisher's begins for the coefficient next to it, of
 * one exchange of neighbours; their standard error is that one's.
 *
 * <p>The bootstrap also serves items that are no sample of a normal distribution. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum Correlation {
  /**
   * Pearson's product-moment coefficient, for linear relations; {@code s = 1/√(n−3)} (Fisher 1921),
   * for scores that are jointly normal.
   */
  PEARSON {
    @Override
    double coefficient(double[] x, double[] y) {
      double meanX = Moments.mean(x);
      double meanY = Moments.mean(y);
      // Scaled so that neither squares nor products leave the range of a double.
      double scaleX = largest(x, meanX);
      double scaleY = largest(y, meanY);
      double products = 0;
      double squaresX = 0;
      double squaresY = 0;
      for (int i = 0; i < x.length; i++) {
        double dx = (x[i] - meanX) / scaleX;
        double dy = (y[i] - meanY) / scaleY;
        products += dx * dy;
        squaresX += dx * dx;
        squaresY += dy * dy;
      }
      return products / Math.sqrt(squaresX * squaresY);
    }

    @Override
    double deviation(double r, int n) {
      return n > 3 ? 1 / Math.sqrt(n - 3) : Double.NaN;
    }

    @Override
    double nextToOne(int n) {
      return 1;
    }
  },

  /**
   * Spearman's coefficient, Pearson's of the mid-ranks, for monotone relations; {@code s = √((1 +
   * r²/2)/(n−3))} (Bonett and Wright 2000).
   */
  SPEARMAN {
    @Override
    double coefficient(double[] x, double[] y) {
      return PEARSON.coefficient(Ranks.of(x), Ranks.of(y));
    }

    @Override
    double deviation(double r, int n) {
      return n > 3 ? Math.sqrt((1 + r * r / 2) / (n - 3)) : Double.NaN;
    }

    @Override
    double nextToOne(int n) {
      return 1 - 12 / (n * (n * (double) n - 1));
    }
  },

  /**
   * Kendall's τ-b (Kendall 1945), the surplus of concordant over discordant pairs of items with
   * ties allowed for; {@code s = √(0.437/(n−4))} (Fieller, Hartley and Pearson 1957).
   */
  KENDALL_B {
    @Override
    double coefficient(double[] x, double[] y) {
      return new KendallsCorrelation().correlation(unsigned(x), unsigned(y));
    }

    @Override
    double deviation(double r, int n) {
      return n > 4 ? Math.sqrt(0.437 / (n - 4)) : Double.NaN;
    }

    @Override
    double nextToOne(int n) {
      return 1 - 4 / (n * (n - 1.0));
    }
  };

  /** The coefficient of scores of which neither is constant. */
  abstract double coefficient(double[] x, double[] y);

  /** Standard deviation of the coefficient's inverse hyperbolic tangent; NaN where unknown. */
  abstract double deviation(double r, int n);

  /** The largest coefficient below 1 of n items without ties; 1 where every number below 1 is. */
  abstract double nextToOne(int n);

  /**
   * Returns the coefficient with Fisher's interval.
   *
   * @param x scores by item
   * @param y other scores of the same items
   * @param confidence level in (0, 1)
   * @return NaN with {@code n = 0} of nothing
   * @throws IllegalArgumentException if the lengths differ, a score is not finite, the level is
   *     outside (0, 1), or all x or all y are equal, where no coefficient is defined
   */
  public Estimate of(double[] x, double[] y, double confidence) {
    return fisher(x, y, x.length, confidence);
  }

  /**
   * Returns the coefficient with Fisher's interval for items that depend on each other within
   * clusters, such as answers to one prompt: the items of a cluster are taken to tell no more than
   * one of them would, so s counts clusters. That is at least as wide as need be where x and y go
   * together within clusters as between them; the {@linkplain #of(double[], double[], int[],
   * Bootstrap) bootstrap} measures the dependence instead.
   *
   * @param x scores by item
   * @param y other scores of the same items
   * @param clusters the cluster of each item, any numbers
   * @param confidence level in (0, 1)
   * @return NaN with {@code n = 0} of nothing
   * @throws IllegalArgumentException if the lengths differ, a score is not finite, the level is
   *     outside (0, 1), or all x or all y are equal, where no coefficient is defined
   */
  public Estimate clustered(double[] x, double[] y, int[] clusters, double confidence) {
    Checks.requireSameLength("x", x.length, "clusters", clusters.length);
    return fisher(x, y, (int) Arrays.stream(clusters).distinct().count(), confidence);
  }

  private Estimate fisher(double[] x, double[] y, int clusters, double confidence) {
    check(x, y);
    Checks.requireConfidence(confidence);
    if (x.length == 0) {
      return Estimates.nothing(confidence);
    }
    double r = bounded(x, y);
    boolean perfect = 1 - Math.abs(r) <= 4 * x.length * Math.ulp(1.0);
    double exact = perfect ? Math.signum(r) : r;
    double about = perfect ? exact * nextToOne(clusters) : exact;
    double s = deviation(about, clusters);
    double half = Estimates.normalQuantile(confidence) * s;
    double z = artanh(about);
    // Ends are compared with the coefficient because of rounding, and where it is perfect.
    double low = exact == -1 ? -1 : Math.min(exact, Math.tanh(z - half));
    double high = exact == 1 ? 1 : Math.max(exact, Math.tanh(z + half));
    return new Estimate(
        exact,
        (1 - about * about) * s,
        Double.isNaN(s) ? s : low,
        Double.isNaN(s) ? s : high,
        confidence,
        x.length,
        clusters,
        0,
        0);
  }

  /** Returns the {@linkplain #of(double[], double[], double) coefficient} at level 0.95. */
  public Estimate of(double[] x, double[] y) {
    return of(x, y, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the coefficient with a bootstrap interval over independent items.
   *
   * @return resamples in which all x or all y are equal are undefined
   * @throws IllegalArgumentException if the lengths differ, a score is not finite, or all x or all
   *     y are equal, where no coefficient is defined
   */
  public Bootstrap.Result of(double[] x, double[] y, Bootstrap bootstrap) {
    check(x, y);
    return bootstrap.of(
        x.length, items -> resampled(Selection.of(x, items), Selection.of(y, items)));
  }

  /**
   * Returns the coefficient with a bootstrap interval over whole clusters of items.
   *
   * @param clusters the cluster of each item, any numbers
   * @throws IllegalArgumentException as {@link #of(double[], double[], Bootstrap)}
   */
  public Bootstrap.Result of(double[] x, double[] y, int[] clusters, Bootstrap bootstrap) {
    check(x, y);
    Checks.requireSameLength("x", x.length, "clusters", clusters.length);
    return bootstrap.of(
        clusters, items -> resampled(Selection.of(x, items), Selection.of(y, items)));
  }

  private double resampled(double[] x, double[] y) {
    return constant(x) || constant(y) ? Double.NaN : bounded(x, y);
  }

  private double bounded(double[] x, double[] y) {
    return Math.max(-1, Math.min(1, coefficient(x, y)));
  }

  private static void check(double[] x, double[] y) {
    Checks.requireFinite("x", x);
    Checks.requireFinite("y", y);
    Checks.requireSameLength("x", x.length, "y", y.length);
    requireVaried("x", x);
    requireVaried("y", y);
  }

  private static void requireVaried(String name, double[] values) {
    if (values.length > 0 && constant(values)) {
      throw new IllegalArgumentException(
          name
              + " must not be constant but all "
              + values.length
              + " scores are "
              + values[0]
              + ": no correlation is defined");
    }
  }

  private static boolean constant(double[] values) {
    return Arrays.stream(values).allMatch(v -> v == values[0]);
  }

  private static double largest(double[] values, double mean) {
    return Arrays.stream(values).map(v -> Math.abs(v - mean)).max().orElse(Double.NaN);
  }

  /** The values with negative zero as zero, which sorting by {@link Double#compare} parts. */
  private static double[] unsigned(double[] values) {
    return Arrays.stream(values).map(v -> v + 0.0).toArray();
  }

  private static double artanh(double r) {
    return (Math.log1p(r) - Math.log1p(-r)) / 2;
  }
}
