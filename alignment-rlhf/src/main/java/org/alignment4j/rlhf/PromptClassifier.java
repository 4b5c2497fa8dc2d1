package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Logistic regression that tells the prompts of desirable answers from those of undesirable ones:
 * the minimum of {@code ½‖w‖² + Σ_i s_i·softplus(−y_i·(w·x_i + b))} with the weights {@code s_i =
 * n/(2·n_y)}, under which both kinds count the same however many there are (scikit-learn's {@code
 * LogisticRegression(class_weight="balanced")} with C of 1). By Newton's method with conjugate
 * gradients, in double.
 *
 * @param weights w, {@code [d]}
 * @param intercept b
 */
record PromptClassifier(double[] weights, double intercept) {

  private static final int MOST_STEPS = 200;

  /** Newton decrement a sample at which the minimum is reached up to rounding. */
  private static final double REACHED = 1e-22;

  /**
   * Fits the classifier.
   *
   * @param desirable embeddings of prompts, at least one, {@code [d]} each
   * @param undesirable the same of the other kind
   * @throws IllegalStateException when it does not converge
   */
  static PromptClassifier fit(List<double[]> desirable, List<double[]> undesirable) {
    // The intercept is not penalised: where the samples lie changes nothing but the rounding.
    double[] centre = new double[desirable.get(0).length];
    int count = desirable.size() + undesirable.size();
    Stream.concat(desirable.stream(), undesirable.stream())
        .forEach(x -> Arrays.setAll(centre, i -> centre[i] + x[i] / count));
    PromptClassifier centred = centred(from(desirable, centre), from(undesirable, centre));
    return new PromptClassifier(
        centred.weights(), centred.intercept() - dot(centred.weights(), centre));
  }

  private static List<double[]> from(List<double[]> all, double[] centre) {
    return all.stream().map(x -> moved(x, centre, -1)).toList();
  }

  private static PromptClassifier centred(List<double[]> desirable, List<double[]> undesirable) {
    Samples samples = new Samples(desirable, undesirable);
    double[] theta = new double[samples.width() + 1];
    double value = samples.value(theta);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] gradient = samples.gradient(theta);
      double[] move = samples.newtonMove(theta, gradient);
      double slope = dot(gradient, move);
      double[] next = moved(theta, move, 1);
      if (-slope <= REACHED * samples.count()) {
        return of(next);
      }
      double reached = samples.value(next);
      // So near the minimum full steps converge, while rounding hides the descent of the value.
      boolean near = -slope <= 1e-10 * value;
      for (double size = 0.5; !near && reached > value + 1e-4 * size * slope; size /= 2) {
        next = moved(theta, move, size);
        reached = samples.value(next);
      }
      theta = next;
      value = reached;
    }
    throw new IllegalStateException(
        ("the classifier of prompts did not converge in %s steps over %s prompts of %s numbers each;"
                + " divide the embeddings by their spread, or use the states of the reference")
            .formatted(MOST_STEPS, samples.count(), samples.width()));
  }

  private static PromptClassifier of(double[] theta) {
    int width = theta.length - 1;
    return new PromptClassifier(Arrays.copyOf(theta, width), theta[width]);
  }

  /** {@code log p/(1 − p)} of the probability p that a prompt is one of desirable answers. */
  double logOdds(double[] embedding) {
    double sum = intercept;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * embedding[i];
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** {@code a + size·b}. */
  private static double[] moved(double[] a, double[] b, double size) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += size * b[i];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  /** The function that is minimised over {@code θ = (w, b)}. */
  private record Samples(List<double[]> desirable, List<double[]> undesirable) {

    int count() {
      return desirable.size() + undesirable.size();
    }

    int width() {
      return desirable.get(0).length;
    }

    private boolean good(int i) {
      return i < desirable.size();
    }

    private double[] at(int i) {
      return good(i) ? desirable.get(i) : undesirable.get(i - desirable.size());
    }

    private double weight(int i) {
      return count() / (2.0 * (good(i) ? desirable.size() : undesirable.size()));
    }

    private double score(double[] theta, double[] x) {
      double sum = theta[x.length];
      for (int i = 0; i < x.length; i++) {
        sum += theta[i] * x[i];
      }
      return sum;
    }

    double value(double[] theta) {
      double sum = 0;
      for (int i = 0; i < count(); i++) {
        double miss = (good(i) ? -1 : 1) * score(theta, at(i));
        sum += weight(i) * (Math.max(miss, 0) + Math.log1p(Math.exp(-Math.abs(miss))));
      }
      return sum + (dot(theta, theta) - theta[width()] * theta[width()]) / 2;
    }

    /** {@code (w, 0)} and a multiple of each sample added. */
    private double[] withSamples(double[] theta, double[] multiples) {
      double[] sum = theta.clone();
      sum[width()] = 0;
      for (int i = 0; i < multiples.length; i++) {
        double[] x = at(i);
        for (int j = 0; j < x.length; j++) {
          sum[j] += multiples[i] * x[j];
        }
        sum[width()] += multiples[i];
      }
      return sum;
    }

    double[] gradient(double[] theta) {
      double[] pulls = new double[count()];
      for (int i = 0; i < pulls.length; i++) {
        double score = score(theta, at(i));
        pulls[i] = good(i) ? -weight(i) * sigmoid(-score) : weight(i) * sigmoid(score);
      }
      return withSamples(theta, pulls);
    }

    /**
     * Solves {@code H·move = −gradient} by conjugate gradients, as far as Newton's method needs.
     */
    double[] newtonMove(double[] theta, double[] gradient) {
      double[] curvatures = new double[count()];
      for (int i = 0; i < curvatures.length; i++) {
        double p = sigmoid(score(theta, at(i)));
        curvatures[i] = weight(i) * p * (1 - p);
      }
      double norm = Math.sqrt(dot(gradient, gradient));
      double enough = Math.min(0.1, norm) * norm;
      double[] move = new double[theta.length];
      double[] rest = moved(move, gradient, -1);
      double[] direction = rest;
      double square = dot(rest, rest);
      for (int i = 0; i < 2 * theta.length && Math.sqrt(square) > enough; i++) {
        double[] bent = new double[curvatures.length];
        for (int s = 0; s < bent.length; s++) {
          bent[s] = curvatures[s] * score(direction, at(s));
        }
        double[] curved = withSamples(direction, bent);
        double length = square / dot(direction, curved);
        move = moved(move, direction, length);
        rest = moved(rest, curved, -length);
        double next = dot(rest, rest);
        direction = moved(rest, direction, next / square);
        square = next;
      }
      return move;
    }
  }
}
