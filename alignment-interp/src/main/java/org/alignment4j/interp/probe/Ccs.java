package org.alignment4j.interp.probe;

import java.util.random.RandomGenerator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.MeanEstimator;
import org.alignment4j.interp.regression.BinaryLabels;
import org.alignment4j.interp.regression.Lbfgs;
import org.apiguardian.api.API;

/**
 * Contrast-consistent search (Burns et al. 2022, arXiv 2212.03827): a direction along which a
 * statement and its negation get probabilities that sum to 1, found without labels. Each half is
 * normalised by itself first, so that what tells statements from negations as such is gone. The
 * loss has several minima, so the best of several random starts is taken, and its sign says
 * nothing: {@link #fit} leaves it open, {@link #oriented} sets it by labels.
 *
 * @param starts random starts, at least 1; 10 in the paper
 * @param scaled whether each half is divided by its standard deviations, too
 * @param solver how each minimum is found
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Ccs(int starts, boolean scaled, Lbfgs solver) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no start
   */
  public Ccs {
    if (starts < 1) {
      throw new IllegalArgumentException("starts must be at least 1 but were " + starts);
    }
  }

  /** Ten starts, means removed and deviations kept. */
  public static Ccs defaults() {
    return new Ccs(10, false, new Lbfgs(1000, 1e-7));
  }

  /**
   * A probe whose sign is unknown, and the loss that it reached: near 0 when confident and
   * consistent, 0.25 when it says ½ to everything and so has found nothing.
   */
  public record Result(LinearProbe probe, double loss) {}

  /**
   * Fits.
   *
   * @param name what is detected
   * @param site where the rows come from
   * @param positive {@code [pairs, d]}, the statements said to be true
   * @param negative {@code [pairs, d]}, the same statements said to be false, row for row
   * @param random draws the starts
   * @param cancellation asks to stop at the next step
   * @return scores {@code θ·(x − m) + b} with the middle {@code m} of both halves' means
   * @throws IllegalArgumentException if there are fewer than two pairs, or widths or numbers of
   *     rows differ
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Result fit(
      String name,
      ActivationSite site,
      Rows positive,
      Rows negative,
      RandomGenerator random,
      CancellationToken cancellation) {
    negative.requireWidth(positive.width());
    if (positive.count() < 2 || positive.count() != negative.count()) {
      throw new IllegalArgumentException(
          "pairs must be at least two and have two members but there are "
              + positive.count()
              + " positive and "
              + negative.count()
              + " negative rows");
    }
    int width = positive.width();
    Half above = Half.of(positive, scaled);
    Half below = Half.of(negative, scaled);
    CcsLoss loss = new CcsLoss(above.normalised, below.normalised);
    Lbfgs.Minimum best = minimum(loss, width, random, cancellation);
    for (int s = 1; s < starts; s++) {
      Lbfgs.Minimum found = minimum(loss, width, random, cancellation);
      best = found.value() < best.value() ? found : best;
    }
    return new Result(probe(name, site, best, above, below), best.value());
  }

  private Lbfgs.Minimum minimum(
      CcsLoss loss, int width, RandomGenerator random, CancellationToken cancellation) {
    double[] start = new double[width + 1];
    for (int j = 0; j < width; j++) {
      start[j] = random.nextGaussian() / Math.sqrt(width);
    }
    return solver.minimise(loss, start, cancellation);
  }

  private static LinearProbe probe(
      String name, ActivationSite site, Lbfgs.Minimum minimum, Half above, Half below) {
    int width = above.mean.length;
    double[] weights = new double[width];
    double[] middle = new double[width];
    for (int j = 0; j < width; j++) {
      weights[j] = minimum.point()[j] * 2 / (above.deviation[j] + below.deviation[j]);
      middle[j] = (above.mean[j] + below.mean[j]) / 2;
    }
    LinearScore centred = LinearScore.centred(weights, middle);
    return new LinearProbe(
        name, site, new LinearScore(weights, centred.bias() + minimum.point()[width]));
  }

  /**
   * The probe with the sign that is right for more pairs than its opposite; the first stays at a
   * tie.
   *
   * @param positive {@code [pairs, d]}
   * @param negative {@code [pairs, d]}, row for row
   * @param statementTrue whether the positive member of each pair is the true one
   * @throws IllegalArgumentException if there are not as many labels as pairs, or they are all the
   *     same
   */
  public static LinearProbe oriented(
      LinearProbe probe, Rows positive, Rows negative, boolean[] statementTrue) {
    BinaryLabels.require(positive, statementTrue);
    double[] above = probe.scores(positive);
    double[] below = probe.scores(negative);
    double[] middle = difference(Centre.of(positive), Centre.of(negative));
    double shift = dot(middle, probe.weights());
    int right = 0;
    for (int i = 0; i < above.length; i++) {
      right += (above[i] - below[i] - shift > 0) == statementTrue[i] ? 1 : 0;
    }
    if (2 * right >= above.length) {
      return probe;
    }
    double[] turned = probe.weights();
    for (int j = 0; j < turned.length; j++) {
      turned[j] = -turned[j];
    }
    return LinearProbe.of(probe.name(), probe.site(), turned, -probe.bias());
  }

  private static double[] difference(double[] a, double[] b) {
    double[] out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= b[i];
    }
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** One half of the pairs, by itself around 0. */
  private record Half(Rows normalised, double[] mean, double[] deviation) {

    static Half of(Rows rows, boolean scaled) {
      MeanEstimator estimator = new MeanEstimator(rows.width());
      estimator.update(rows);
      double[] mean = estimator.mean();
      double[] deviation = new double[mean.length];
      for (int j = 0; j < mean.length; j++) {
        double squares = 0;
        for (int i = 0; i < rows.count(); i++) {
          double distance = rows.get(i, j) - mean[j];
          squares += distance * distance;
        }
        deviation[j] = scaled && squares > 0 ? Math.sqrt(squares / rows.count()) : 1;
      }
      float[] data = rows.toArray();
      for (int i = 0; i < data.length; i++) {
        int j = i % mean.length;
        data[i] = (float) ((data[i] - mean[j]) / deviation[j]);
      }
      return new Half(Rows.of(rows.width(), data), mean, deviation);
    }
  }
}
